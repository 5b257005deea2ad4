// SPDX-License-Identifier: Apache-2.0
// What was proposed while a bad version ran is still news when that version has been rolled back.
#pragma once
#include "update/context.hpp"

namespace headwind::update {

// To be called before `request` ends because the workload no longer runs what it would have replaced. Where that is our
// own rollback, its version goes back into the inbox for this workload, which decides on it anew; it is durable when
// this returns. Where a person changed the image, nothing happens: theirs is the last word.
Task<Result<>> look_again_after_rollback(Context& context, UpdateRequest request);

}  // namespace headwind::update
