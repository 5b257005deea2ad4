// SPDX-License-Identifier: Apache-2.0
// The shared functions, dressed as a plugin: a kind adds its names and how it reads a rollout.
#pragma once
#include <headwind/sdk.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/core/pod_template.hpp"

namespace headwind::workloads {

using RolloutReader = bool (*)(std::string_view object, Rollout& out, std::string& error);

class WorkloadPlugin : public hw::workload {
 public:
  hw::target describe() const { return target_; }

  std::vector<hw::image> images(const hw::call&, std::string_view object, const hw::texts&) const {
    std::vector<Image> found;
    std::string error;
    if (!read_images(object, target_.kind, found, error)) throw hw::error(hw::code::invalid, error);
    std::vector<hw::image> out;
    out.reserve(found.size());
    for (auto& image : found)
      out.push_back({std::move(image.slot), std::move(image.reference), std::move(image.pointer),
                     std::move(image.guard_pointer), std::move(image.guard_value)});
    return out;
  }

  hw::rollout rollout(const hw::call&, std::string_view object, const hw::texts&) const {
    Rollout seen;
    std::string error;
    if (!read_rollout_(object, seen, error)) throw hw::error(hw::code::invalid, error);
    return {static_cast<hw::rollout::state>(seen.state), seen.ready, seen.wanted, std::move(seen.reason)};
  }

 protected:
  WorkloadPlugin(std::string plural, std::string kind, std::vector<std::string> companions, RolloutReader read_rollout)
      : target_{"apps", std::move(plural), std::move(kind), {"v1"}, {}, std::move(companions)},
        read_rollout_(read_rollout) {}
  ~WorkloadPlugin() = default;

 private:
  hw::target target_;
  RolloutReader read_rollout_;
};

}  // namespace headwind::workloads
