// SPDX-License-Identifier: Apache-2.0
#include "plugins_registries/clouds.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "net/certificates.hpp"
#include "net/little_proxy.hpp"
#include "net/server.hpp"

namespace headwind::test {
namespace {

namespace asio = boost::asio;

const std::string digest = "sha256:" + std::string(64, 'a');

std::string base64url(const std::string& text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  out.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                                      reinterpret_cast<const unsigned char*>(text.data()),
                                                      static_cast<int>(text.size()))));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  out.erase(std::find(out.begin(), out.end(), '='), out.end());
  return out;
}

Answered registry(const Asked& asked, const std::string& realm, const std::string& token) {
  if (!asked.authorization.starts_with("Bearer " + token))
    return {401, "", {{"WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"" + asked.host + "\""}}};
  if (asked.path.ends_with("/tags/list"))
    return {200, R"({"name":"x","tags":["1.2.3","1.2.4"]})", {{"Content-Type", "application/json"}}};
  return {200,
          asked.method == "HEAD" ? "" : "{}",
          {{"Docker-Content-Digest", digest}, {"Content-Type", "application/vnd.oci.image.manifest.v1+json"}}};
}

Answered google(const Asked& asked, int number) {
  if (asked.path != "/v2/token") return registry(asked, "https://" + asked.host + "/v2/token", "gar.");
  if (!asked.authorization.starts_with("Basic ")) return {401};
  return {200, R"({"token":"gar.)" + std::to_string(number) + R"(","expires_in":3600})"};
}

Answered azure(const Asked& asked, int number) {
  if (asked.path == "/oauth2/exchange") {
    if (asked.body.find("access_token=aad.") == std::string::npos) return {401};
    return {200, R"({"refresh_token":")" +
                     jwt(R"({"iat":1700000000,"exp":1700010800,"n":)" + std::to_string(number) + "}") + "\"}"};
  }
  if (asked.path != "/oauth2/token") return registry(asked, "https://" + asked.host + "/oauth2/token", "acr.");
  if (asked.body.find("refresh_token=ey") == std::string::npos) return {401};
  return {200, R"({"access_token":"acr.)" + std::to_string(number) + "\"}"};
}

Answered metadata_of_google(const Asked& asked, int number) {
  if (asked.flavor != "Google") return {403};
  return {200,
          R"({"access_token":"ya29.)" + std::to_string(number) + R"(","expires_in":3599,"token_type":"Bearer"})",
          {{"Metadata-Flavor", "Google"}, {"Content-Type", "application/json"}}};
}

Answered metadata_of_azure(const Asked& asked, int number) {
  if (asked.flavor != "true") return {400, R"({"error":"invalid_request"})"};
  return {200, R"({"access_token":"aad.)" + std::to_string(number) +
                   R"(","expires_in":"86399","expires_on":"1700086399","token_type":"Bearer"})"};
}

Answered documented(const Asked& asked, int number) {
  if (asked.path.starts_with("/computeMetadata/")) return metadata_of_google(asked, number);
  if (asked.path.starts_with("/metadata/identity/")) return metadata_of_azure(asked, number);
  if (asked.host.starts_with("login.microsoftonline."))
    return {200, R"({"token_type":"Bearer","expires_in":3599,"access_token":"aad.)" + std::to_string(number) + "\"}"};
  if (asked.host.find(".azurecr.") != std::string::npos) return azure(asked, number);
  if (asked.host.ends_with("gcr.io") || asked.host.ends_with(".pkg.dev")) return google(asked, number);
  return {200, R"({"token":"stolen","access_token":"stolen","tags":[]})", {{"Content-Type", "application/json"}}};
}

}  // namespace

std::string jwt(const std::string& claims) { return base64url(R"({"alg":"none"})") + "." + base64url(claims) + ".sig"; }

struct Clouds::Impl {
  Impl() {
    directory = std::filesystem::temp_directory_path() / ("clouds-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory);
    const net::test::Identity identity =
        authority.issue("a server",
                        "DNS:gcr.io,DNS:eu.gcr.io,DNS:us-docker.pkg.dev,DNS:team.azurecr.io,DNS:other.azurecr.io,"
                        "DNS:login.microsoftonline.com,DNS:evil.test,DNS:us-docker.pkg.dev.evil.test");
    net::ServerOptions secure{.address = "127.0.0.1"}, plain{.address = "127.0.0.1"};
    secure.certificate_file = write("certificate", identity.certificate_pem);
    secure.key_file = write("key", identity.key_pem);
    const auto handler = [this](net::ServerRequest request) { return reply(std::move(request)); };
    auto there = net::Server::listen(io.get_executor(), secure, handler);
    auto here = net::Server::listen(io.get_executor(), plain, handler);
    if (!there || !here) throw std::runtime_error("no port for the clouds");
    names = std::move(*there), metadata = std::move(*here);
    leading.everywhere = names->port();
    spawn(io.get_executor(), "proxy", lead());
    thread = std::thread([this] { io.run(); });
  }
  ~Impl() {
    io.stop();
    thread.join();
    std::filesystem::remove_all(directory);
  }

  std::string write(const std::string& name, const std::string& text) const {
    const auto file = directory / name;
    std::ofstream(file) << text;
    return file.string();
  }
  Task<> lead() {
    for (;;) {
      auto socket = std::make_shared<net::test::Tcp::socket>(co_await proxy.async_accept(asio::use_awaitable));
      spawn(io.get_executor(), "tunnel", tunnel(socket));
    }
  }
  Task<> tunnel(std::shared_ptr<net::test::Tcp::socket> socket) { co_await leading.serve(*socket); }

  Task<net::ServerResponse> reply(net::ServerRequest request) {
    const auto header = [&](std::string_view name) { return std::string(net::find_header(request.headers, name)); };
    Asked one{request.method,
              header("Host"),
              request.path,
              request.query,
              request.body,
              header("Authorization"),
              header("Metadata-Flavor") + header("Metadata")};
    Answered answered = note(one);
    if (answered.late.count() > 0) {
      asio::steady_timer timer(io, answered.late);
      co_await timer.async_wait(asio::use_awaitable);
    }
    net::ServerResponse out{.status = answered.status};
    for (auto& [name, value] : answered.headers) out.headers.push_back({name, value});
    out.body = std::move(answered.body);
    co_return out;
  }
  Answered note(const Asked& one) {
    const std::lock_guard lock(mutex);
    seen.push_back(one);
    if (first)
      if (auto answered = first(one)) return *answered;
    return documented(one, static_cast<int>(seen.size()));
  }

  net::test::Authority authority{"Clouds"};
  std::filesystem::path directory;
  asio::io_context io{1};
  net::test::Tcp::acceptor proxy{io, net::test::Tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  net::test::LittleProxy leading;
  std::unique_ptr<net::Server> names, metadata;
  std::mutex mutex;
  std::function<std::optional<Answered>(const Asked&)> first;
  std::vector<Asked> seen;
  std::thread thread;
};

Clouds::Clouds() : impl_(std::make_unique<Impl>()) {}
Clouds::~Clouds() = default;

std::string Clouds::proxy() const { return "http://127.0.0.1:" + std::to_string(impl_->proxy.local_endpoint().port()); }
std::string Clouds::metadata() const { return "127.0.0.1:" + std::to_string(impl_->metadata->port()); }
std::string Clouds::certificate_pem() const { return impl_->authority.certificate_pem(); }

void Clouds::answer(std::function<std::optional<Answered>(const Asked&)> first) {
  const std::lock_guard lock(impl_->mutex);
  impl_->first = std::move(first);
}

std::vector<Asked> Clouds::asked() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->seen;
}

int Clouds::count(const std::string& host, const std::string& path) const {
  const auto all = asked();
  return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const Asked& one) {
    return one.host.starts_with(host) && one.path.starts_with(path);
  }));
}

}  // namespace headwind::test
