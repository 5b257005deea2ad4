// SPDX-License-Identifier: Apache-2.0
#include "cli/loaded_plugins.hpp"

#include <utility>

#include "cli/plugin_directories.hpp"
#include "net/client.hpp"
#include "telemetry/log.hpp"

namespace headwind::cli {

LoadedPlugins::LoadedPlugins(std::vector<std::filesystem::path> directories) {
  // What was refused is said by the caller; a log line beside it would say it twice. "off" is always understood.
  (void)telemetry::init_log({.json = false, .level = "off"});
  plugin::HostOptions options;
  options.directories = std::move(directories);
  options.executable = this_executable();
  host_ = std::make_unique<plugin::Host>(loop_.get_executor(),
                                         std::make_shared<net::Client>(loop_.get_executor(), net::ClientOptions{}),
                                         metrics_, std::move(options));
  host_->load();
}

}  // namespace headwind::cli
