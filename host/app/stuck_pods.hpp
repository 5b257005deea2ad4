// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace headwind::app {

struct StuckPod {
  std::string name, uid;
};

// Pods that keep a StatefulSet from going back: its own, of another revision than the one it goes to, not ready and not
// being deleted. None where its controller has not seen the change yet, or where pods change by hand only (OnDelete).
std::vector<StuckPod> stuck_pods(const nlohmann::json& stateful_set, const nlohmann::json& pods);

}  // namespace headwind::app
