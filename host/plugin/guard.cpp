// SPDX-License-Identifier: Apache-2.0
#include "plugin/guard.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <utility>

#include "core/clock.hpp"
#include "plugin/instance.hpp"
#include "plugin/waiter.hpp"
#include "telemetry/log.hpp"

namespace headwind::plugin {
namespace {

// A webhook's body comes from strangers. They must not be able to switch a registry off, so what goes wrong while
// one is parsed is counted and reported, but does not open the breaker.
bool is_fed_by_strangers(Function function) { return function == Function::parse_webhook; }

void count(Frame& frame, std::string_view status, double by) {
  frame.instance().metrics().count(frame.function(), status, by);
  frame.instance().tally().count(status, static_cast<std::uint64_t>(by));
}

void account(Frame& frame) {
  Instance& instance = frame.instance();
  double seconds = 0;
  std::string_view label;
  double same = 0;
  const Error* failure = nullptr;
  for (const Report& report : frame.reports()) {
    seconds += report.seconds;
    if (report.label != label) {  // a page mostly ends in one way: one addition for it
      if (same > 0) count(frame, label, same);
      label = report.label;
      same = 0;
    }
    ++same;
    if (report.status != HW_OK) failure = &report.error;
  }
  if (same > 0) count(frame, label, same);
  if (failure != nullptr) instance.tally().failed(frame.in_frame(*failure).message);
  instance.metrics().time(frame.function(), seconds, frame.trace_id);

  if (frame.reports().empty() || is_fed_by_strangers(frame.function())) return;
  // One odd object in a page is that object's trouble.
  if (!std::ranges::all_of(frame.reports(), [](const Report& report) { return report.fault; })) {
    instance.breaker().succeed();
  } else if (instance.breaker().fault(system_clock().mono_ms())) {
    telemetry::warn("plugin", "an instance rests after repeated faults",
                    {{"instance", instance.name()},
                     {"function", traits(frame.function()).name},
                     {"error", frame.reports().back().error.message}});
    instance.tell_outage();
  }
}

Error not_run(Frame& frame, std::string_view status, Error error) {
  count(frame, status, 1);
  error = frame.in_frame(std::move(error));
  // That it rests is no news of the plugin: what made it rest stays to be read.
  if (status != "refused") frame.instance().tally().failed(error.message);
  return error;
}

// An instance is created and destroyed whatever its breaker says.
std::optional<Error> refusal_of(const Frame& frame) {
  if (frame.function() == Function::destroy || frame.function() == Function::create) return std::nullopt;
  return frame.instance().breaker().refusal(system_clock().mono_ms());
}

Error quarantine(Frame& frame) {
  Instance& instance = frame.instance();
  instance.write_off(frame);
  Error error =
      frame.fault("the plugin did not return within " + std::to_string(instance.deadline(frame.function()).count()) +
                  " ms; the call was abandoned and the instance quarantined");
  error.code = Code::cancelled;
  return not_run(frame, "overrun", std::move(error));
}

}  // namespace

Task<Result<>> run(std::shared_ptr<Frame> frame) {
  Instance& instance = frame->instance();
  if (std::optional<Error> refusal = refusal_of(*frame)) co_return not_run(*frame, "refused", std::move(*refusal));
  const auto waiter = std::make_shared<Waiter>(co_await boost::asio::this_coro::executor);
  frame->waiter = waiter;
  if (!instance.submit(frame))
    co_return not_run(*frame, "refused", make_error(Code::unavailable, "too many calls are waiting; try again later"));

  const std::int64_t grace = std::max<std::int64_t>(1, instance.runtime().grace.count());
  std::int64_t allowance = 0, expected = 0;
  for (;;) {
    const Frame::Stage stage = frame->stage();
    if (stage == Frame::Stage::done) break;
    if (stage == Frame::Stage::dropped)
      co_return not_run(*frame, "refused",
                        make_error(Code::unavailable, "the instance was quarantined meanwhile; " + instance.remedy()));
    const std::int64_t now = system_clock().mono_ms();
    // Where this very timer came late, the process or the machine was held up, and so was the plugin.
    if (expected != 0 && now > expected + grace / 2) allowance += now - expected + grace;
    expected = frame->due_ms() + allowance;
    if (now >= expected) {
      if (stage == Frame::Stage::waiting && frame->drop())
        co_return not_run(*frame, "not_started", make_error(Code::cancelled, "no worker was free before its deadline"));
      if (stage == Frame::Stage::running && frame->abandon()) co_return quarantine(*frame);
      continue;
    }
    boost::system::error_code woken;
    waiter->timer.expires_after(std::chrono::milliseconds(expected - now));
    co_await waiter->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  }
  account(*frame);
  co_return Result<>();
}

Task<Result<>> run_one(std::shared_ptr<Frame> frame) {
  Result<> ran = co_await run(frame);
  if (!ran) co_return ran;
  co_return frame->result();
}

Result<> run_here(const std::shared_ptr<Frame>& frame) {
  if (std::optional<Error> refusal = refusal_of(*frame)) return not_run(*frame, "refused", std::move(*refusal));
  frame->execute();
  account(*frame);
  return frame->result();
}

}  // namespace headwind::plugin
