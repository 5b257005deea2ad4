// SPDX-License-Identifier: Apache-2.0
// The synchronous calls of the control plane: one small event loop that runs only while somebody waits for it.
#include <boost/asio/io_context.hpp>
#include <stdexcept>
#include <thread>

#include "testbed/connection.hpp"

namespace headwind::testbed {
namespace {

constexpr std::chrono::milliseconds kBetweenQuestions{20};

net::Request request_for(const std::string& url, const std::shared_ptr<const net::TlsSettings>& tls,
                         const ControlPlane::Call& call, const std::string& token, const std::string& content_type) {
  net::Request request;
  request.method = call.method;
  request.url = url + call.path;
  request.tls = tls;
  request.body = call.body;
  request.max_body = 512U << 20U;
  request.timeout = std::chrono::seconds(60);
  request.headers.push_back({"Authorization", "Bearer " + token});
  request.headers.push_back({"Accept", "application/json"});
  if (!content_type.empty()) {
    request.headers.push_back({"Content-Type", content_type});
  } else if (call.method == "PATCH") {
    request.headers.push_back(
        {"Content-Type", call.body.starts_with('[') ? "application/json-patch+json" : "application/merge-patch+json"});
  } else if (!call.body.empty()) {
    request.headers.push_back({"Content-Type", "application/json"});
  }
  return request;
}

// A worker of call_all: takes the next call until none is left or one has failed.
Task<> work_through(net::Client& client, std::string url, std::shared_ptr<const net::TlsSettings> tls,
                    const std::vector<ControlPlane::Call>& calls, std::size_t& next, std::size_t& working,
                    std::string& failure) {
  while (next < calls.size() && failure.empty()) {
    const ControlPlane::Call& call = calls[next++];
    auto response = co_await client.send(request_for(url, tls, call, ControlPlane::token("admin"), {}));
    if (!response) {
      failure = call.method + " " + call.path + ": " + response.error().message;
    } else if (response->status / 100 != 2) {
      failure = call.method + " " + call.path + ": " + response->body;
    }
  }
  --working;
}

}  // namespace

Result<Answer> ControlPlane::try_call(const std::string& method, const std::string& path, const std::string& body,
                                      const std::string& token, const std::string& content_type) {
  const std::lock_guard lock(mutex_);
  Result<net::Response> response = make_error(Code::internal, "no answer");
  bool done = false;
  const auto exchange = [&](net::Request request) -> Task<> {
    response = co_await connection_->client.send(std::move(request));
    done = true;
  };
  const Call call{method, path, body};
  spawn(connection_->context.get_executor(), "testbed call",
        exchange(request_for(url(), tls_, call, token.empty() ? ControlPlane::token("admin") : token, content_type)));
  connection_->context.restart();
  while (!done && connection_->context.run_one() != 0) {
  }
  if (!response) return response.error();
  return Answer{response->status, std::move(response->body), std::move(response->headers)};
}

Answer ControlPlane::call(const std::string& method, const std::string& path, const std::string& body,
                          const std::string& token, const std::string& content_type) {
  auto answer = try_call(method, path, body, token, content_type);
  if (!answer) throw std::runtime_error(method + " " + path + ": " + answer.error().message);
  return std::move(*answer);
}

void ControlPlane::call_all(std::vector<Call> calls, std::size_t connections) {
  const std::lock_guard lock(mutex_);
  std::size_t next = 0;
  std::size_t working = connections;
  std::string failure;
  for (std::size_t i = 0; i < connections; ++i)
    spawn(connection_->context.get_executor(), "testbed calls",
          work_through(connection_->client, url(), tls_, calls, next, working, failure));
  connection_->context.restart();
  while (working != 0 && connection_->context.run_one() != 0) {
  }
  if (!failure.empty()) throw std::runtime_error(failure);
}

bool ControlPlane::wait_until(const std::string& path, const std::function<bool(const Answer&)>& condition,
                              std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto answer = try_call("GET", path, {}, {}, {});
    if (answer && condition(*answer)) return true;
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kBetweenQuestions);
  }
}

}  // namespace headwind::testbed
