// SPDX-License-Identifier: Apache-2.0
// An event loop with a plugin host on it.
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/client.hpp"
#include "plugin/function.hpp"
#include "plugin/host.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::plugin {

inline std::filesystem::path built(const std::string& name) {
  const char* root = std::getenv("HEADWIND_BUILD");
  return std::filesystem::path(root == nullptr ? "." : root) / "tests/plugin" / name;
}

// The well-behaved modules; tests/abi has some that were built from headers of another minor.
inline std::filesystem::path good_modules() {
  const char* other = std::getenv("HEADWIND_GOOD_MODULES");
  return other == nullptr ? built("good") : std::filesystem::path(other);
}

using Deadlines = std::map<std::string, std::chrono::milliseconds>;

// Those that a test does not name are longer than any machine is busy: what is to be seen there ends by itself.
inline Deadlines patient(Deadlines named = {}) {
  for (const Traits& each : kTraits) named.try_emplace(std::string(each.name), std::chrono::minutes(10));
  return named;
}

class World : public testing::Test {
 protected:
  World() { options.directories = {good_modules()}; }
  ~World() override {
    if (host) run(host->shut_down(std::chrono::milliseconds(100)));
    host.reset();
    http->shut_down();
  }

  void start() {
    host = std::make_unique<Host>(loop.get_executor(), http, metrics, options);
    host->load();
  }

  // Runs the loop until `task` is done. Four minutes without an end are a failure, not a hanging test.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> out;
    boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr failure, T value) {
      if (failure) std::rethrow_exception(failure);
      out = std::move(value);
    });
    turn([&] { return out.has_value(); });
    return std::move(*out);
  }
  void run(Task<> task) {
    bool done = false;
    boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
      done = true;
    });
    turn([&] { return done; });
  }
  template <class Done>
  void turn(Done done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(4);
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) {
        std::fprintf(stderr, "a task did not end within four minutes\n");
        std::abort();
      }
      loop.restart();
      loop.run_one_for(std::chrono::seconds(1));
    }
  }

  Result<> create(std::string name, std::string plugin, std::string settings = "{}",
                  std::map<std::string, std::string> secrets = {}, Deadlines deadlines = {}) {
    return run(host->create(
        {std::move(name), std::move(plugin), std::move(settings), std::move(secrets), patient(std::move(deadlines))}));
  }

  boost::asio::io_context loop;
  telemetry::Metrics metrics;
  std::shared_ptr<net::Client> http = std::make_shared<net::Client>(loop.get_executor(), net::ClientOptions{});
  HostOptions options;
  std::unique_ptr<Host> host;
};

}  // namespace headwind::plugin
