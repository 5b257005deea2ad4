// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "fake/json.hpp"

namespace headwind::fake {

// RFC 7386: null removes, objects merge, everything else replaces.
void apply_merge_patch(Json& target, const Json& patch);

// Kubernetes' strategic merge: as above, but lists of things that have a key (containers by name, ...) are merged by
// it; `$patch: delete|replace` and `$setElementOrder/LIST` are obeyed.
void apply_strategic_patch(Json& target, const Json& patch);

}  // namespace headwind::fake
