// SPDX-License-Identifier: Apache-2.0
// A short-lived child whose output we want. Inner header of kube/.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"

namespace headwind::kube {

// Runs `command` (looked up in PATH where it has no slash) with `environment` ("NAME=value") above ours and returns
// what it wrote to stdout, at most 1 MiB. Only the coroutine waits. After `limit` its process group is killed. An error
// holds the end of stderr.
Task<Result<std::string>> run_child(Executor executor, std::vector<std::string> command,
                                    std::vector<std::string> environment, std::chrono::milliseconds limit);

}  // namespace headwind::kube
