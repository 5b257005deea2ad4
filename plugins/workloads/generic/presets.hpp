// SPDX-License-Identifier: Apache-2.0
// Settings of well-known kinds, as they would stand in the configuration.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace headwind::workloads::generic {

// null where there is none of that name.
nlohmann::json preset(std::string_view name);

// "argo-rollout, cnpg-cluster, ...", for a sentence.
std::string preset_names();

}  // namespace headwind::workloads::generic
