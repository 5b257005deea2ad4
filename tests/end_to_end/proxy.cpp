// SPDX-License-Identifier: Apache-2.0
#include "proxy.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <stdexcept>

#include "cluster.hpp"

namespace headwind::end_to_end {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

bool counts(const net::ServerRequest& request) {
  if (request.method == "GET" || contains(request.query, "dryRun=")) return false;
  for (const char* uncounted : {"/events", "accessreviews", "tokenreviews", "/configmaps/headwind-state"})
    if (contains(request.path, uncounted)) return false;
  return !contains(request.body, "\"headwind-state\"");
}

net::ServerResponse bad_gateway(const Error& error) { return {502, {}, error.message, {}}; }

net::Headers end_to_end_headers(const net::Headers& headers) {
  net::Headers kept;
  for (const char* name : {"Authorization", "Content-Type", "Accept", "User-Agent", "Retry-After"})
    if (const auto value = net::find_header(headers, name); !value.empty()) kept.push_back({name, std::string(value)});
  return kept;
}

}  // namespace

// What a watch brought and its reader has not taken yet.
struct Proxy::Feed {
  explicit Feed(const Executor& executor) : news(executor) { news.expires_at(Never); }
  static constexpr auto Never = boost::asio::steady_timer::time_point::max();
  void tell() { news.cancel(); }

  std::deque<std::string> pieces;
  bool ended = false, abandoned = false;
  net::Response refusal;  // status 0: none
  boost::asio::steady_timer news;
};

Proxy::Proxy() : client_(loop_.executor(), {.user_agent = "proxy", .connections_per_host = 4096}) {
  auto tls = std::make_shared<net::TlsSettings>();
  tls->ca_pem = plane().ca_pem();
  tls_ = std::move(tls);
  net::ServerOptions options;
  options.address = "127.0.0.1";
  auto listening = net::Server::listen(loop_.executor(), options,
                                       [this](net::ServerRequest request) { return answer(std::move(request)); });
  if (!listening) throw std::runtime_error(listening.error().message);
  server_ = std::move(*listening);
}

Proxy::~Proxy() {
  loop_.run([](Proxy& self) -> Task<> {
    self.client_.shut_down();
    co_await self.server_->drain(std::chrono::milliseconds(100));
  }(*this));
  loop_.stop();
}

std::string Proxy::url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

void Proxy::arm(std::size_t n, Moment moment, std::function<void()> strike) {
  const std::lock_guard lock(mutex_);
  writes_.clear();
  at_ = n;
  path_.clear();
  moment_ = moment;
  strike_ = std::move(strike);
  struck_ = false;
}

void Proxy::arm_at(const std::string& path, Moment moment, std::function<void()> strike) {
  arm(0, moment, std::move(strike));
  const std::lock_guard lock(mutex_);
  path_ = path;
}

bool Proxy::struck() const {
  const std::lock_guard lock(mutex_);
  return struck_;
}

std::vector<std::string> Proxy::writes() const {
  const std::lock_guard lock(mutex_);
  return writes_;
}

bool Proxy::is_turn(Moment moment, std::size_t number, const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (struck_ || moment != moment_ || (number != at_ && path != path_)) return false;
  struck_ = true;
  strike_();
  return true;
}

Task<net::ServerResponse> Proxy::answer(net::ServerRequest request) {
  net::Request onward;
  onward.method = request.method;
  onward.url = plane().url() + request.path + (request.query.empty() ? "" : "?" + request.query);
  onward.headers = end_to_end_headers(request.headers);
  onward.body = request.body;
  onward.tls = tls_;
  if (request.method == "GET" && contains(request.query, "watch=")) co_return co_await watch(std::move(onward));
  if (!counts(request)) co_return co_await pass_on(std::move(onward));

  std::size_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    writes_.push_back(request.method + " " + request.path);
    number = writes_.size();
  }
  if (is_turn(Moment::before, number, request.path)) co_return bad_gateway(make_error(Code::unavailable, "struck"));
  net::ServerResponse response = co_await pass_on(std::move(onward));
  is_turn(Moment::after, number, request.path);
  co_return response;
}

Task<net::ServerResponse> Proxy::pass_on(net::Request request) {
  const Result<net::Response> answered = co_await client_.send(std::move(request));
  if (!answered) co_return bad_gateway(answered.error());
  co_return net::ServerResponse{answered->status, end_to_end_headers(answered->headers), answered->body, {}};
}

Task<> Proxy::follow(net::Request request, std::shared_ptr<Feed> feed) {
  const auto take = [feed](std::string_view piece) {
    feed->pieces.emplace_back(piece);
    feed->tell();
    return !feed->abandoned;
  };
  const Result<net::Response> ended = co_await client_.stream(std::move(request), take, std::chrono::minutes(10));
  if (ended && ended->status / 100 != 2) feed->refusal = *ended;
  feed->ended = true;
  feed->tell();
}

Task<net::ServerResponse> Proxy::watch(net::Request request) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  const auto feed = std::make_shared<Feed>(executor);
  spawn(executor, "watch", follow(std::move(request), feed));
  // A refusal comes at once; the head of a quiet watch is not told to us at all.
  boost::system::error_code ignored;
  feed->news.expires_after(std::chrono::milliseconds(300));
  co_await feed->news.async_wait(redirect_error(use_awaitable, ignored));
  feed->news.expires_at(Feed::Never);
  if (feed->refusal.status != 0)
    co_return net::ServerResponse{
        feed->refusal.status, end_to_end_headers(feed->refusal.headers), feed->refusal.body, {}};
  net::ServerResponse response;
  response.headers = {{"Content-Type", "application/json"}};
  // Held by the answer alone: once it is gone, the watch upstream ends with its next event.
  const std::shared_ptr<void> reader(nullptr, [feed](void*) { feed->abandoned = true; });
  response.next_piece = [feed, reader]() -> Task<std::string> {
    boost::system::error_code woken;
    while (feed->pieces.empty() && !feed->ended) {
      co_await feed->news.async_wait(redirect_error(use_awaitable, woken));
      if ((co_await boost::asio::this_coro::cancellation_state).cancelled() != boost::asio::cancellation_type::none)
        co_return std::string();
    }
    if (feed->pieces.empty()) co_return std::string();
    std::string piece = std::move(feed->pieces.front());
    feed->pieces.pop_front();
    co_return piece;
  };
  co_return response;
}

}  // namespace headwind::end_to_end
