// SPDX-License-Identifier: Apache-2.0
// The rules of the UpdateRequest definition (deploy/10-crd.yaml; a test compares the two).
#pragma once
#include <string>
#include <vector>

#include "fake/status.hpp"

namespace headwind::fake {

const Json& update_request_schema();
// The messages of the CEL rules, in order.
std::vector<std::string> update_request_rule_messages();

// What the rules say about `next` as a successor of `old` (null: a create).
std::vector<Cause> check_update_request_rules(const Json& next, const Json* old);

}  // namespace headwind::fake
