// SPDX-License-Identifier: Apache-2.0
// One instance of one plugin on the operator's own host, with nothing beside it.
#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "cli/call_apart.hpp"
#include "cli/plugin_choice.hpp"
#include "core/async.hpp"
#include "plugin/host.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::cli {

struct SessionOptions {
  plugin::Kind kind = plugin::Kind::notifier;  // that is wanted of the file
  std::chrono::milliseconds patience{30'000};  // with each call
  bool dry_run = false;
};

class PluginSession {
 public:
  PluginSession(Executor executor, ChosenPlugin chosen, SessionOptions options);
  PluginSession(const PluginSession&) = delete;
  PluginSession& operator=(const PluginSession&) = delete;

  // Loads the file and makes the instance; then `function` will be called. All that is told to `place`.
  Task<Result<>> open(CallPlace& place, std::string function);
  // What will be called now, where it is another function than that.
  void enter(std::string_view function) { place_->enter(id_, function); }
  const plugin::Host& host() const { return *host_; }
  const std::string& instance() const { return name_; }

 private:
  Result<std::string> find() const;
  Result<plugin::InstanceConfig> configure(const std::string& id);

  Executor executor_;
  ChosenPlugin chosen_;
  SessionOptions options_;
  telemetry::Metrics metrics_;  // nobody reads them
  std::unique_ptr<plugin::Host> host_;
  std::string name_, id_;
  CallPlace* place_ = nullptr;
};

}  // namespace headwind::cli
