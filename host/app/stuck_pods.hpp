// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "update/ports.hpp"

namespace headwind::app {

struct StuckPod {
  std::string name, uid;
  bool bad = false;  // it runs one of the bad images; another one is not ours to delete
};

// Pods that keep a StatefulSet from going back: its own, of another revision than the one it goes to, not ready and not
// being deleted. Those below the partition are none: their controller would make them anew as they are. Nor are there
// any where it has not seen the change yet, or where pods change by hand only (OnDelete).
std::vector<StuckPod> stuck_pods(const nlohmann::json& stateful_set, const nlohmann::json& pods,
                                 const std::vector<update::BadImage>& bad);

}  // namespace headwind::app
