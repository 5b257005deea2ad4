// SPDX-License-Identifier: Apache-2.0
#include "app/ourselves.hpp"

namespace headwind::app {

kube::Involved ourselves(const config::Config& config, const TextMap& environment) {
  const auto value = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  const std::string pod = value("HEADWIND_POD_NAME");
  if (pod.empty()) return {"v1", "Namespace", config.name_space, config.name_space, {}};
  return {"v1", "Pod", config.name_space, pod, value("HEADWIND_POD_UID")};
}

}  // namespace headwind::app
