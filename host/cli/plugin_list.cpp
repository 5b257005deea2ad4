// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/plugin_directories.hpp"
#include "net/client.hpp"
#include "plugin/host.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::cli {
namespace {

using Row = std::array<std::string, 6>;

Row row_of(const plugin::PluginInfo& info) {
  return {info.file, info.id, info.version, info.kind, info.state, info.reason};
}

void print_table(const std::vector<plugin::PluginInfo>& plugins) {
  std::vector<Row> rows{{"FILE", "NAME", "VERSION", "KIND", "STATE", "REASON"}};
  for (const auto& info : plugins) rows.push_back(row_of(info));
  std::array<std::size_t, 6> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i].empty() ? "-" : row[i];
      line.append(widths[i] - std::max<std::size_t>(row[i].size(), 1) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::puts(line.c_str());
  }
}

void print_json(const std::vector<plugin::PluginInfo>& plugins) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& info : plugins) {
    list.push_back({{"file", info.file},
                    {"name", info.id},
                    {"version", info.version},
                    {"kind", info.kind},
                    {"summary", info.summary},
                    {"state", info.state},
                    {"reason", info.reason}});
  }
  std::puts(list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

}  // namespace

int plugin_list_command(const PluginListOptions& options) {
  auto config = config::load(options.config_file, config::process_environment());
  if (!config) return complain(config.error().message, failed);
  if (!options.directories.empty()) config->plugin_directories = options.directories;
  plugin::HostOptions host_options;
  host_options.directories = plugin_directories(*config);
  if (host_options.directories.empty()) {
    return complain("there is no plugin directory beside this program: name one with --dir", failed);
  }
  for (const auto& directory : host_options.directories) {
    std::error_code failure;
    if (!std::filesystem::is_directory(directory, failure)) {
      return complain("the plugin directory " + directory.string() + " does not exist", failed);
    }
  }
  host_options.executable = this_executable();
  // The table says what was refused; a log line beside it would say it twice.
  if (const auto quiet = telemetry::init_log({.json = false, .level = "off"}); !quiet) {
    return complain(quiet.error().message, failed);
  }
  boost::asio::io_context loop;
  telemetry::Metrics metrics;
  plugin::Host host(loop.get_executor(), std::make_shared<net::Client>(loop.get_executor(), net::ClientOptions{}),
                    metrics, std::move(host_options));
  host.load();
  const auto plugins = host.plugins();
  options.json ? print_json(plugins) : print_table(plugins);
  return done;
}

}  // namespace headwind::cli
