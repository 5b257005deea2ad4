// SPDX-License-Identifier: Apache-2.0
// The environment variables by which Amazon tells a program who it is, as they were when the plugin was created.
#pragma once
#include <map>
#include <string>
#include <string_view>

namespace headwind::registries::ecr {

class Environment {
 public:
  explicit Environment(std::map<std::string, std::string, std::less<>> variables) : variables_(std::move(variables)) {}
  static Environment of_process();

  std::string get(std::string_view name) const;  // empty where not set
  bool is_true(std::string_view name) const;     // "true" in any case
  std::string region() const;                    // AWS_REGION, else AWS_DEFAULT_REGION

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace headwind::registries::ecr
