// SPDX-License-Identifier: Apache-2.0
// A workload under test. Each function throws hw::error where the plugin reports a failure.
//
//   hw::testing::workload workload(host);
//   EXPECT_EQ(workload.images(R"({"spec": {"image": "web:1.2.3"}})").at(0).pointer, "/spec/image");
#pragma once
#include <headwind/sdk/testing/calls.hpp>
#include <headwind/sdk/workload.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hw::testing {

class workload : public driver {
 public:
  explicit workload(fake_host& host, std::string_view settings = "{}", const hw_module* module = hw_entry_v1())
      : driver(host, settings, module) {}

  hw::target describe() {
    std::vector<hw::target> found;
    const hw_target_sink sink{sizeof(hw_target_sink), 0, &found, &put_target};
    demand([&](const hw_call* call) { return api<hw_workload_api>()->describe(self(), call, &sink); });
    if (found.size() != 1) throw std::logic_error("describe() must put one target");
    return std::move(found.front());
  }
  std::vector<hw::image> images(std::string_view object, const std::vector<std::string>& related = {}) {
    loans texts;
    std::vector<hw::image> found;
    const hw_image_sink sink{sizeof(hw_image_sink), 0, &found, &put_image};
    const std::vector<hw_str> others = lend_all(texts, related);
    demand([&](const hw_call* call) {
      return api<hw_workload_api>()->images(self(), call, texts.lend(object), others.data(), others.size(), &sink);
    });
    return found;
  }
  hw::rollout rollout(std::string_view object, const std::vector<std::string>& companions = {}) {
    if (!api<hw_workload_api>()->rollout) throw error(code::unsupported, "the plugin has no rollout");
    loans texts;
    hw::rollout seen;
    hw_rollout raw{sizeof(hw_rollout), HW_ROLLOUT_RUNNING, 0, 0};
    const hw_sink reason{&seen.reason, &put_reason};
    const std::vector<hw_str> others = lend_all(texts, companions);
    demand([&](const hw_call* call) {
      return api<hw_workload_api>()->rollout(self(), call, texts.lend(object), others.data(), others.size(), &raw,
                                             &reason);
    });
    if (raw.state < HW_ROLLOUT_RUNNING || raw.state > HW_ROLLOUT_HELD)
      throw std::logic_error("rollout() gave a state that is none");
    seen.now = static_cast<hw::rollout::state>(raw.state);
    seen.ready = raw.ready;
    seen.wanted = raw.wanted;
    return seen;
  }

 private:
  static std::vector<hw_str> lend_all(loans& texts, const std::vector<std::string>& objects) {
    std::vector<hw_str> lent;
    for (const std::string& object : objects) lent.push_back(texts.lend(object));
    return lent;
  }
  static std::vector<std::string> list(const char* const* texts) {
    std::vector<std::string> all;
    for (; texts && *texts; ++texts) all.emplace_back(*texts);
    return all;
  }
  static hw_status put_target(void* ctx, const hw_target* one) noexcept {
    static_cast<std::vector<hw::target>*>(ctx)->push_back(
        {std::string(view(one->group)), std::string(view(one->plural)), std::string(view(one->kind)),
         list(one->versions), list(one->related), list(one->companions)});
    return HW_OK;
  }
  static hw_status put_image(void* ctx, const hw_image* one) noexcept {
    static_cast<std::vector<hw::image>*>(ctx)->push_back(
        {std::string(view(one->slot)), std::string(view(one->reference)), std::string(view(one->pointer)),
         std::string(view(one->guard_pointer)), std::string(view(one->guard_value)), std::string(view(one->object)),
         (one->flags & HW_IMAGE_VERSION_ONLY) != 0});
    return HW_OK;
  }
  static hw_status put_reason(void* ctx, hw_str chunk) noexcept {
    *static_cast<std::string*>(ctx) += view(chunk);
    return HW_OK;
  }
};

}  // namespace hw::testing
