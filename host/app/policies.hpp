// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "plugin/host.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// The engine's Policies port over the policy plugins. The names of 0.1.x (none patch minor major all glob force)
// belong to the instance "semver", python/NAME to the instance NAME of headwind.policy.python; plugin/NAME, or NAME
// alone, is any instance.
class PluginPolicies final : public update::Policies {
 public:
  explicit PluginPolicies(std::vector<plugin::Policy> instances) : instances_(std::move(instances)) {}
  // Instances have come or gone.
  void use(std::vector<plugin::Policy> instances) { instances_ = std::move(instances); }
  bool knows(std::string_view policy) const override { return find(policy) != nullptr; }
  Task<Result<update::Choice>> choose(update::PolicyQuery query, update::Candidates candidates) override;

 private:
  const plugin::Policy* find(std::string_view policy) const;
  std::vector<plugin::Policy> instances_;
};

}  // namespace headwind::app
