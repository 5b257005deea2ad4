// SPDX-License-Identifier: Apache-2.0
// Flux's source-controller and helm-controller as child processes, with the administrator's rights.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "testbed/process.hpp"

namespace headwind::end_to_end {

class FluxControllers {
 public:
  FluxControllers();  // returns when both are ready; throws with a log where one is not. Its definitions are there
                      // before.
  ~FluxControllers();
  FluxControllers(const FluxControllers&) = delete;
  FluxControllers& operator=(const FluxControllers&) = delete;

  std::string log(const std::string& controller) const;

 private:
  testbed::Process start(const std::string& controller, const std::vector<std::string>& more) const;

  std::filesystem::path directory_;
  testbed::Process source_, helm_;
};

}  // namespace headwind::end_to_end
