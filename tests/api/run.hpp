// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/async.hpp"
#include "core/coroutine_local.hpp"
#include "net/server.hpp"

namespace headwind::api {

// Runs `task` to its end on a loop of its own; a task that waits for something that never comes fails the test.
template <class T>
T run(boost::asio::io_context& loop, Task<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(with_local_value(loop.get_executor()), std::move(task),
                        [&](const std::exception_ptr& failure, T value) {
                          if (failure) std::rethrow_exception(failure);
                          result.emplace(std::move(value));
                        });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  loop.restart();
  while (!result && std::chrono::steady_clock::now() < deadline) {
    loop.run_one_for(std::chrono::milliseconds(100));
    if (loop.stopped()) loop.restart();
  }
  if (!result) throw std::runtime_error("the task did not end");
  return std::move(*result);
}

template <class T>
T run(Task<T> task) {
  boost::asio::io_context loop;
  return run(loop, std::move(task));
}

inline net::ServerRequest request(std::string method, std::string path, std::string body = {},
                                  net::Headers headers = {}) {
  const std::size_t mark = path.find('?');
  std::string query = mark == std::string::npos ? std::string() : path.substr(mark + 1);
  path.resize(std::min(mark, path.size()));
  return {std::move(method), std::move(path), std::move(query), std::move(headers), std::move(body), "192.0.2.1"};
}

// A POST as a client with JSON sends it.
inline net::ServerRequest post(std::string path, std::string body, net::Headers headers = {}) {
  headers.push_back({"Content-Type", "application/json"});
  return request("POST", std::move(path), std::move(body), std::move(headers));
}

// The sentence of a problem document; empty, and a failed test, where the answer is none.
inline std::string sentence(const net::ServerResponse& response) {
  const nlohmann::json body = nlohmann::json::parse(response.body, nullptr, false);
  if (!body.is_object() || body.value("status", 0U) != response.status || body.value("type", "") != "about:blank" ||
      body.value("title", "").empty() || body.value("detail", "") != body.value("error", "-")) {
    ADD_FAILURE() << "no problem document: " << response.body;
    return {};
  }
  return body["error"];
}

inline std::string header(const net::ServerResponse& response, std::string_view name) {
  return std::string(net::find_header(response.headers, name));
}

}  // namespace headwind::api
