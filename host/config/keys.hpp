// SPDX-License-Identifier: Apache-2.0
// The table of all keys: where each stands in the file, its environment variable, what it means, and how it is read.
// The file and the environment go through the same readers.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/report.hpp"
#include "config/values.hpp"
#include "config/yaml.hpp"

namespace headwind::config {

struct Key {
  std::string path;         // "ports.api.port"
  std::string environment;  // "HEADWIND_PORTS_API_PORT"
  std::string former;       // the variable of 0.1.x that means the same; or empty
  std::string meaning;
  // Exactly one of these. A structure's variable holds its YAML text.
  Problem (*set)(Config& config, std::string_view value) = nullptr;
  Problem (*set_port)(Port& port, std::string_view value) = nullptr;
  Port Config::* port = nullptr;  // whose port set_port writes
  void (*read)(Config& config, const YamlNode& node, std::string_view path, Report& report) = nullptr;

  Problem apply(Config& config, std::string_view value) const;  // not for structures
};

const std::vector<Key>& keys();
const Key* key_at(std::string_view path);

// What only shows when all of a source has been read: ports that collide, half a certificate.
void check_whole(const Config& config, Report& report);
// What only shows when all sources have been read: registries whose plugin is no instance.
void check_registry_plugins(const Config& config, Report& report);
// The same of webhooks that are no known sender's and no registry instance's.
void check_webhooks(const Config& config, Report& report);
// Names of instances that may be registries: of foreign plugins only they themselves know their kind.
std::vector<std::string> registry_names(const Config& config);
// The same of routes that lead to no instance.
void check_routes(const Config& config, Report& report);

}  // namespace headwind::config
