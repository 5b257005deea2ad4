// SPDX-License-Identifier: Apache-2.0
// The shared functions, dressed as a plugin: a kind adds its names, where its pod template lies and, if there is a
// rollout to watch, how it is read.
#pragma once
#include <headwind/sdk.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "workloads/core/pod_template.hpp"
#include "workloads/core/rollout.hpp"

namespace headwind::workloads {

// A kind with a pod template, and no rollout: hosts are told that it cannot be followed.
class TemplatePlugin : public hw::workload {
 public:
  hw::target describe() const { return target_; }

  std::vector<hw::image> images(const hw::call&, std::string_view object, const hw::texts&) const {
    std::vector<Image> found;
    std::string error;
    if (!read_images(object, target_.kind, pod_template_, found, error)) throw hw::error(hw::code::invalid, error);
    std::vector<hw::image> out;
    out.reserve(found.size());
    for (auto& image : found)
      out.push_back({std::move(image.slot), std::move(image.reference), std::move(image.pointer),
                     std::move(image.guard_pointer), std::move(image.guard_value)});
    return out;
  }

 protected:
  TemplatePlugin(hw::target target, std::string pod_template)
      : target_(std::move(target)), pod_template_(std::move(pod_template)) {}
  ~TemplatePlugin() = default;

 private:
  hw::target target_;
  std::string pod_template_;  // JSON pointer
};

using RolloutReader = bool (*)(std::string_view object, const Companions& companions, Rollout& out, std::string& error);

// A kind of apps/v1, whose controller replaces pods.
class WorkloadPlugin : public TemplatePlugin {
 public:
  hw::rollout rollout(const hw::call&, std::string_view object, const hw::texts& companions) const {
    Companions found;
    for (const std::string_view companion : companions) found.add(companion);
    Rollout seen;
    std::string error;
    if (!read_rollout_(object, found, seen, error)) throw hw::error(hw::code::invalid, error);
    return {static_cast<hw::rollout::state>(seen.state), seen.ready, seen.wanted, std::move(seen.reason)};
  }

 protected:
  WorkloadPlugin(std::string plural, std::string kind, std::vector<std::string> companions, RolloutReader read_rollout)
      : TemplatePlugin({"apps", std::move(plural), std::move(kind), {"v1"}, {}, std::move(companions)},
                       "/spec/template"),
        read_rollout_(read_rollout) {}
  ~WorkloadPlugin() = default;

 private:
  RolloutReader read_rollout_;
};

}  // namespace headwind::workloads
