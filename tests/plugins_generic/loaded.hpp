// SPDX-License-Identifier: Apache-2.0
// The shared object, through its C tables.
#pragma once
#include <gtest/gtest.h>
#include <headwind/sdk.hpp>
#include <headwind/sdk/testing.hpp>
#include <string>
#include <vector>

namespace headwind::workloads::generic {

class Loaded {
 public:
  explicit Loaded(const std::string& settings)
      : plugin_(host_, hw::testing::load(std::string(WORKLOAD_PLUGINS) + "/headwind-workload-generic.so"), settings) {}

  static Loaded with_preset(const std::string& name) { return Loaded(R"({"preset":")" + name + "\"}"); }

  hw_status created() const { return plugin_.status(); }
  std::string failure() const { return host_.failures.empty() ? "" : host_.failures.back().message; }

  // "group/version/plural Kind", then its companions.
  std::vector<std::string> describe() {
    std::vector<std::string> out;
    const hw_target_sink sink{sizeof(hw_target_sink), 0, &out, [](void* ctx, const hw_target* target) -> hw_status {
                                auto& rows = *static_cast<std::vector<std::string>*>(ctx);
                                rows.push_back(text(target->group) + "/" + target->versions[0] + "/" +
                                               text(target->plural) + " " + text(target->kind));
                                for (auto* one = target->companions; *one; ++one) rows.emplace_back(*one);
                                return HW_OK;
                              }};
    EXPECT_EQ(api().describe(plugin_.self(), host_.call(), &sink), HW_OK);
    return out;
  }

  // "slot reference" of each image, and "tag" where it is a version only.
  std::vector<std::string> images(const std::string& object) {
    std::vector<std::string> out;
    const hw_image_sink sink{sizeof(hw_image_sink), 0, &out, [](void* ctx, const hw_image* image) -> hw_status {
                               static_cast<std::vector<std::string>*>(ctx)->push_back(
                                   text(image->slot) + " " + text(image->reference) +
                                   ((image->flags & HW_IMAGE_VERSION_ONLY) != 0 ? " tag" : ""));
                               return HW_OK;
                             }};
    status = api().images(plugin_.self(), host_.call(), hw::str(object), nullptr, 0, &sink);
    return out;
  }

  // "done", "failed", ...; `reason` says why.
  std::string rollout(const std::string& object, const std::vector<std::string>& companions = {}) {
    static const char* names[]{"running", "done", "failed", "held"};
    std::vector<hw_str> rows;
    for (const std::string& one : companions) rows.push_back(hw::str(one));
    reason.clear();
    hw_rollout out{sizeof(hw_rollout), -1, -1, -1};
    const hw_sink sink{this, [](void* ctx, hw_str chunk) -> hw_status {
                         static_cast<Loaded*>(ctx)->reason += text(chunk);
                         return HW_OK;
                       }};
    status = api().rollout(plugin_.self(), host_.call(), hw::str(object), rows.data(), rows.size(), &out, &sink);
    return status == HW_OK && out.state >= 0 && out.state <= 3 ? names[out.state] : "no verdict";
  }

  hw_status status = HW_OK;
  std::string reason;

 private:
  static std::string text(hw_str value) { return std::string(hw::view(value)); }
  const hw_workload_api& api() const { return *plugin_.api<hw_workload_api>(); }

  hw::testing::fake_host host_;
  hw::testing::instance plugin_;
};

}  // namespace headwind::workloads::generic
