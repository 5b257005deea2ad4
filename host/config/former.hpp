// SPDX-License-Identifier: Apache-2.0
// Settings of Headwind 0.1.x that are no key of the file: variables of the environment and keys of its ConfigMap.
#pragma once
#include <span>
#include <string_view>

#include "config/config.hpp"
#include "config/values.hpp"

namespace headwind::config {

struct FormerSetting {
  std::string_view variable;  // "SLACK_ENABLED"; or empty
  std::string_view map_key;   // "slack.enabled"; or empty
  Problem (*set)(Config& config, std::string_view value);
};

std::span<const FormerSetting> former_settings();

// Adds a sentence to config.warnings, once.
void warn(Config& config, std::string sentence);

}  // namespace headwind::config
