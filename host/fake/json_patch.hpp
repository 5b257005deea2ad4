// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "fake/status.hpp"

namespace headwind::fake {

// RFC 6902 as an API server applies it. `test` against null passes where the member is absent, but not where its
// parent is. 400 for what is not a list of operations, 422 without causes for an operation that does not apply.
Outcome<Json> apply_json_patch(Json document, const Json& operations);

}  // namespace headwind::fake
