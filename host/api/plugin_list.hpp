// SPDX-License-Identifier: Apache-2.0
// Which plugins there are and how they fare, as port 8081 shows it. No settings and no secrets.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace headwind::api {

struct PluginFile {
  std::string file, id, version, kind, summary;  // of a file that was refused mostly the first alone
  std::string state;                             // "loaded" or "refused"
  std::string reason;  // one sentence: why it was refused, or what a person should do; or empty
};

struct PluginInstance {
  std::string name, plugin, kind;  // the kind is empty where one was refused whose plugin is not there
  std::string state;               // "ready", "resting", "quarantined", "draining" or "refused"
  std::string reason;              // one sentence, where not ready
  std::uint64_t calls = 0, in_flight = 0;
  std::map<std::string, std::uint64_t> errors;   // by status
  std::string last_error;                        // one sentence, or empty
  std::int64_t last_error_ms = 0, since_ms = 0;  // since 1970
};

struct PluginList {
  std::vector<PluginFile> plugins;
  std::vector<PluginInstance> instances;
};

// The port behind GET /api/v1/plugins. Called on the server's executor; must not wait.
using PluginSource = std::function<PluginList()>;

}  // namespace headwind::api
