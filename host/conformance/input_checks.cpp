// SPDX-License-Identifier: Apache-2.0
// What a plugin makes of its inputs, and what it does with them.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "conformance/checks.hpp"
#include "plugin/abi.hpp"
#include "plugin/function.hpp"

namespace headwind::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kThreads = 8, kRounds = 25, kWarm = 200, kMeasured = 400, kLeastLeak = 16;

// A function that computes waits for nobody: it cannot be unavailable, throttled or in conflict.
bool is_answer_of_computation(const Step& step, hw_status status) {
  switch (status) {
    case HW_OK:
    case HW_CANCELLED:
    case HW_INVALID:
    case HW_NOT_FOUND:
    case HW_UNSUPPORTED:
    case HW_INTERNAL: return true;  // the visit says what is wrong with internal
    case HW_DENIED: return step.function == "parse_webhook";
    default: return !plugin::is_known(status);  // likewise
  }
}

milliseconds usual_deadline(const Step& step) {
  for (const plugin::Traits& traits : plugin::kTraits)
    if (traits.name == step.function) return traits.deadline;
  return milliseconds(30'000);
}

// A script that raises something says "not now", and has no reason to where everybody answers.
void judge_script(const Subject& subject, const Step& step, const Ending& ending, TestHost& host) {
  if (ending.status != HW_UNAVAILABLE) return;
  host.note_breach("in " + step.place() + " it answers " + ending.sentence() +
                   (subject.plugin->kind == HW_KIND_POLICY
                        ? "; mend it: the workload would be held"
                        : "; mend it, or raise headwind.Undeliverable for what never can be delivered: the operator "
                          "would try again and again. A secret whose name holds \"url\" leads to a server of this "
                          "check; grant others with --secret"));
}

void judge(const Subject& subject, const Step& step, const Ending& ending, TestHost& host) {
  if (subject.script) {
    judge_script(subject, step, ending, host);
  } else if (step.computes && !is_answer_of_computation(step, ending.status)) {
    host.note_breach("in " + step.place() + " it answers " + ending.sentence() +
                     "; the function computes and waits for nobody: answer ok, or HW_INVALID for what makes no sense");
  }
  if (ending.took > usual_deadline(step))
    host.note_breach("in " + step.place() + " it takes " + std::to_string(ending.took.count()) +
                     " ms; the operator gives up after " + std::to_string(usual_deadline(step).count()) + " ms");
}

Finding call_all(const Subject& subject, Inputs inputs) {
  Instance instance(subject);
  if (instance.create().status != HW_OK) return skipped("create answers " + instance.created().sentence());
  std::size_t well = 0;
  std::string refusal;
  const std::vector<Step> steps = subject.steps(inputs);
  std::set<std::string> broken;  // functions: what is known to go wrong is not tried again and again
  for (const Step& step : steps) {
    if (broken.contains(step.function)) continue;
    const std::size_t before = instance.host().breaches().size();
    instance.host().set_peer(step.peer ? step.peer : Peer(obliging_peer));
    const Ending ending = instance.perform(step);
    judge(subject, step, ending, instance.host());
    if (instance.host().breaches().size() > before) broken.insert(step.function);
    if (ending.status == HW_OK) {
      ++well;
    } else if (refusal.empty()) {
      refusal = step.place() + ": " + ending.sentence();
    }
  }
  instance.destroy();
  if (inputs == Inputs::ordinary && well == 0 && !steps.empty() &&
      (subject.script || std::ranges::all_of(steps, &Step::computes)))
    instance.host().note_remark("in all of these it refuses to answer, first " + refusal +
                                "; give fitting settings with --settings or --config");
  std::string told = std::to_string(well) + " of " + std::to_string(steps.size()) + " calls ended well";
  if (!refusal.empty()) told += "; " + refusal;
  if (subject.script && subject.plugin->kind == HW_KIND_NOTIFIER)
    told += "; the check's own server got " + std::to_string(instance.host().requests()) + " requests";
  return instance.finding(std::move(told));
}

}  // namespace

Finding check_ordinary(const Subject& subject) { return call_all(subject, Inputs::ordinary); }
Finding check_empty(const Subject& subject) { return call_all(subject, Inputs::empty); }
Finding check_huge(const Subject& subject) { return call_all(subject, Inputs::huge); }
Finding check_foreign(const Subject& subject) { return call_all(subject, Inputs::foreign); }

Finding check_lent(const Subject& subject) {
  Instance instance(subject, TakenBack::fenced);
  if (instance.create().status != HW_OK) return skipped("create answers " + instance.created().sentence());
  for (int round = 0; round < 2; ++round)
    for (const Step& step : subject.steps(Inputs::ordinary)) instance.perform(step);
  std::this_thread::sleep_for(milliseconds(20));  // for threads that it may have started
  instance.destroy();
  std::this_thread::sleep_for(milliseconds(20));
  return instance.finding();
}

Finding check_concurrent(const Subject& subject) {
  if ((subject.plugin->flags & HW_PLUGIN_SERIAL) != 0) return skipped("it asks for one call at a time");
  std::vector<Step> steps = subject.steps(Inputs::ordinary);
  std::erase_if(steps, [](const Step& step) { return !step.concurrent; });
  if (steps.empty()) return skipped("its kind has no [concurrent] function");
  Instance instance(subject, TakenBack::unreadable);
  if (instance.create().status != HW_OK) return skipped("create answers " + instance.created().sentence());
  const auto end = steady_clock::now() + milliseconds(1500);
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&, thread] {
      for (std::size_t i = 0; i < kRounds * steps.size() && steady_clock::now() < end; ++i)
        instance.perform(steps[(i + thread) % steps.size()]);
    });
  for (std::thread& thread : threads) thread.join();
  instance.destroy();
  return instance.finding();
}

Finding check_memory(const Subject& subject) {
  Instance instance(subject, TakenBack::unreadable);
  if (instance.create().status != HW_OK) return skipped("create answers " + instance.created().sentence());
  const std::vector<Step> steps = subject.steps(Inputs::ordinary);
  const auto end = steady_clock::now() + milliseconds(3000);
  const auto calls = [&](std::size_t count) {
    std::size_t made = 0;
    for (; made < count && steady_clock::now() < end; ++made) instance.perform(steps[made % steps.size()]);
    return made;
  };
  calls(kWarm);  // caches fill
  const std::size_t start = mallinfo2().uordblks;
  if (start == 0) return skipped("memory is not counted in this build of headwind");
  const std::size_t first = calls(kMeasured);
  const std::size_t middle = mallinfo2().uordblks;
  const std::size_t second = calls(kMeasured);
  const std::size_t last = mallinfo2().uordblks;
  instance.destroy();
  if (second < kMeasured / 4) return skipped("the calls are too slow to measure");
  if (middle > start + first * kLeastLeak && last > middle + second * kLeastLeak)
    return warned("each call keeps about " + std::to_string((last - start) / (first + second)) +
                  " bytes for good; free what a call allocates, or bound the cache");
  return passed();  // the rest has been seen before
}

}  // namespace headwind::conformance
