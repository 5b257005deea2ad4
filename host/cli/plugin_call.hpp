// SPDX-License-Identifier: Apache-2.0
// `headwind plugin call`: one function of one plugin, by hand, on the operator's own host.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/plugin_choice.hpp"
#include "cli/plugin_session.hpp"
#include "core/async.hpp"

namespace headwind::cli {

struct CallOptions {
  PluginChoice choice;
  unsigned seconds = 30;
  bool json = false;
  // send
  std::vector<std::string> event_files;
  std::string sample;
  bool dry_run = false;
  // tags, resolve
  std::string image, docker_config;
  // choose
  PolicyTestOptions question;
  bool pushed = false;
  // images, rollout
  std::string manifest, companions;
  // webhook
  std::string body, endpoint = "any";
  std::vector<std::string> headers;
};

// A call whose inputs have been read: asks the session's plugin, prints the answer and says how to exit.
struct PreparedCall {
  plugin::Kind kind = plugin::Kind::notifier;
  std::string function;  // of the plugin, that will be called
  std::function<Task<int>(PluginSession&)> run;
};
// Failures are the caller's mistakes.
Result<PreparedCall> prepare_send(const CallOptions& options);
Result<PreparedCall> prepare_tags(const CallOptions& options);
Result<PreparedCall> prepare_resolve(const CallOptions& options);
Result<PreparedCall> prepare_webhook(const CallOptions& options);
Result<PreparedCall> prepare_choose(const CallOptions& options);
Result<PreparedCall> prepare_images(const CallOptions& options);
Result<PreparedCall> prepare_rollout(const CallOptions& options);

// `headwind plugin call` below `headwind plugin`. Where it is chosen, it becomes `command`.
void add_plugin_call(CLI::App& plugin, std::function<int()>& command);

// "unavailable: <sentence>; another try may help": the failure of a call, on stderr; returns the exit code.
int complain_of_call(const Error& error);

}  // namespace headwind::cli
