// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "plugin/host.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::app {

// The plugin instances that are wanted and could not be created, for people who look: those that the host does not
// know. Engine thread only.
class Refusals {
 public:
  explicit Refusals(telemetry::Metrics& metrics) : metrics_(metrics) {}

  // A later one of the same name takes the place of the former. `kind`: empty where the plugin is not there.
  void note(const std::string& name, const std::string& plugin, const std::string& kind, const Error& why);
  // It was created after all, or is not wanted any more. False where it was not here.
  bool forget(const std::string& name);
  // By name, as Host::instances() shows instances, with the state "refused".
  std::vector<plugin::InstanceInfo> all() const;

 private:
  telemetry::Gauge shown(const std::string& name);

  telemetry::Metrics& metrics_;
  std::map<std::string, plugin::InstanceInfo> refused_;
};

// The kind of the plugin with that id ("registry"), or empty where it is not loaded.
std::string kind_of(const plugin::Host& host, const std::string& plugin);

}  // namespace headwind::app
