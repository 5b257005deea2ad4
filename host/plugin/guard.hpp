// SPDX-License-Identifier: Apache-2.0
// The one way into a plugin: asks the breaker, hands the frame to a worker, waits for its end or for the deadline and
// a grace period, writes off what does not come back, counts and measures.
#pragma once
#include <memory>

#include "core/async.hpp"
#include "core/result.hpp"
#include "plugin/frame.hpp"

namespace headwind::plugin {

// Success: the frame is done; its reports and outputs may be read. Failure: it must not be looked at again.
Task<Result<>> run(std::shared_ptr<Frame> frame);
// The same, and the outcome of its single crossing.
Task<Result<>> run_one(std::shared_ptr<Frame> frame);
// The same on the calling thread, without a deadline: for a host without a loop.
Result<> run_here(const std::shared_ptr<Frame>& frame);

}  // namespace headwind::plugin
