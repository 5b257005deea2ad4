// SPDX-License-Identifier: Apache-2.0
// The whole operator: rooms put together, started as a table of named steps and stopped in reverse.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "kube/client.hpp"
#include "plugin/host.hpp"
#include "update/engine.hpp"

namespace headwind::app {

struct OperatorOptions {
  config::Config config;
  kube::Access access;
  TextMap environment;  // for secrets by reference
  // Reads the configuration again, as it was read for `config`. Empty: it is never read again.
  std::function<Result<config::Config>()> reread;
  std::string config_file;  // that it is read from, to be watched; may be empty
  std::vector<std::filesystem::path> plugin_directories;
  std::filesystem::path executable;  // this program: probes plugins in a child
  std::string version = "headwind";
  std::chrono::milliseconds confirm_window{300'000};  // see update::EngineOptions
};

class Operator {
 public:
  // Everything happens on `executor`, which one thread runs.
  Operator(Executor executor, OperatorOptions options);
  ~Operator();
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;

  // Runs the steps in order. A failure names its step; what had started is stopped again.
  Task<Result<>> start();
  // Reads the configuration again and takes up what has changed: see Reload. Before start() has ended: no effect.
  Task<> reload();
  // In reverse: no new work in, what is under way ends, what is to be told is told. Idempotent.
  Task<> stop();

  struct Ports {
    std::uint16_t webhooks = 0, api = 0, metrics = 0;
  };
  Ports ports() const;
  const update::Engine& engine() const;
  std::vector<plugin::PluginInfo> plugins() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headwind::app
