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

hw_event lend_event(const Event& event, std::uint32_t minor) {
  hw_event out{};
  out.struct_size = lent_size<hw_event>(minor);
  out.severity = event.severity;
  out.type = lend(event.type);
  out.id = lend(event.id);
  out.unix_ms = event.unix_ms;
  out.subject = lend(event.subject);
  out.old_reference = lend(event.old_reference);
  out.new_reference = lend(event.new_reference);
  out.text = lend(event.text);
  out.link = lend(event.link);
  out.details = lend(event.details);
  return out;
}

class Send final : public Frame {
 public:
  Send(std::shared_ptr<Instance> instance, std::vector<Event> events)
      : Frame(std::move(instance), Function::send), fates(events.size(), HW_CANCELLED), events_(std::move(events)) {
    const std::uint32_t minor = this->instance().runtime().abi_minor;
    for (const Event& event : events_) lent_.push_back(lend_event(event, minor));
    for (const hw_event& event : lent_) pointers_.push_back(&event);
  }
  std::vector<hw_status> fates;

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    const hw_status status = instance().api<hw_notifier_api>().send(instance().self, &call, pointers_.data(),
                                                                    pointers_.size(), fates.data());
    for (const hw_status fate : fates) {
      if (!is_known(fate)) return bad_output("the plugin gave an event the unknown status " + std::to_string(fate));
    }
    if (status != HW_OK && is_known(status)) fill_presets(status);
    return status;
  }

 private:
  // Where it left the preset, the answer of the whole call says more. HW_INVALID is final, though, and is about one
  // event: the one that the plugin marked, else the first that it left. Those behind may not even have been tried.
  void fill_presets(hw_status status) {
    if (status != HW_INVALID) {
      std::ranges::replace(fates, hw_status{HW_CANCELLED}, status);
    } else if (std::ranges::all_of(fates, [](hw_status fate) { return fate == HW_OK || fate == HW_CANCELLED; })) {
      if (const auto first = std::ranges::find(fates, hw_status{HW_CANCELLED}); first != fates.end()) *first = status;
    }
  }

  const std::vector<Event> events_;
  std::vector<hw_event> lent_;
  std::vector<const hw_event*> pointers_;
};

// The rule of the interface: what is not delivered comes again, unless it never can be.
Result<> fate_of(const Send& frame, hw_status fate) {
  if (fate == HW_OK) return {};
  const std::string name(to_string(to_code(fate)));
  Error error = make_error(to_code(fate), "the plugin says \"" + name + "\" of this event and gave no reason");
  if (fate == HW_CANCELLED) error.message = "the plugin did not say what became of this event; it comes again";
  // The sentence of the call is about the events that ended as the call did, and about no other.
  if (const Report& report = frame.reports().front(); report.status == fate) {
    error.message = report.error.message;
    error.retry_after = report.error.retry_after;
  }
  error.retryable = fate != HW_INVALID;
  return frame.in_frame(std::move(error));
}

Task<std::vector<Result<>>> send_all(std::shared_ptr<Send> frame) {
  std::vector<Result<>> out;
  const std::size_t count = frame->fates.size();
  out.reserve(count);
  if (count == 0) co_return out;
  const Result<> ran = co_await run(frame);
  if (!ran) {
    Error error = ran.error();
    error.retryable = true;
    out.assign(count, error);
    co_return out;
  }
  const bool faulty = frame->reports().front().label == "bad_output" || frame->reports().front().label == "exception";
  for (const hw_status fate : frame->fates) {
    // A call that broke the rules vouches only for what it marked as delivered before.
    out.push_back(fate_of(*frame, faulty && fate != HW_OK ? HW_INTERNAL : fate));
  }
  co_return out;
}

}  // namespace

const std::string& Notifier::name() const { return seat_->name(); }

Task<std::vector<Result<>>> Notifier::send(std::vector<Event> events) const {
  return send_all(in_trace(trace_id_, std::make_shared<Send>(seat_->instance(), std::move(events))));
}

}  // namespace headwind::plugin
