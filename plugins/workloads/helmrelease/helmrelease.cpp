// SPDX-License-Identifier: Apache-2.0
// headwind.workload.helmrelease: the chart of a Flux HelmRelease, and on request the images in its values.
#include "workloads/helmrelease/release_rollout.hpp"
#include "workloads/helmrelease/slots.hpp"

namespace {

namespace workloads = headwind::workloads;

class HelmRelease : public hw::workload {
 public:
  hw::target describe() const {
    return {"helm.toolkit.fluxcd.io",
            "helmreleases",
            "HelmRelease",
            {"v2", "v2beta2"},
            {"source.toolkit.fluxcd.io/helmrepositories", "source.toolkit.fluxcd.io/ocirepositories"}};
  }

  std::vector<hw::image> images(const hw::call&, std::string_view object, const hw::texts& related) const {
    workloads::Value root;
    std::string error;
    if (!workloads::parse_object(object, root, error)) throw hw::error(hw::code::invalid, error);
    if (const auto kind = workloads::text_of(root["kind"]); !kind.empty() && kind != "HelmRelease")
      throw hw::error(hw::code::invalid, "the object is a " + std::string(kind.substr(0, 64)) + ", not a HelmRelease");
    std::vector<hw::image> values, out;
    workloads::read_values(root, values);
    const workloads::Release release = workloads::read_release(root);
    workloads::read_chart(release, objects(related), out);
    out.insert(out.end(), std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
    return out;
  }

  hw::rollout rollout(const hw::call&, std::string_view object, const hw::texts& companions) const {
    workloads::Rollout seen;
    std::string error;
    if (!workloads::read_release_rollout(object, objects(companions), seen, error))
      throw hw::error(hw::code::invalid, error);
    return {static_cast<hw::rollout::state>(seen.state), seen.ready, seen.wanted, std::move(seen.reason)};
  }

 private:
  static workloads::Objects objects(const hw::texts& texts) { return {texts.begin(), texts.end()}; }
};

}  // namespace

HEADWIND_MODULE(hw::plugin<HelmRelease>{
    .id = "headwind.workload.helmrelease", .version = "1.0.0", .summary = "Charts and rollouts of Flux HelmReleases"});
