// SPDX-License-Identifier: Apache-2.0
#include "plugins_registries/cloud_world.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <thread>

#include "net/client.hpp"

namespace headwind::registries {
namespace {

using Clock = std::chrono::steady_clock;

template <class Kind>
std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Kind::now().time_since_epoch()).count();
}

}  // namespace

struct CloudTransport::Impl {
  explicit Impl(const headwind::test::Clouds& clouds) {
    net::ClientOptions options;
    options.proxies = *net::Proxies::of_environment({{"HTTPS_PROXY", clouds.proxy()}});
    client = std::make_unique<net::Client>(io.get_executor(), options);
    auto settings = std::make_shared<net::TlsSettings>();
    settings->ca_pem = clouds.certificate_pem();
    tls = settings;
    thread = std::thread([this] { io.run(); });
  }
  ~Impl() {
    guard.reset();
    io.stop();
    thread.join();
    client.reset();
  }
  static Task<> fetch(Impl* self, net::Request request, std::shared_ptr<std::promise<Result<net::Response>>> done) {
    Result<net::Response> answer = co_await self->client->send(std::move(request));
    done->set_value(std::move(answer));
  }

  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{io.get_executor()};
  std::unique_ptr<net::Client> client;
  std::shared_ptr<const net::TlsSettings> tls;
  std::thread thread;
};

CloudTransport::CloudTransport(const headwind::test::Clouds& clouds) : impl_(std::make_unique<Impl>(clouds)) {}
CloudTransport::~CloudTransport() = default;

Outcome<Response> CloudTransport::exchange(const Request& request) { return exchange_within(request, 20'000); }

Outcome<Response> CloudTransport::exchange_within(const Request& request, std::int64_t ms) {
  net::Request out{.method = request.method, .url = request.url};
  for (const auto& [name, value] : request.headers) out.headers.push_back({name, value});
  out.body = request.body;
  out.timeout = std::chrono::milliseconds(ms);
  out.max_body = request.max_body;
  out.tls = impl_->tls;
  const auto done = std::make_shared<std::promise<Result<net::Response>>>();
  spawn(impl_->io.get_executor(), "exchange", Impl::fetch(impl_.get(), std::move(out), done));
  Result<net::Response> answer = done->get_future().get();
  if (!answer) return Failure{HW_UNAVAILABLE, answer.error().message, 0};
  Response response{static_cast<int>(answer->status), {}, std::move(answer->body)};
  for (const net::Header& header : answer->headers) response.headers.emplace_back(header.name, header.value);
  return response;
}

std::int64_t CloudTransport::unix_ms() { return now_ms<std::chrono::system_clock>() + ahead_ms; }
std::int64_t CloudTransport::mono_ms() { return now_ms<Clock>() + ahead_ms; }

}  // namespace headwind::registries
