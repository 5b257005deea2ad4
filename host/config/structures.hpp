// SPDX-License-Identifier: Apache-2.0
// Readers of the keys that hold maps and lists. Each replaces what `config` had there, and reports every mistake.
#pragma once
#include <string_view>

#include "config/config.hpp"
#include "config/report.hpp"
#include "config/yaml.hpp"

namespace headwind::config {

void read_webhooks(Config& config, const YamlNode& node, std::string_view path, Report& report);
void read_registries(Config& config, const YamlNode& node, std::string_view path, Report& report);
void read_aliases(Config& config, const YamlNode& node, std::string_view path, Report& report);
void read_directories(Config& config, const YamlNode& node, std::string_view path, Report& report);
void read_source_namespaces(Config& config, const YamlNode& node, std::string_view path, Report& report);
void read_platforms(Config& config, const YamlNode& node, std::string_view path, Report& report);
void read_routes(Config& config, const YamlNode& node, std::string_view path, Report& report);
void read_instances(Config& config, const YamlNode& node, std::string_view path, Report& report);

}  // namespace headwind::config
