// SPDX-License-Identifier: Apache-2.0
// A changed configuration is taken up while everything runs, or refused as a whole. docs/operations.md says what
// changes without a restart.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/instance_changes.hpp"
#include "config/file_stamps.hpp"
#include "core/async.hpp"
#include "core/result.hpp"
#include "plugin/host.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::app {

class Reload : public std::enable_shared_from_this<Reload> {
 public:
  struct Parts {
    std::function<Task<Result<config::Config>>()> read;  // all sources, as at the start
    std::string file;                                    // watched, where the configuration says so; may be empty
    config::Config& running;                             // is_live keys are written when they have been taken up
    plugin::Host& host;
    Refusals& refusals;
    std::vector<std::filesystem::path> plugin_directories;  // where the configuration names none
    const TextMap& environment;
    NotifierListener notifiers;
    std::function<void(const config::Config&)> use_routes;          // before a notifier comes that they are about
    std::function<void(const InstanceChanges&)> instances_changed;  // views of registries and policies: have them anew
    std::function<void(const std::string&)> complain;               // of what somebody should mend: an Event
    telemetry::Metrics& metrics;
  };
  // `seen`: config::stamps_of_files as they were when the running configuration was read.
  Reload(Parts parts, config::FileStamps seen);

  // Reads and takes up what has changed; a call that comes meanwhile makes it read once more. The log says what became
  // of it and which files had changed, headwind_config_reloads_total{result} counts: unchanged, applied, incomplete (an
  // instance could not be created; its former self goes on), refused (nothing has changed).
  static Task<> run(std::shared_ptr<Reload> self);
  // Looks at the files' identity every `pause`, and runs where it has changed since they were read. Ends with the
  // Reload.
  static Task<> watch(std::weak_ptr<Reload> weak, std::chrono::milliseconds pause);
  // No run begins any more. Returns when none is under way, or after `grace`. Null: at once.
  static Task<> stop(std::shared_ptr<Reload> self, std::chrono::milliseconds grace);
  // For /readyz: what is not as the file says, and why. Empty: all is.
  const std::string& note() const { return note_; }

 private:
  Task<> take_up(config::Config next);
  void refuse(const std::string& sentence);
  void add_note(const std::string& sentence);
  std::vector<std::string> for_a_restart(const config::Config& next) const;
  void tell(const std::vector<std::string>& restart, const std::vector<std::string>& changed,
            const InstanceChanges& changes, std::size_t loaded);
  telemetry::Counter counter(const char* result);

  config::FileStamps stamps() const;

  Parts parts_;
  config::Config latest_;  // as it was read last, also where it was refused: its files are watched
  // Of files that are read at the start only, by the field that names them.
  std::map<std::string, std::string> at_start_;
  config::FileStamps seen_, known_;  // when they were read last; `seen_` is empty where they changed meanwhile
  std::vector<std::string> files_;   // that had changed then
  std::string note_;
  bool running_ = false, again_ = false, closed_ = false;
};

}  // namespace headwind::app
