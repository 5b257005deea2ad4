// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/loaded_plugins.hpp"
#include "cli/plugin_directories.hpp"
#include "cli/plugin_settings.hpp"
#include "cli/plugin_table.hpp"
#include "config/config.hpp"
#include "plugin/host.hpp"

namespace headwind::cli {
namespace {

const char* verdict(const CheckedInstance& instance) {
  if (instance.absent) return "no such plugin";
  return instance.problem.empty() ? "fit" : "refused";
}

std::vector<Row> rows_of(const std::vector<CheckedInstance>& instances) {
  std::vector<Row> rows{{"INSTANCE", "PLUGIN", "SETTINGS", "REASON"}};
  for (const auto& instance : instances)
    rows.push_back({instance.name, instance.plugin, verdict(instance), instance.problem});
  return rows;
}

using Json = nlohmann::ordered_json;

Json json_of(const std::vector<plugin::PluginInfo>& plugins) {
  auto list = Json::array();
  for (const auto& info : plugins) {
    list.push_back({{"file", info.file},
                    {"name", info.id},
                    {"version", info.version},
                    {"kind", info.kind},
                    {"summary", info.summary},
                    {"state", info.state},
                    {"reason", info.reason}});
  }
  return list;
}

Json json_of(const std::vector<CheckedInstance>& instances) {
  auto list = Json::array();
  for (const auto& instance : instances) {
    list.push_back({{"name", instance.name},
                    {"plugin", instance.plugin},
                    {"settings", verdict(instance)},
                    {"reason", instance.problem}});
  }
  return list;
}

void print(const Json& document) { std::puts(document.dump(2, ' ', false, Json::error_handler_t::replace).c_str()); }

}  // namespace

int plugin_list_command(const PluginListOptions& options) {
  auto config = config::load(options.config_file, config::process_environment());
  if (!config) return complain(config.error().message, failed);
  if (!options.directories.empty()) config->plugin_directories = options.directories;
  const auto directories = plugin_directories(*config);
  if (directories.empty()) {
    return complain("there is no plugin directory beside this program: name one with --dir", failed);
  }
  for (const auto& directory : directories) {
    std::error_code failure;
    if (!std::filesystem::is_directory(directory, failure)) {
      return complain("the plugin directory " + directory.string() + " does not exist", failed);
    }
  }
  LoadedPlugins loaded(directories);
  const auto plugins = loaded.host().plugins();
  if (options.config_file.empty()) {
    options.json ? print(json_of(plugins)) : print_table(rows_of(plugins));
    return done;
  }
  const auto instances = check_instances(*config, loaded.host());
  if (options.json) {
    print({{"plugins", json_of(plugins)}, {"instances", json_of(instances)}});
    return done;
  }
  print_table(rows_of(plugins));
  std::puts("");
  print_table(rows_of(instances));
  return done;
}

}  // namespace headwind::cli
