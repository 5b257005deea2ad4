// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>

#include "config/config.hpp"
#include "config/former.hpp"
#include "config/keys.hpp"

namespace headwind::config {
namespace {

// Empty counts as unset: manifests set variables from optional sources.
std::string_view value_of(const TextMap& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view() : trim(found->second);
}

void apply_structure(Config& config, const Key& key, std::string_view value, Report& report) {
  Report own("environment: " + key.environment);
  if (key.path == "plugins.directories" && value.starts_with('/')) {  // as PATH is written
    config.plugin_directories.clear();
    for (const auto directory : split(value, ':')) {
      if (!directory.empty()) config.plugin_directories.emplace_back(directory);
    }
    return;
  }
  const auto documents = parse_yaml(value);
  if (!documents) {
    YamlNode where;
    where.line = documents.error().line;
    where.column = documents.error().column;
    own.add(where, "", documents.error().sentence);
  } else if (documents->size() == 1) {
    key.read(config, documents->front(), key.path, own);
  }
  report.add_all(own);
}

// A misspelt variable would be silence. Kubernetes itself sets HEADWIND_API_PORT and the like for our Services.
void warn_of_misspelt(Config& config, const TextMap& environment) {
  std::vector<std::string_view> known{"HEADWIND_INFLUXDB_TOKEN", "HEADWIND_API_SERVICE", "HEADWIND_APPROVER",
                                      "HEADWIND_POD_NAME", "HEADWIND_POD_UID"};
  for (const Key& key : keys()) {
    known.push_back(key.environment);
    if (!key.former.empty()) known.push_back(key.former);
  }
  for (const auto& setting : former_settings()) known.push_back(setting.variable);
  for (const auto& [name, value] : environment) {
    if (!name.starts_with("HEADWIND_") || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const bool service_link = value.starts_with("tcp://") || name.find("_SERVICE_") != std::string::npos ||
                              name.find("_PORT_") != std::string::npos;
    const std::string hint = service_link ? std::string() : did_you_mean(name, known);
    if (!hint.empty()) warn(config, "the variable " + printable(name, 128) + " is unknown and has no effect" + hint);
  }
}

}  // namespace

Result<> apply_environment(Config& config, const TextMap& environment) {
  Config changed = config;
  Report report("environment");
  for (const auto& setting : former_settings()) {
    const auto value = value_of(environment, setting.variable);
    if (value.empty()) continue;
    if (const auto problem = setting.set(changed, value)) report.add(setting.variable, *problem);
  }
  for (const Key& key : keys()) {
    const auto former = key.former.empty() ? std::string_view() : value_of(environment, key.former);
    if (!former.empty()) {
      const auto problem = key.apply(changed, former);
      // RUST_LOG is shared with programs that take more forms than we do.
      if (problem && key.former == "RUST_LOG") {
        warn(changed, "RUST_LOG has no effect: " + *problem);
      } else if (problem) {
        report.add(key.former, *problem);
      }
    }
    const auto value = value_of(environment, key.environment);
    if (value.empty()) continue;
    if (key.read) {
      apply_structure(changed, key, value, report);
    } else if (const auto problem = key.apply(changed, value)) {
      report.add(key.environment, *problem);
    }
  }
  apply_otel(changed, environment);
  check_whole(changed, report);
  check_registry_plugins(changed, report);
  check_webhooks(changed, report);
  check_routes(changed, report);
  if (!report.empty()) return report.error();
  for (const auto& [notifier, name] : {std::pair(&changed.slack, "SLACK"), std::pair(&changed.teams, "TEAMS"),
                                       std::pair(&changed.webhook, "WEBHOOK")}) {
    if (!notifier->enabled || !notifier->url.empty()) continue;
    const std::string variable = std::string(name) + (notifier == &changed.webhook ? "_URL" : "_WEBHOOK_URL");
    warn(changed, std::string(name) + " notifications are switched on but " + variable + " is not set: none is sent");
  }
  warn_of_misspelt(changed, environment);
  config = std::move(changed);
  return {};
}

TextMap process_environment() {
  TextMap environment;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

}  // namespace headwind::config
