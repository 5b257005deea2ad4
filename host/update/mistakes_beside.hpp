// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "inventory/workload.hpp"
#include "update/ports.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// Adds the mistakes that do not show in the annotations alone: a policy that nobody serves, a chart's version that is
// a range, a source of a chart that cannot be followed.
void add_mistakes_beside(Settings& settings, const inventory::Workload& workload, const Policies& policies);

}  // namespace headwind::update
