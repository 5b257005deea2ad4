// SPDX-License-Identifier: Apache-2.0
#include "update/rollout_judge.hpp"

#include <gtest/gtest.h>

namespace headwind::update {
namespace {

using State = RolloutView::State;
using Verdict = RolloutVerdict;
constexpr RolloutLimits limits{};  // 300 s, 3 looks 10 s apart, done for 10 s

RolloutView view(State state) { return {state, 0, 1, {}, {}, {}}; }

TEST(RolloutJudge, done_counts_once_it_has_lasted) {
  RolloutJudge judge(0);
  judge.see(view(State::done), 5'000);
  EXPECT_EQ(judge.judge(limits, 5'000), Verdict::open);
  EXPECT_EQ(judge.next_ms(limits, 5'000), 15'000);
  EXPECT_EQ(judge.judge(limits, 15'000), Verdict::done);
}

TEST(RolloutJudge, a_crash_after_it_was_done_begins_anew) {
  RolloutJudge judge(0);
  judge.see(view(State::done), 5'000);
  judge.see(view(State::running), 9'000);
  judge.see(view(State::done), 12'000);
  EXPECT_EQ(judge.judge(limits, 16'000), Verdict::open);
  EXPECT_EQ(judge.judge(limits, 22'000), Verdict::done);
}

TEST(RolloutJudge, a_failure_counts_when_every_look_of_the_retries_saw_it) {
  RolloutJudge judge(0);
  judge.see(view(State::failed), 1'000);
  EXPECT_EQ(judge.judge(limits, 20'999), Verdict::open);
  judge.see(view(State::failed), 15'000);
  EXPECT_EQ(judge.next_ms(limits, 15'000), 21'000);
  EXPECT_EQ(judge.judge(limits, 21'000), Verdict::failed);
}

TEST(RolloutJudge, progress_between_two_failures_counts_from_the_beginning) {
  RolloutJudge judge(0);
  judge.see(view(State::failed), 1'000);
  judge.see(view(State::running), 12'000);
  judge.see(view(State::failed), 13'000);
  EXPECT_EQ(judge.judge(limits, 21'000), Verdict::open);
  EXPECT_EQ(judge.judge(limits, 33'000), Verdict::failed);
}

TEST(RolloutJudge, one_retry_or_none_takes_the_first_look) {
  for (const std::uint32_t retries : {0U, 1U}) {
    RolloutJudge judge(0);
    judge.see(view(State::failed), 1'000);
    RolloutLimits hasty = limits;
    hasty.retries = retries;
    EXPECT_EQ(judge.judge(hasty, 1'000), Verdict::failed);
  }
}

TEST(RolloutJudge, what_is_not_complete_in_time_is_late) {
  RolloutJudge judge(1'000);
  judge.see(view(State::running), 2'000);
  EXPECT_EQ(judge.next_ms(limits, 2'000), 301'000);
  EXPECT_EQ(judge.judge(limits, 300'999), Verdict::open);
  EXPECT_EQ(judge.judge(limits, 301'000), Verdict::late);
}

TEST(RolloutJudge, the_time_for_which_it_is_held_does_not_count) {
  RolloutJudge judge(0);
  judge.see(view(State::held), 100'000);
  EXPECT_EQ(judge.judge(limits, 10'000'000), Verdict::open);
  EXPECT_FALSE(judge.next_ms(limits, 10'000'000));
  judge.see(view(State::running), 1'100'000);
  EXPECT_EQ(judge.judge(limits, 1'299'999), Verdict::open);
  EXPECT_EQ(judge.judge(limits, 1'300'000), Verdict::late);
}

TEST(RolloutJudge, nothing_is_concluded_from_what_cannot_be_seen) {
  RolloutJudge judge(0);
  EXPECT_EQ(judge.judge(limits, 900'000), Verdict::open);
  judge.see(view(State::failed), 1'000);
  judge.lose_sight(2'000);
  EXPECT_EQ(judge.judge(limits, 900'000), Verdict::open);
  judge.see(view(State::running), 500'000);
  EXPECT_EQ(judge.judge(limits, 500'000), Verdict::open) << "the time in the dark does not count";
}

}  // namespace
}  // namespace headwind::update
