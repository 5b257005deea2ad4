// SPDX-License-Identifier: Apache-2.0
#include "net/client.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/text.hpp"
#include "net/exchange.hpp"
#include "net/head.hpp"
#include "net/pool.hpp"
#include "net/route.hpp"
#include "telemetry/span.hpp"

namespace headwind::net {
namespace {

using Clock = std::chrono::steady_clock;

// Methods that may be sent twice without harm (RFC 9110, section 9.2.2), of those that we use.
bool is_idempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" || method == "OPTIONS";
}

// We decode nothing. A body that comes encoded though its reader did not ask for that would be taken for something
// else, a manifest's digest for another one; so it is refused, and never unpacked.
std::string unasked_encoding(const Request& request, const Response& response) {
  if (response.status / 100 != 2) return {};
  if (!find_header(request.headers, "accept-encoding").empty()) return {};
  for (const Header& header : response.headers)
    if (equals_ignoring_case(header.name, "content-encoding") && !equals_ignoring_case(trim(header.value), "identity"))
      return printable(header.value, 32);
  return {};
}

Error encoded(const std::string& name, const std::string& encoding) {
  return make_error(Code::invalid, "the answer to " + name + " comes encoded (" + encoding +
                                       "), which was not asked for; check the server or what is before it");
}

// Whoever is asked learns of which work it is a part, unless the caller says so itself.
void hand_on_trace(Request& request) {
  if (!find_header(request.headers, "traceparent").empty()) return;
  const auto context = telemetry::Current::context();
  if (!context) return;
  request.headers.push_back({"traceparent", telemetry::traceparent_of(*context)});
  if (!context->state.empty()) request.headers.push_back({"tracestate", context->state});
}

// Longer than anyone waits, and short enough to be added to any time.
constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 365);

// A request, checked and ready to be sent.
struct Prepared {
  Route route;
  std::string text;
  std::string name;
  TimePoint deadline;
};

}  // namespace

struct Client::Impl {
  Executor executor;
  ClientOptions options;
  std::shared_ptr<Pool> pool;
  ClientTls tls;
  std::set<Connection*> streams;  // those of stream(): outside the pool
  bool closed = false;

  Result<Prepared> prepare(const Request& request);
  // With a flow that takes nothing, the answer is read as a whole.
  static Task<Result<Response>> send(std::shared_ptr<Impl> self, Request request, BodyFlow flow);
  static Task<Result<Response>> stream(std::shared_ptr<Impl> self, Request request, BodySink sink,
                                       std::chrono::milliseconds idle);
  TimePoint connected_by(TimePoint deadline) const {
    return std::min(deadline, Clock::now() + options.connect_timeout);
  }
};

Result<Prepared> Client::Impl::prepare(const Request& request) {
  if (closed) return make_error(Code::cancelled, "the HTTP client is shutting down");
  Prepared prepared;
  Result<Url> url = parse_url(request.url);
  if (!url) return url.error();
  prepared.route.url = std::move(*url);
  const Route& route = prepared.route;
  prepared.route.proxy = options.proxies.to(route.url);
  Result<std::string> text =
      request_text(request, route.url, options.user_agent, route.is_tunnel() ? nullptr : route.proxy.get());
  if (!text) return text.error();
  prepared.text = std::move(*text);
  if (route.url.tls) prepared.route.tls = request.tls;
  prepared.name = request.method + " " + route.name();
  if (route.url.tls) {
    Result<ClientTls::Context> context = tls.context(request.tls);
    if (!context) return in_context(context.error(), prepared.name);
    prepared.route.context = std::move(*context);
  }
  if (route.is_tunnel()) prepared.route.connect = connect_text(*route.proxy, route.url, options.user_agent);
  if (route.proxy && route.proxy->url.tls) {
    Result<ClientTls::Context> context = tls.context(route.proxy->tls);
    if (!context) return in_context(context.error(), route.proxy->name());
    prepared.route.proxy_context = std::move(*context);
  }
  prepared.deadline = Clock::now() + std::min(request.timeout, longest);
  return prepared;
}

Task<Result<Response>> Client::Impl::send(std::shared_ptr<Impl> self, Request request, BodyFlow flow) {
  hand_on_trace(request);
  Result<Prepared> ready = self->prepare(request);
  if (!ready) co_return ready.error();
  const Prepared& prepared = *ready;
  const Url& url = prepared.route.url;
  Pool::Key key{url.tls, url.host, url.port, url.tls ? request.tls.get() : nullptr, prepared.route.proxy.get()};
  Result<Pool::Lease> leased = co_await self->pool->acquire(std::move(key), request.tls, prepared.deadline);
  if (!leased) co_return in_context(leased.error(), prepared.name);
  Pool::Lease& lease = *leased;

  for (;;) {
    const bool kept = lease.connection != nullptr;
    if (!kept) {
      lease.connection = std::make_shared<Connection>(self->executor);
      Result<> opened = co_await open(lease.connection, prepared.route, self->connected_by(prepared.deadline));
      if (!opened) co_return opened.error();
    }
    lease.connection->expect_by(prepared.deadline);
    std::string encoding;
    const BodySink sink{[&](const Response& head, std::string_view piece) {
      encoding = unasked_encoding(request, head);
      return encoding.empty() && flow.take(head, piece);
    }};
    ResponseReader reader(lease.connection->buffer(), MessageLimits{.body = request.max_body}, request.method == "HEAD",
                          flow.take ? &sink : nullptr);
    Exchange exchange{lease.connection, prepared.text, prepared.name, reader};
    if (flow.room) exchange.room = &flow.room;
    Outcome outcome = co_await run(std::move(exchange));
    if (outcome.result) {
      if (refused_by_proxy(prepared.route, reader.response().status))
        co_return refusal(prepared.route, reader.response().status);
      if (outcome.reusable) lease.keep();
      if (!reader.response().body.empty()) encoding = unasked_encoding(request, reader.response());
      if (!encoding.empty()) co_return encoded(prepared.name, encoding);
      co_return std::move(reader.response());
    }
    // The peer may have closed the kept connection just before it saw the request. Others may be as stale, so
    // the second try gets a new one.
    if (!kept || !outcome.untouched || !is_idempotent(request.method)) co_return outcome.result.error();
    lease.connection->close();
    lease.connection.reset();
  }
}

Task<Result<Response>> Client::Impl::stream(std::shared_ptr<Impl> self, Request request, BodySink sink,
                                            std::chrono::milliseconds idle) {
  Result<Prepared> ready = self->prepare(request);
  if (!ready) co_return ready.error();
  const Prepared& prepared = *ready;
  const auto connection = std::make_shared<Connection>(self->executor);
  struct Registered {
    std::shared_ptr<Impl> self;
    std::shared_ptr<Connection> connection;
    ~Registered() {
      self->streams.erase(connection.get());
      connection->close();
    }
  };
  self->streams.insert(connection.get());
  const Registered registered{self, connection};

  Result<> opened = co_await open(connection, prepared.route, self->connected_by(prepared.deadline));
  if (!opened) co_return opened.error();
  connection->expect_by(prepared.deadline);
  ResponseReader reader(connection->buffer(), MessageLimits{.body = request.max_body}, request.method == "HEAD", &sink);
  Exchange exchange{connection, prepared.text, prepared.name, reader, true, std::min(idle, longest)};
  Outcome outcome = co_await run(std::move(exchange));
  if (!outcome.result) co_return outcome.result.error();
  if (refused_by_proxy(prepared.route, reader.response().status))
    co_return refusal(prepared.route, reader.response().status);
  co_return std::move(reader.response());
}

Client::Client(Executor executor, ClientOptions options) : impl_(std::make_shared<Impl>()) {
  impl_->pool = std::make_shared<Pool>(executor, options.connections_per_host, options.idle_timeout);
  impl_->executor = std::move(executor);
  impl_->options = std::move(options);
}

Client::~Client() { shut_down(); }

Task<Result<Response>> Client::send(Request request) { return Impl::send(impl_, std::move(request), {}); }

Task<Result<Response>> Client::send(Request request, BodyFlow flow) {
  return Impl::send(impl_, std::move(request), std::move(flow));
}

Task<Result<Response>> Client::stream(Request request, std::function<bool(std::string_view)> on_data,
                                      std::chrono::milliseconds idle) {
  BodySink sink{[on_data = std::move(on_data)](const Response&, std::string_view piece) { return on_data(piece); },
                true};
  return Impl::stream(impl_, std::move(request), std::move(sink), idle);
}

void Client::shut_down() {
  impl_->closed = true;
  impl_->pool->close();
  for (Connection* connection : impl_->streams) connection->interrupt();
}

}  // namespace headwind::net
