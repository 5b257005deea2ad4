// SPDX-License-Identifier: Apache-2.0
#include "app/backlog.hpp"

#include <gmock/gmock.h>

#include "core/own_clock.hpp"

namespace headwind::app {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using Reason = api::DeadLetter::Reason;

class BacklogTest : public testing::Test {
 protected:
  test::OwnClock clock;
  Backlog backlog{clock, {}};

  // "web1": event 1 of workload web.
  std::optional<api::DeadLetter> put(const std::string& id) {
    plugin::Event event;
    event.id = id;
    event.type = "update_completed";
    event.subject = "apps/Deployment shop/" + id.substr(0, id.find_first_of("0123456789"));
    event.unix_ms = clock.unix_ms();
    return backlog.put(std::move(event));
  }
  void put_all(std::initializer_list<const char*> ids) {
    for (const char* id : ids) put(id), ++clock.now;
  }
  // What is sent now.
  std::vector<std::string> taken() {
    std::vector<std::string> ids;
    for (const plugin::Event& event : backlog.take()) ids.push_back(event.id);
    return ids;
  }
  static Result<> down(milliseconds retry_after = milliseconds(0)) {
    Error error = make_error(Code::unavailable, "no answer");
    error.retryable = true, error.retry_after = retry_after;
    return error;
  }
  static Result<> refused() {
    Error error = make_error(Code::invalid, "no such hook");
    error.retryable = false;
    return error;
  }
  // One call: what it sent, and what became of that.
  std::vector<std::string> send(const std::vector<Result<>>& fates) {
    std::vector<std::string> ids = taken();
    outcome = backlog.settle(fates);
    return ids;
  }
  std::int64_t until_due() const { return backlog.due_ms().value_or(clock.now - 1) - clock.now; }

  Backlog::Outcome outcome;
};

TEST_F(BacklogTest, TellsTheOldestFirstAndOfAWorkloadOneAtATime) {
  put_all({"web1", "web2", "db1", "web3"});
  EXPECT_THAT(send({Result<>(), Result<>()}), ElementsAre("web1", "db1"));
  EXPECT_THAT(send({Result<>()}), ElementsAre("web2"));
  EXPECT_THAT(send({Result<>()}), ElementsAre("web3"));
  EXPECT_TRUE(backlog.empty());
}

TEST_F(BacklogTest, WhatFailedHoldsUpItsOwnWorkloadAndNoOther) {
  put_all({"web1", "web2", "db1", "api1"});
  EXPECT_THAT(send({down(), down(), down()}), ElementsAre("web1", "db1", "api1"));
  EXPECT_THAT(send({Result<>(), Result<>()}), ElementsAre("db1", "api1")) << "at once: one failure is the event's";
  EXPECT_THAT(taken(), IsEmpty());
  put("db2");
  EXPECT_THAT(send({Result<>()}), ElementsAre("db2"));
  clock.now += until_due();
  EXPECT_THAT(send({Result<>()}), ElementsAre("web1"));
  EXPECT_THAT(send({Result<>()}), ElementsAre("web2"));
}

TEST_F(BacklogTest, PausesDoubleWithJitterUpToAMinute) {
  put("web1");
  for (const std::int64_t whole : {1000, 2000, 4000, 8000, 16'000, 32'000, 60'000, 60'000, 60'000}) {
    ASSERT_THAT(send({down()}), ElementsAre("web1"));
    EXPECT_THAT(until_due(), AllOf(Ge(whole / 2), Le(whole))) << whole;
    clock.now += until_due();
  }
  std::set<std::int64_t> pauses;
  for (int i = 0; i < 20; ++i) {
    send({down()});
    pauses.insert(until_due());
    clock.now += until_due();
  }
  EXPECT_GT(pauses.size(), 10U) << "all instances would come back in step";
}

TEST_F(BacklogTest, AReceiverThatIsDownIsAskedSeldomHoweverManyWait) {
  for (int i = 0; i < 500; ++i) put("w" + std::string(static_cast<std::size_t>(i % 26), 'x') + std::to_string(i));
  const std::int64_t end = clock.now + 3'600'000;
  int calls = 0;
  while (clock.now < end) {
    send({down()});
    ++calls;
    clock.now += std::max<std::int64_t>(until_due(), 0);
  }
  EXPECT_LE(calls, 140);
  EXPECT_GE(calls, 50);
  EXPECT_EQ(backlog.size(), 500U) << "an hour loses nothing";
  // It is back: all is told without another pause.
  std::size_t told = 0;
  while (!backlog.empty()) {
    const std::size_t now = send(std::vector<Result<>>(Backlog::most_at_once)).size();
    ASSERT_GT(now, 0U) << "after " << told;
    told += now;
  }
  EXPECT_EQ(told, 500U);
}

TEST_F(BacklogTest, RetryAfterIsHonouredForAllWorkloads) {
  put_all({"web1", "db1"});
  send({down(milliseconds(90'000))});
  put("api1");
  EXPECT_EQ(until_due(), 90'000);
  clock.now += 89'999;
  EXPECT_THAT(taken(), IsEmpty());
  clock.now += 1;
  EXPECT_THAT(send({}), ElementsAre("web1", "db1", "api1"));
}

TEST_F(BacklogTest, WhatIsRefusedIsADeadLetterAndTheNextGoesOn) {
  put_all({"web1", "web2"});
  send({refused()});
  ASSERT_EQ(outcome.dead.size(), 1U);
  const api::DeadLetter& letter = outcome.dead.front();
  EXPECT_EQ(letter.reason, Reason::refused);
  EXPECT_EQ(letter.id, "web1");
  EXPECT_EQ(letter.workload, "apps/Deployment shop/web");
  EXPECT_EQ(letter.error, "no such hook");
  EXPECT_EQ(letter.attempts, 1U);
  EXPECT_EQ(letter.last_try_ms, clock.unix_ms());
  EXPECT_THAT(send({Result<>()}), ElementsAre("web2"));
}

TEST_F(BacklogTest, WhatWasTriedForADayIsADeadLetterAndWhatIsYoungerIsNot) {
  put("web1");
  const std::int64_t first = clock.unix_ms();
  send({down()});
  clock.now += 23 * 3'600'000;
  put("db1");
  send({down()});
  EXPECT_THAT(outcome.dead, IsEmpty());
  clock.now += 3'600'000;
  send({down()});
  ASSERT_EQ(outcome.dead.size(), 1U);
  EXPECT_EQ(outcome.dead[0].reason, Reason::expired);
  EXPECT_EQ(outcome.dead[0].id, "web1");
  EXPECT_EQ(outcome.dead[0].attempts, 3U);
  EXPECT_EQ(outcome.dead[0].first_try_ms, first);
  EXPECT_EQ(outcome.dead[0].error, "no answer");
  EXPECT_EQ(backlog.size(), 1U);
}

TEST_F(BacklogTest, ADeadLetterTellsItsOwnErrorThoughOthersGotThroughMeanwhile) {
  Backlog::Pauses pauses;
  pauses.keep_trying = milliseconds(400);  // less than the shortest pause
  Backlog hasty(clock, pauses);
  plugin::Event event;
  event.id = "web1", event.subject = "web";
  hasty.put(event);
  hasty.take();
  hasty.settle({down()});
  clock.now += 400;
  event.id = "db1", event.subject = "db";
  hasty.put(event);
  ASSERT_EQ(hasty.take().size(), 1U);
  outcome = hasty.settle({Result<>()});
  EXPECT_EQ(hasty.error(), "");
  ASSERT_EQ(outcome.dead.size(), 1U);
  EXPECT_EQ(outcome.dead[0].id, "web1");
  EXPECT_EQ(outcome.dead[0].error, "no answer");
}

TEST_F(BacklogTest, BeyondTheBoundTheOldestIsADeadLetter) {
  put("web1");
  send({down()});
  for (std::size_t i = 1; i < Backlog::limit; ++i) ASSERT_FALSE(put("w" + std::to_string(i)));
  const auto dropped = put("late1");
  ASSERT_TRUE(dropped);
  EXPECT_EQ(dropped->id, "web1");
  EXPECT_EQ(dropped->reason, Reason::overflow);
  EXPECT_EQ(dropped->error, "no answer") << "that is why they waited";
  EXPECT_EQ(backlog.size(), Backlog::limit);
}

TEST_F(BacklogTest, TheBoundNeverTakesWhatIsUnderWay) {
  for (std::size_t i = 0; i < Backlog::limit; ++i) put("w" + std::string(i, 'x') + "1");
  ASSERT_EQ(taken().size(), Backlog::most_at_once);
  const auto dropped = put("late1");
  ASSERT_TRUE(dropped);
  EXPECT_EQ(dropped->id, "w" + std::string(Backlog::most_at_once, 'x') + "1");
  EXPECT_EQ(backlog.settle(std::vector<Result<>>(Backlog::most_at_once)).told, Backlog::most_at_once);
}

TEST_F(BacklogTest, AnIdIsToldOnce) {
  put("web1");
  put("web1");
  EXPECT_THAT(send({Result<>()}), ElementsAre("web1"));
  put("web1");
  EXPECT_TRUE(backlog.empty());
}

TEST_F(BacklogTest, TheMarkNeverPassesWhatWaitsAndPassesDeadLetters) {
  backlog.start_from(clock.unix_ms() - 1, {});
  put("web1");
  const std::int64_t first = clock.unix_ms();
  clock.now += 10;
  put("db1");
  const std::int64_t second = clock.unix_ms();
  ASSERT_THAT(taken(), ElementsAre("web1", "db1"));
  EXPECT_EQ(backlog.mark(), first - 1) << "under way";
  backlog.settle({down(), Result<>()});
  EXPECT_EQ(backlog.mark(), first - 1);
  EXPECT_THAT(backlog.settled_ids(), ElementsAre("db1"));
  clock.now += until_due();
  send({refused()});
  EXPECT_EQ(backlog.mark(), second);
  EXPECT_THAT(backlog.settled_ids(), ElementsAre("db1", "web1")) << "whatever the mark";
  backlog.skip(second + 5);
  EXPECT_EQ(backlog.mark(), second + 5) << "nothing is to be told of what its routes leave out";
}

TEST_F(BacklogTest, WhatAnEarlierProcessToldBeyondItsMarkIsNotToldAgain) {
  const std::int64_t mark = clock.unix_ms() - 1;
  backlog.start_from(mark, {"db1"});
  put_all({"web1", "db1"});
  EXPECT_THAT(send({down()}), ElementsAre("web1"));
  EXPECT_THAT(backlog.settled_ids(), ElementsAre("db1")) << "the next process has to know, too";
}

// As the end of an automatic update's rollout, which a process that starts soon after it judges anew.
TEST_F(BacklogTest, WhatWasToldBeforeTheMarkIsNotToldAgainEither) {
  put_all({"web1", "db1"});
  send({Result<>(), Result<>()});
  for (int start = 0; start < 3; ++start) {
    Backlog next{clock, {}};
    next.start_from(backlog.mark(), backlog.settled_ids());
    EXPECT_THAT(next.settled_ids(), ElementsAre("web1", "db1")) << "for the process after the next";
    clock.now += 20'000;
    plugin::Event again;
    again.id = "web1", again.subject = "apps/Deployment shop/web", again.unix_ms = clock.unix_ms();
    next.put(again);
    EXPECT_TRUE(next.empty());
    EXPECT_EQ(next.mark(), clock.unix_ms());
    EXPECT_THAT(next.settled_ids(), ElementsAre("db1", "web1")) << "the one that came again is the newest";
  }
}

// Its own work may begin before what an earlier process left has been read.
TEST_F(BacklogTest, WhatThisProcessToldBeforeItKnewOfAnEarlierOneIsKept) {
  put("web1");
  send({Result<>()});
  backlog.start_from(clock.unix_ms() - 60'000, {"db1"});
  EXPECT_THAT(backlog.settled_ids(), ElementsAre("db1", "web1"));
}

TEST_F(BacklogTest, OfWhatIsSettledTheNewestIdsAreKept) {
  for (std::size_t i = 0; i <= Backlog::most_settled; ++i) {
    put("w" + std::to_string(i));
    send({Result<>()});
  }
  const std::vector<std::string> ids = backlog.settled_ids();
  ASSERT_EQ(ids.size(), Backlog::most_settled);
  EXPECT_EQ(ids.front(), "w1");
  EXPECT_EQ(ids.back(), "w" + std::to_string(Backlog::most_settled));
}

TEST_F(BacklogTest, AnotherInstanceIsTriedAtOnce) {
  put_all({"web1", "db1"});
  send({down(milliseconds(3'600'000))});
  EXPECT_THAT(taken(), IsEmpty());
  backlog.try_now();
  EXPECT_THAT(taken(), ElementsAre("web1", "db1"));
}

}  // namespace
}  // namespace headwind::app
