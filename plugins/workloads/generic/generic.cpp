// SPDX-License-Identifier: Apache-2.0
// headwind.workload.generic: one kind of custom resource per instance, described by its settings.
#include "workloads/generic/images.hpp"
#include "workloads/generic/judge.hpp"
#include "workloads/generic/schema.hpp"

namespace {

namespace workloads = headwind::workloads;
namespace generic = headwind::workloads::generic;

class Generic : public hw::workload {
 public:
  explicit Generic(const hw::config& config) : settings_(generic::read_settings(config)) {}

  hw::target describe() const { return settings_.target; }

  std::vector<hw::image> images(const hw::call&, std::string_view object, const hw::texts&) const {
    std::vector<hw::image> out;
    std::string error;
    if (!generic::read_images(object, settings_, out, error)) throw hw::error(hw::code::invalid, error);
    return out;
  }

  hw::rollout rollout(const hw::call&, std::string_view object, const hw::texts& companions) const {
    if (settings_.ready.empty())
      throw hw::error(hw::code::unsupported, "no rollout is followed: the settings have no rule in ready");
    workloads::Rollout seen;
    std::string error;
    const std::vector<std::string_view> found(companions.begin(), companions.end());
    if (!generic::read_rollout(object, found, settings_, seen, error)) throw hw::error(hw::code::invalid, error);
    return {static_cast<hw::rollout::state>(seen.state), seen.ready, seen.wanted, std::move(seen.reason)};
  }

 private:
  const generic::Settings settings_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Generic>{.id = "headwind.workload.generic",
                                    .version = "1.0.0",
                                    .summary = "Images and rollouts of any custom resource, by paths",
                                    .schema = generic::settings_schema});
