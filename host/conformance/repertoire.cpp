// SPDX-License-Identifier: Apache-2.0
#include "conformance/repertoire.hpp"

namespace headwind::conformance {

std::vector<Step> steps_of(const hw_plugin& plugin, Inputs inputs) {
  switch (plugin.kind) {
    case HW_KIND_REGISTRY: return registry_steps(*static_cast<const hw_registry_api*>(plugin.api), inputs);
    case HW_KIND_WORKLOAD: return workload_steps(*static_cast<const hw_workload_api*>(plugin.api), inputs);
    case HW_KIND_NOTIFIER: return notifier_steps(inputs);
    case HW_KIND_POLICY: return policy_steps(inputs);
    default: return {};
  }
}

}  // namespace headwind::conformance
