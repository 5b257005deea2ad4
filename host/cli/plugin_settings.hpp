// SPDX-License-Identifier: Apache-2.0
// The configured instances against the plugins that are here, before anything runs.
#pragma once
#include <string>
#include <vector>

#include "config/config.hpp"
#include "plugin/host.hpp"

namespace headwind::cli {

struct CheckedInstance {
  std::string name, plugin;
  std::string place;    // where it is written: "c.yaml:3:13: plugins.instances[0]"; empty: it is implied
  std::string problem;  // a sentence, "settings.channel: …" where the settings do not fit; empty: none
  bool absent = false;  // there is no such plugin here; the problem says so
};

// Every instance that would be created. Of the plugins only their schemas are used: secrets are not read.
std::vector<CheckedInstance> check_instances(const config::Config& config, const plugin::Host& host);

}  // namespace headwind::cli
