// SPDX-License-Identifier: Apache-2.0
// What happens to an object between the request and the store: pruning, defaults, validation.
#pragma once
#include <string>
#include <vector>

#include "fake/status.hpp"

namespace headwind::fake {

struct Admitted {
  Json object;
  std::vector<std::string> warnings;  // 'unknown field "spec.bogus"'
};

// `old` is null on a create. `strict` refuses unknown fields of custom resources instead of dropping them.
Outcome<Admitted> admit(const ResourceType& type, Json object, const Json* old, bool strict);

}  // namespace headwind::fake
