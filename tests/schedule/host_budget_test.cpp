// SPDX-License-Identifier: Apache-2.0
#include "schedule/host_budget.hpp"

#include <gtest/gtest.h>

#include <map>

namespace headwind::schedule {
namespace {

using Headers = std::map<std::string, std::string>;
using Urgency = HostBudget::Urgency;

std::optional<RateLimit> read(const Headers& headers, std::int64_t now_unix_ms = 0) {
  return rate_limit_of(
      [&](std::string_view name) {
        const auto found = headers.find(std::string(name));
        return found == headers.end() ? std::string_view() : std::string_view(found->second);
      },
      now_unix_ms);
}

Result<> failure(Code code, std::int64_t retry_after_ms = 0) {
  Error error = make_error(code, "it answered 503");
  error.retry_after = std::chrono::milliseconds(retry_after_ms);
  return error;
}

std::int64_t wait(HostBudget& budget, Urgency urgency, std::int64_t now) {
  const auto refusal = budget.refusal("r.io", urgency, now);
  return refusal ? refusal->retry_after.count() : 0;
}

TEST(RateLimit, IsReadFromEveryStyleOfHeader) {
  const auto hub = read({{"ratelimit-limit", "100;w=21600"}, {"ratelimit-remaining", "20;w=21600"}});
  ASSERT_TRUE(hub);
  EXPECT_EQ(hub->limit, 100);
  EXPECT_EQ(hub->remaining, 20);
  EXPECT_EQ(hub->window_ms, 21'600'000);
  const auto github =
      read({{"x-ratelimit-limit", "5000"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1700000060"}},
           1'700'000'000'000);
  ASSERT_TRUE(github);
  EXPECT_EQ(github->reset, 60'000);
  const auto draft = read({{"ratelimit-limit", "10"}, {"ratelimit-remaining", "1"}, {"ratelimit-reset", "7"}});
  ASSERT_TRUE(draft);
  EXPECT_EQ(draft->reset, 7'000);
  for (const Headers& none : {Headers{}, Headers{{"ratelimit-limit", "x"}, {"ratelimit-remaining", "1"}},
                              Headers{{"ratelimit-limit", "0"}, {"ratelimit-remaining", "0"}},
                              Headers{{"ratelimit-limit", "99999999999999999999"}, {"ratelimit-remaining", "1"}}})
    EXPECT_FALSE(read(none));
}

TEST(HostBudget, IsObeyedToTheMillisecondAndConcernsOneHost) {
  HostBudget budget;
  budget.ended("r.io", failure(Code::throttled, 12'345), 1'000);
  EXPECT_EQ(wait(budget, Urgency::push, 1'000), 12'345);
  EXPECT_EQ(wait(budget, Urgency::list, 13'344), 1);
  EXPECT_EQ(wait(budget, Urgency::list, 13'345), 0);
  EXPECT_FALSE(budget.refusal("other.io", Urgency::list, 1'000));
}

TEST(HostBudget, WhatWasAskedForHoldsAgainstAnswersThatWereOnTheirWay) {
  HostBudget budget;
  budget.ended("r.io", failure(Code::throttled, 60'000), 0);
  budget.ended("r.io", {}, 1);
  budget.ended("r.io", failure(Code::not_found), 2);
  EXPECT_EQ(wait(budget, Urgency::push, 3), 59'997);
  EXPECT_EQ(wait(budget, Urgency::push, 60'000), 0);
}

TEST(HostBudget, ListsArePacedWhenLittleIsLeftPushesAreNot) {
  HostBudget budget;
  budget.limited("r.io", "r.io", {100, 20, 21'600'000, {}}, 0);
  EXPECT_EQ(wait(budget, Urgency::list, 0), 0);
  budget.limited("r.io", "r.io", {100, 9, 21'600'000, {}}, 0);
  EXPECT_EQ(wait(budget, Urgency::list, 0), 216'000);
  EXPECT_EQ(wait(budget, Urgency::push, 0), 0);
  EXPECT_EQ(wait(budget, Urgency::list, 216'000), 0) << "one list";
  EXPECT_EQ(wait(budget, Urgency::list, 216'000), 216'000) << "and no other before its answer";
  budget.limited("r.io", "r.io", {100, 0, 3'600'000, 1'800'000}, 0);
  EXPECT_EQ(wait(budget, Urgency::list, 0), 1'800'000);
  budget.limited("r.io", "r.io", {100, 100, 21'600'000, {}}, 0);
  EXPECT_EQ(wait(budget, Urgency::list, 0), 0);
  EXPECT_EQ(budget.remaining("r.io")->remaining, 100);
}

TEST(HostBudget, TheTightestOfARegistrysServersCounts) {
  HostBudget budget;
  budget.limited("docker.io", "registry-1.docker.io", {100, 2, 21'600'000, {}}, 0);
  budget.limited("docker.io", "hub.docker.com", {180, 179, 60'000, {}}, 0);
  EXPECT_EQ(budget.remaining("docker.io")->remaining, 2);
  EXPECT_TRUE(budget.refusal("docker.io", Urgency::list, 0));
}

TEST(HostBudget, AHostThatKeepsFailingRestsAndIsTriedByOne) {
  HostBudget budget;
  for (int i = 0; i < 2; ++i) budget.ended("r.io", failure(Code::unavailable), 0);
  EXPECT_EQ(wait(budget, Urgency::push, 0), 0);
  budget.ended("r.io", failure(Code::cancelled), 0);
  const auto refusal = budget.refusal("r.io", Urgency::push, 0);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, Code::unavailable);
  EXPECT_NE(refusal->message.find("it answered 503"), std::string::npos) << refusal->message;
  EXPECT_EQ(wait(budget, Urgency::push, 5'000), 0) << "one goes ahead";
  EXPECT_GT(wait(budget, Urgency::push, 5'000), 0) << "and no other";
  budget.ended("r.io", failure(Code::unavailable), 6'000);
  EXPECT_EQ(wait(budget, Urgency::push, 6'000), 10'000) << "longer each time";
  budget.ended("r.io", {}, 16'000);
  EXPECT_EQ(wait(budget, Urgency::push, 16'000), 0);
  EXPECT_EQ(wait(budget, Urgency::push, 16'000), 0);
}

TEST(HostBudget, AQuestionThatTookItsOwnWayBringsNoHostToRest) {
  HostBudget budget;
  for (int i = 0; i < 10; ++i) budget.ended_apart("r.io", failure(Code::unavailable), 0);
  EXPECT_EQ(wait(budget, Urgency::push, 0), 0) << "its certificates may be to blame";
  for (int i = 0; i < 3; ++i) budget.ended("r.io", failure(Code::unavailable), 0);
  budget.ended_apart("r.io", failure(Code::unavailable), 0);
  EXPECT_GT(wait(budget, Urgency::push, 0), 0) << "nor out of it";
  EXPECT_EQ(wait(budget, Urgency::push, 5'000), 0) << "one goes ahead";
  budget.ended_apart("r.io", failure(Code::unavailable), 5'000);
  EXPECT_EQ(wait(budget, Urgency::push, 5'000), 0) << "it told nothing, so the next one does";
  budget.ended_apart("r.io", failure(Code::throttled, 60'000), 6'000);
  EXPECT_EQ(wait(budget, Urgency::push, 6'000), 60'000) << "what the host asks for counts";
}

TEST(HostBudget, TroubleOfARepositoryIsNoneOfItsHost) {
  HostBudget budget;
  for (int i = 0; i < 10; ++i) {
    budget.ended("r.io", failure(Code::not_found), 0);
    budget.ended("r.io", failure(Code::denied), 0);
  }
  EXPECT_FALSE(budget.refusal("r.io", Urgency::push, 0));
}

}  // namespace
}  // namespace headwind::schedule
