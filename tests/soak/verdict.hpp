// SPDX-License-Identifier: Apache-2.0
// What must hold when everything has come to rest, whatever happened before. Each returns a sentence per breach.
#pragma once
#include <string>
#include <vector>

#include "ledger.hpp"
#include "world.hpp"

namespace headwind::soak {

using Breaches = std::vector<std::string>;

// The workloads as they are, with their requests.
struct Standing {
  const Target* target = nullptr;
  Json object;
  std::vector<Json> requests;  // about this very object
  std::vector<const Json*> of(const Slot& slot) const;
};
std::vector<Standing> look(const World& world);

// No decision was carried out twice.
Breaches double_patches(const World& world, const Ledger& ledger);
// Whatever was announced and is allowed runs, waits for a person, or is remembered as bad.
Breaches lost_updates(World& world, const Standing& standing);
// Requests are over, or wait for a person with reason; each slot has one at most.
Breaches stuck_requests(const Standing& standing);
// What runs is known to the registry, and allowed or set by hand.
Breaches strange_versions(const World& world, const Standing& standing);
// No update, approved or not, while its workload was suspended (the way back is free), and none with fewer approvals
// than it needs.
Breaches unwanted_updates(const World& world, const Ledger& ledger, const std::vector<Standing>& all);
// What the operator says of itself agrees with the cluster.
Breaches wrong_metrics(World& world, const std::vector<Standing>& all);

}  // namespace headwind::soak
