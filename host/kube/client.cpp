// SPDX-License-Identifier: Apache-2.0
#include "kube/client.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "core/clock.hpp"
#include "kube/paths.hpp"
#include "kube/reachability.hpp"
#include "kube/status.hpp"
#include "telemetry/http_span.hpp"

namespace headwind::kube {
namespace {

using std::chrono::milliseconds;

constexpr int kMostAttempts = 4;                 // the first, and three more
constexpr milliseconds kLongestWait{30'000};     // a longer Retry-After is the caller's affair
constexpr milliseconds kDefaultThrottle{1'000};  // a 429 that names no time
constexpr milliseconds kFirstBackoff{100};
constexpr std::size_t kLargestAnswer = 64U << 20U;  // a page of 500 large objects
constexpr std::size_t kLongestLine = 16U << 20U;    // etcd takes objects of 1.5 MiB
constexpr milliseconds kExchangeLimit{30'000};

// Whatever keeps us from asking, or from reading the answer, says nothing about what was asked: it is worth another
// try.
Error our_trouble(Error error) {
  if (error.retryable) return error;
  error.code = Code::unavailable;
  error.retryable = true;
  return error;
}

}  // namespace

struct Client::Impl {
  Impl(Access a, std::shared_ptr<net::Client> h, telemetry::Metrics& m)
      : access(std::move(a)),
        http(std::move(h)),
        metrics(m),
        random(std::random_device()()),
        reachability(access.server) {}

  Access access;
  std::shared_ptr<net::Client> http;
  telemetry::Metrics& metrics;
  std::minstd_rand random;
  Reachability reachability;

  template <class T>
  void note(const Result<T>& response, std::int64_t begun_ms) {
    if (response)
      reachability.answered();
    else
      reachability.failed(response.error(), milliseconds(system_clock().mono_ms() - begun_ms));
  }

  void count(const net::Request& request, std::string_view path, const std::string& code) {
    const Operation operation = operation_of(request.method, path);
    metrics
        .counter("headwind_kube_requests_total", "Requests to the Kubernetes API server.",
                 {{"verb", operation.verb}, {"resource", operation.resource}, {"code", code}})
        .add();
  }

  // Between a half and the whole of `wait`, so that many clients do not come back together.
  milliseconds jittered(milliseconds wait) {
    return milliseconds(std::uniform_int_distribution<std::int64_t>(wait.count() / 2, wait.count())(random));
  }

  static Task<Result<net::Request>> prepare(std::shared_ptr<Impl> self, std::string method, std::string path,
                                            std::string content_type, std::string body);
  static Task<Result<net::Response>> exchange(std::shared_ptr<Impl> self, net::Request request, std::string path,
                                              int former_tries);
  static Task<Result<std::string>> call(std::shared_ptr<Impl> self, std::string method, std::string path,
                                        std::string content_type, std::string body);
  static Task<Result<>> watch(std::shared_ptr<Impl> self, std::string path,
                              std::function<bool(std::string_view)> on_event, milliseconds idle);
};

Task<Result<net::Request>> Client::Impl::prepare(std::shared_ptr<Impl> self, std::string method, std::string path,
                                                 std::string content_type, std::string body) {
  net::Request request;
  request.method = std::move(method);
  request.url = self->access.server + path;
  request.body = std::move(body);
  request.max_body = kLargestAnswer;
  request.timeout = kExchangeLimit;
  request.headers.push_back({"Accept", "application/json"});
  if (!content_type.empty()) request.headers.push_back({"Content-Type", std::move(content_type)});
  if (self->access.authorization) {
    auto header = co_await self->access.authorization();
    if (!header) co_return our_trouble(header.error());
    if (!header->empty()) request.headers.push_back({"Authorization", std::move(*header)});
  }
  request.tls = self->access.current_tls ? self->access.current_tls() : self->access.tls;
  co_return request;
}

Task<Result<net::Response>> Client::Impl::exchange(std::shared_ptr<Impl> self, net::Request request, std::string path,
                                                   int former_tries) {
  if (!telemetry::Current::context()) co_return co_await self->http->send(std::move(request));
  path.resize(std::min(path.find('?'), path.size()));
  const PathTemplate shape = template_of(path);
  telemetry::HttpClientSpan span({request.method, self->access.server, path, shape.text});
  span.resent(former_tries);
  if (!shape.name_space.empty()) span.span().set("k8s.namespace.name", shape.name_space);
  Result<net::Response> response = co_await self->http->send(std::move(request));
  if (response)
    span.answered(response->status);
  else
    span.failed(response.error());
  co_return response;
}

Task<Result<std::string>> Client::Impl::call(std::shared_ptr<Impl> self, std::string method, std::string path,
                                             std::string content_type, std::string body) {
  const bool reads = method == "GET";
  milliseconds backoff = kFirstBackoff;
  bool refreshed = false;
  for (int attempt = 1;; ++attempt) {
    auto request = co_await prepare(self, method, path, content_type, body);
    if (!request) co_return request.error();
    const std::int64_t begun = system_clock().mono_ms();
    auto response = co_await exchange(self, *request, path, attempt - 1);
    self->note(response, begun);
    self->count(*request, path, response ? std::to_string(response->status) : "error");
    const bool last = attempt >= kMostAttempts;
    if (!response) {
      // A write may have arrived: only its caller can find out.
      if (!reads) co_return in_context(our_trouble(response.error()), method + " " + path);
      if (last || !response.error().retryable) co_return in_context(response.error(), method + " " + path);
    } else if (response->status / 100 == 2) {
      co_return std::move(response->body);
    } else if (response->status == 401 && self->access.unauthorized && !refreshed) {
      refreshed = true;
      self->access.unauthorized();
      continue;
    } else if (response->status == 429) {
      milliseconds wait = retry_after(*response);
      if (wait.count() == 0) wait = kDefaultThrottle;
      if (last || wait > kLongestWait) co_return error_from(*response, method, path);
      co_await sleep_for(wait + self->jittered(wait / 10));
      continue;
    } else if (!reads || last || response->status < 500) {
      co_return error_from(*response, method, path);
    }
    co_await sleep_for(self->jittered(backoff));
    backoff = std::min(backoff * 2, kLongestWait);
  }
}

Task<Result<>> Client::Impl::watch(std::shared_ptr<Impl> self, std::string path,
                                   std::function<bool(std::string_view)> on_event, milliseconds idle) {
  auto request = co_await prepare(self, "GET", path, {}, {});
  if (!request) co_return request.error();
  std::string rest;  // a line whose end has not arrived
  bool too_long = false;
  bool began = false;
  const auto on_data = [&](std::string_view data) {
    if (!std::exchange(began, true)) self->reachability.answered();
    for (std::size_t end = data.find('\n'); end != std::string_view::npos; end = data.find('\n')) {
      const std::string_view piece = data.substr(0, end);
      data.remove_prefix(end + 1);
      if (rest.empty()) {
        if (!piece.empty() && !on_event(piece)) return false;
        continue;
      }
      rest += piece;
      if (!on_event(rest)) return false;
      rest.clear();
    }
    rest += data;
    too_long = rest.size() > kLongestLine;
    return !too_long;
  };
  const std::int64_t begun = system_clock().mono_ms();
  auto response = co_await self->http->stream(*request, on_data, idle);
  // The end of a watch says nothing; nor does one that fell silent, since nothing may have happened.
  if (!began && (response || response.error().code != Code::cancelled)) self->note(response, begun);
  self->count(*request, path, response ? std::to_string(response->status) : "error");
  if (too_long) co_return make_error(Code::invalid, "a watch event of " + path + " is larger than 16 MiB.");
  if (!response) co_return in_context(response.error(), "GET " + path);
  if (response->status / 100 == 2) co_return Result<>();
  if (response->status == 401 && self->access.unauthorized) self->access.unauthorized();
  co_return error_from(*response, "GET", path);
}

Client::Client(Access access, std::shared_ptr<net::Client> http, telemetry::Metrics& metrics)
    : impl_(std::make_shared<Impl>(std::move(access), std::move(http), metrics)) {}
Client::~Client() = default;

const Access& Client::access() const { return impl_->access; }

std::string Client::trouble() const { return impl_->reachability.trouble(); }

Task<Result<std::string>> Client::get(std::string path) const {
  return Impl::call(impl_, "GET", std::move(path), {}, {});
}

Task<Result<std::string>> Client::create(std::string path, std::string body) const {
  return Impl::call(impl_, "POST", std::move(path), "application/json", std::move(body));
}

Task<Result<std::string>> Client::json_patch(std::string path, std::string operations) const {
  return Impl::call(impl_, "PATCH", std::move(path), "application/json-patch+json", std::move(operations));
}

Task<Result<std::string>> Client::merge_patch(std::string path, std::string body) const {
  return Impl::call(impl_, "PATCH", std::move(path), "application/merge-patch+json", std::move(body));
}

Task<Result<std::string>> Client::remove(std::string path, std::string options_body) const {
  std::string type = options_body.empty() ? "" : "application/json";
  return Impl::call(impl_, "DELETE", std::move(path), std::move(type), std::move(options_body));
}

Task<Result<>> Client::watch(std::string path, std::function<bool(std::string_view line)> on_event,
                             std::chrono::milliseconds idle) const {
  return Impl::watch(impl_, std::move(path), std::move(on_event), idle);
}

}  // namespace headwind::kube
