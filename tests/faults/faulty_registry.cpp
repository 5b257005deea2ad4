// SPDX-License-Identifier: Apache-2.0
#include "faulty_registry.hpp"

#include <boost/asio/ssl/stream.hpp>

#include "core/hash.hpp"

namespace headwind::faults {
namespace asio = boost::asio;

using Failure = boost::system::error_code;

namespace {

asio::ssl::context server_context(const net::test::Authority& authority, const std::string& names) {
  const net::test::Identity identity = authority.issue("registry", names);
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.use_certificate_chain(asio::buffer(identity.certificate_pem));
  context.use_private_key(asio::buffer(identity.key_pem), asio::ssl::context::pem);
  return context;
}

}  // namespace

std::string Answer::text() const {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// A connection, with TLS or without.
struct FaultyRegistry::Line {
  explicit Line(Tcp::socket from) : socket(std::move(from)) {}
  Tcp::socket socket;
  std::unique_ptr<asio::ssl::stream<Tcp::socket&>> tls;

  Task<bool> say(std::string bytes) {
    Failure gone;
    if (tls) {
      co_await asio::async_write(*tls, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, gone));
    } else {
      co_await asio::async_write(socket, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, gone));
    }
    co_return !gone;
  }
  Task<std::string> hear_head() {
    std::string bytes;
    Failure gone;
    auto into = asio::dynamic_buffer(bytes, 64U << 10U);
    if (tls) {
      co_await asio::async_read_until(*tls, into, "\r\n\r\n", asio::redirect_error(asio::use_awaitable, gone));
    } else {
      co_await asio::async_read_until(socket, into, "\r\n\r\n", asio::redirect_error(asio::use_awaitable, gone));
    }
    co_return gone ? std::string() : bytes;
  }
  // Until the other end has gone.
  Task<> wait_for_end() {
    Failure end;
    while (!end) {
      char piece[4096];
      co_await socket.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, end));
    }
  }
};

FaultyRegistry::FaultyRegistry(asio::io_context& io, const net::test::Authority& authority, bool tls)
    : io_(io),
      tls_(tls),
      place_(asio::ip::address_v4::loopback(), 0),
      acceptor_(std::make_unique<Tcp::acceptor>(io, place_)),
      good_(server_context(authority, "IP:127.0.0.1,DNS:elsewhere.example,DNS:registry.example")),
      stranger_(server_context(net::test::Authority("A stranger"), "IP:127.0.0.1")),
      other_name_(server_context(authority, "DNS:other.example")) {
  place_ = acceptor_->local_endpoint();
  spawn(io_.get_executor(), "faulty registry", accept());
}

FaultyRegistry::~FaultyRegistry() {
  shut();
  do {
    drop_all();
    io_.restart();
    io_.poll();
  } while (!lines_.empty());
}

std::string FaultyRegistry::host() const { return "127.0.0.1:" + std::to_string(place_.port()); }
std::string FaultyRegistry::endpoint() const { return (tls_ ? "https://" : "http://") + host(); }

void FaultyRegistry::want_certificates(const net::test::Authority& authority) {
  good_.add_certificate_authority(asio::buffer(authority.certificate_pem()));
  good_.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
}

void FaultyRegistry::shut() {
  if (acceptor_) acceptor_->close();
  acceptor_ = nullptr;
}

void FaultyRegistry::drop_all() {
  for (Line* line : lines_) line->socket.close();
}

void FaultyRegistry::play(const Play* fault) {
  fault_ = fault;
  played = 0;
  door_ = Door::open;
  if (!acceptor_) {
    acceptor_ = std::make_unique<Tcp::acceptor>(io_, place_);
    spawn(io_.get_executor(), "faulty registry", accept());
  }
  if (fault == nullptr || fault->door == Door::open) return;
  if (fault->spot != first_page && fault->spot != head) return;  // the answer before that request shuts the door
  ++played;
  drop_all();
  door_ = fault->door;
  if (door_ == Door::shut) shut();
}

Task<> FaultyRegistry::accept() {
  Tcp::acceptor* const mine = acceptor_.get();
  for (;;) {
    Tcp::socket socket(io_);
    Failure closed;
    co_await mine->async_accept(socket, asio::redirect_error(asio::use_awaitable, closed));
    if (closed) co_return;
    spawn(io_.get_executor(), "faulty connection", receive(std::move(socket)));
  }
}

Task<> FaultyRegistry::receive(Tcp::socket socket) {
  Line line(std::move(socket));
  lines_.insert(&line);
  struct Gone {
    std::set<Line*>& lines;
    Line* line;
    ~Gone() { lines.erase(line); }
  } const gone{lines_, &line};
  line.socket.set_option(Tcp::no_delay(true));
  if (door_ == Door::garbage) {
    co_await line.say("\x15\x03\x01 this is no TLS server\r\n\r\n");
    co_return;
  }
  if (tls_) {
    asio::ssl::context& context = door_ == Door::stranger ? stranger_ : door_ == Door::other_name ? other_name_ : good_;
    line.tls = std::make_unique<asio::ssl::stream<Tcp::socket&>>(line.socket, context);
    Failure refused;
    co_await line.tls->async_handshake(asio::ssl::stream_base::server,
                                       asio::redirect_error(asio::use_awaitable, refused));
    if (refused) co_return;
  }
  co_await serve(line);
}

// The request that a client makes once it has the answer to this one.
Spot FaultyRegistry::next_of(Spot spot) const {
  if (spot == first_page) return later_page;
  return spot == head && !takes_head ? get : spot;
}

Task<> FaultyRegistry::serve(Line& line) {
  for (;;) {
    const std::string request = co_await line.hear_head();
    if (request.empty()) co_return;
    heads.push_back(request);
    const Spot spot = spot_of(request);
    Answer good = answer(request, spot);
    const bool unauthorized = good.status == 401;
    if (fault_ != nullptr && fault_->door != Door::open) {
      const bool next = unauthorized ? fault_->spot == token : next_of(spot) == fault_->spot && spot != fault_->spot;
      if (next) {
        ++played;
        door_ = fault_->door;
        if (door_ == Door::shut) shut();
        good.headers += "Connection: close\r\n";
        co_await line.say(good.text());
        co_return;
      }
    } else if (fault_ != nullptr && spot == fault_->spot && !unauthorized) {
      ++played;
      co_await spoil(line, good);
      if (fault_ == nullptr || fault_->then != Then::serve) co_return;
      continue;
    }
    if (!co_await line.say(good.text())) co_return;
  }
}

Task<> FaultyRegistry::spoil(Line& line, const Answer& good) {
  const std::string bytes = fault_->bytes ? fault_->bytes(good) : std::string();
  const Then then = fault_->then;
  const std::string more = fault_->more;
  if (then == Then::drip) {
    for (const char byte : bytes) {
      co_await line.say(std::string(1, byte));
      co_await sleep_for(std::chrono::milliseconds(1));
    }
    co_return;
  }
  bool there = co_await line.say(bytes);
  if (then == Then::repeat) {
    while (there) there = co_await line.say(more);
  } else if (then == Then::stall) {
    co_await line.wait_for_end();
  } else if (then == Then::reset) {
    line.socket.set_option(asio::socket_base::linger(true, 0));
    line.socket.close();
  }
}

Spot FaultyRegistry::spot_of(const std::string& request) const {
  const std::string line = request.substr(0, request.find("\r\n"));
  if (line.starts_with("GET /token?")) return token;
  if (line.starts_with("HEAD ")) return head;
  if (line.find("/manifests/") != std::string::npos) return get;
  return line.find("last=") == std::string::npos ? first_page : later_page;
}

Answer FaultyRegistry::answer(const std::string& request, Spot spot) const {
  const std::string now = "token-" + std::to_string(serial_);
  if (spot == token) {
    const std::string basic = "Authorization: Basic " + base64_encode("ci:" + std::string(password)) + "\r\n";
    if (request.find(basic) == std::string::npos) return {401, "", ""};
    return {200, "Content-Type: application/json\r\n", R"({"token":")" + now + R"(","expires_in":3600})"};
  }
  if (!takes_anybody && request.find("Authorization: Bearer " + now + "\r\n") == std::string::npos)
    return {401, "WWW-Authenticate: Bearer realm=\"" + endpoint() + "/token\",service=\"test\"\r\n", ""};
  switch (spot) {
    case first_page:
      return {200, "Link: </v2/org/app/tags/list?n=1000&last=1.0.0>; rel=\"next\"\r\n", R"({"tags":["1.0.0"]})"};
    case later_page: return {200, "", R"({"tags":["1.1.0"]})"};
    case head:
      if (!takes_head) return {405, "", ""};
      return {200, "Docker-Content-Digest: sha256:" + sha256_hex(manifest) + "\r\n", ""};
    default: return {200, "Docker-Content-Digest: sha256:" + sha256_hex(manifest) + "\r\n", manifest};
  }
}

}  // namespace headwind::faults
