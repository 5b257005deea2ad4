// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"

namespace headwind::app {

// Start-up as a table: named steps, run in order and undone in reverse.
struct Step {
  const char* name;
  std::function<Task<Result<>>()> start;
  std::function<Task<>()> stop;  // may be empty
};

class Startup {
 public:
  explicit Startup(std::vector<Step> steps) : steps_(std::move(steps)) {}
  // A failure names its step; what had started is stopped.
  Task<Result<>> start();
  Task<> stop();  // idempotent

 private:
  std::vector<Step> steps_;
  std::size_t started_ = 0;
};

}  // namespace headwind::app
