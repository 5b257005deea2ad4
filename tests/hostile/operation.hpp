// SPDX-License-Identifier: Apache-2.0
// `headwind run` as a process, against an API server and a registry of ours, with one workload, a notifier that works,
// and whatever plugin is to be looked at. It may die, and is started again over the same journal.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "../end_to_end/call.hpp"
#include "../end_to_end/loop_thread.hpp"
#include "../end_to_end/receiver.hpp"
#include "../testbed/process.hpp"
#include "fake/api_server.hpp"
#include "fake/registry.hpp"

namespace headwind::hostile {

using end_to_end::eventually;
using end_to_end::Json;

class Operation {
 public:
  // `module`: the file of tests/hostile/crash; `instance`: an entry of plugins.instances, or several.
  Operation(const std::string& module, Json instance);
  ~Operation();

  // Returns when it serves and is ready, or is dead.
  void start();
  bool serving();
  // A new tag appears, and the registry tells. The process may be gone before it answers.
  void push(const std::string& tag);
  // Its end as waitpid gives it; -1 where it does not end.
  int death();
  void kill();

  std::string log() const;                      // of the present process
  std::string metrics() const;                  // 9090
  std::string readiness() const;                // its body, or empty where it is not ready
  bool was_told(const std::string& tag) const;  // the good notifier
  std::string image();                          // of the workload
  Json plugins() const;                         // 8081
  // The Events with that reason, as "Kind/name: message".
  std::vector<std::string> events(const std::string& reason);
  std::filesystem::path journal() const { return directory_ / "journal" / "plugin-crashes"; }
  std::vector<std::string> environment{"HEADWIND_POD_NAME=headwind-0", "HEADWIND_POD_UID=1234"};

 private:
  template <class Act>
  void on_loop(Act act);
  void write_config(const std::string& module, Json instance);

  std::filesystem::path directory_;
  end_to_end::Receiver receiver_;
  end_to_end::LoopThread loop_;
  std::unique_ptr<fake::ApiServer> cluster_;
  std::unique_ptr<fake::Registry> registry_;
  std::uint16_t webhooks_, api_, metrics_;
  testbed::Process process_;
  std::size_t log_start_ = 0;
};

}  // namespace headwind::hostile
