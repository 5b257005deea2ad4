// SPDX-License-Identifier: Apache-2.0
// Whether a plugin lets go when it is told to.
#include <chrono>
#include <string>
#include <thread>

#include "conformance/checks.hpp"
#include "plugin/abi.hpp"

namespace headwind::conformance {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSoon{1000};      // the operator's own grace
constexpr std::int64_t kDeadline = 200;  // ms
constexpr milliseconds kUntilCancelled{100};

void judge(const Step& step, const Ending& ending, milliseconds due, const char* when, TestHost& host) {
  if (ending.took > due + kSoon)
    host.note_breach("in " + step.place() + " it returns " + std::to_string((ending.took - due).count()) +
                     " ms after " + when + "; wait by the host's services, and look at host->cancelled in loops");
}

}  // namespace

Finding check_cancelled(const Subject& subject) {
  Instance instance(subject);
  if (instance.create().status != HW_OK) return skipped("create answers " + instance.created().sentence());
  TestHost& host = instance.host();
  host.cancelled = true;
  for (const Step& step : subject.steps(Inputs::ordinary))
    judge(step, instance.perform(step), milliseconds(0), "it was called, though the call was cancelled before", host);
  if (subject.needs(HW_SERVICE_HTTP)) {
    host.set_peer(always({.kind = Reply::Kind::silent}));
    for (const Step& step : subject.steps(Inputs::ordinary)) {
      if (step.computes) continue;
      host.cancelled = false;
      std::thread canceller([&] {
        std::this_thread::sleep_for(kUntilCancelled);
        host.cancelled = true;
      });
      const Ending ending = instance.perform(step);
      canceller.join();
      judge(step, ending, kUntilCancelled, "the call was cancelled", host);
    }
  }
  instance.destroy();
  return instance.finding();
}

Finding check_deadline(const Subject& subject) {
  Instance instance(subject);
  if (instance.create().status != HW_OK) return skipped("create answers " + instance.created().sentence());
  TestHost& host = instance.host();
  // A script is told no deadline: that of its instance is settings.seconds.
  if (!subject.script) host.set_peer(always({.kind = Reply::Kind::silent}));
  host.deadline_ms = kDeadline;
  for (const Step& step : subject.steps(Inputs::ordinary)) {
    if (step.computes) continue;
    const Ending ending = instance.perform(step);
    judge(step, ending, milliseconds(kDeadline), "its deadline", host);
    if (!subject.script && ending.requests > 0 && ending.status == HW_OK)
      host.note_breach("in " + step.place() + " it answers ok although nobody answered its request in time");
  }
  instance.destroy();
  return instance.finding();
}

Finding check_sinks(const Subject& subject) {
  if (subject.plugin->kind == HW_KIND_NOTIFIER) return skipped("a notifier puts no results");
  Instance instance(subject);
  if (instance.create().status != HW_OK) return skipped("create answers " + instance.created().sentence());
  instance.host().refuses_results = true;
  for (const Step& step : subject.steps(Inputs::ordinary)) instance.perform(step);
  instance.destroy();
  return instance.finding();
}

}  // namespace headwind::conformance
