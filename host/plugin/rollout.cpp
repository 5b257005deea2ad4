// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin/abi.hpp"
#include "plugin/frame.hpp"
#include "plugin/guard.hpp"
#include "plugin/instance.hpp"
#include "plugin/seat.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kLongestReason = 4096;

class ReadRollout final : public Frame {
 public:
  ReadRollout(std::shared_ptr<Instance> instance, std::string object, std::vector<std::string> companions)
      : Frame(std::move(instance), Function::rollout), object_(std::move(object)), companions_(std::move(companions)) {
    lent_.reserve(companions_.size());
    for (const std::string& companion : companions_) lent_.push_back(lend(companion));
  }
  Rollout rollout;

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    hw_rollout out{};
    out.struct_size = lent_size<hw_rollout>(instance().runtime().abi_minor);
    out.state = HW_ROLLOUT_RUNNING;
    const hw_status status = instance().api<hw_workload_api>().rollout(instance().self, &call, lend(object_),
                                                                       lent_.data(), lent_.size(), &out, &sinks().text);
    if (status != HW_OK) return status;
    if (out.state < HW_ROLLOUT_RUNNING || out.state > HW_ROLLOUT_HELD)
      return bad_output("the plugin gave a rollout a state that this host does not know");
    rollout.state = static_cast<Rollout::State>(out.state);
    rollout.ready = std::max(out.ready, 0);
    rollout.wanted = std::max(out.wanted, 0);
    rollout.reason = blot(rollout.reason);
    return HW_OK;
  }

  hw_status on_text(hw_str chunk) override {
    if (!is_text(chunk)) return reject("the reason of a rollout is not UTF-8");
    const std::string_view text = view(chunk);
    if (rollout.reason.size() + text.size() > kLongestReason) return reject("the reason of a rollout is too long");
    rollout.reason += text;
    return HW_OK;
  }

 private:
  const std::string object_;
  const std::vector<std::string> companions_;
  std::vector<hw_str> lent_;
};

Task<Result<Rollout>> read_rollout(std::shared_ptr<ReadRollout> frame) {
  const Result<> ran = co_await run_one(frame);
  if (!ran) co_return ran.error();
  co_return std::move(frame->rollout);
}

}  // namespace

Task<Result<Rollout>> Workload::rollout(std::string object, std::vector<std::string> companions) const {
  return read_rollout(
      in_trace(trace_id_, std::make_shared<ReadRollout>(seat_->instance(), std::move(object), std::move(companions))));
}

}  // namespace headwind::plugin
