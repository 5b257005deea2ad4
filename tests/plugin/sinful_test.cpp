// SPDX-License-Identifier: Apache-2.0
// Calls that go wrong: each ends in an error that names instance and function, and a good neighbour keeps working.
#include <gmock/gmock.h>

#include "world.hpp"

namespace headwind::plugin {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

class Sinful : public World {
 protected:
  static inline const Deadlines kShort{{"choose", milliseconds(1000)}};  // for a call that will not end by itself
  void SetUp() override {
    options.grace = milliseconds(300);
    start();
    add("sinner");
    ASSERT_TRUE(create("good", "test.policy.good"));
  }
  ~Sinful() override { EXPECT_TRUE(run(policy("good").choose({}, {}, false))) << "the good neighbour"; }

  void add(const std::string& name, const Deadlines& deadlines = {}) {
    const Result<> created = create(name, "test.policy.sinful", "", {}, deadlines);
    ASSERT_TRUE(created) << created.error().message;
  }
  Policy policy(const std::string& name) const {
    for (const Policy& each : host->policies()) {
      if (each.name() == name) return each;
    }
    throw std::logic_error(name);
  }
  Result<Choice> commit(const std::string& sin, const std::string& name = "sinner") {
    PolicyQuery query;
    query.policy = sin;
    Tags tags;
    tags.names = {"1.0"};
    return run(policy(name).choose(query, tags, sin == "verdict of no row"));
  }
  Error failure(const std::string& sin, const std::string& name = "sinner") {
    const Result<Choice> choice = commit(sin, name);
    EXPECT_FALSE(choice) << sin;
    return choice ? Error{} : choice.error();
  }
};

TEST_F(Sinful, ExceptionsAreCaught) {
  EXPECT_THAT(failure("throw").message,
              testing::StartsWith("sinner: choose: the plugin threw an exception across the C boundary: a bug; mend "));
  EXPECT_EQ(failure("throw an int").code, Code::internal);
  EXPECT_THAT(metrics.text(), HasSubstr("status=\"exception\"} 2"));
}

TEST_F(Sinful, UnknownStatusesAreInternalErrors) {
  EXPECT_THAT(failure("unknown status").message, HasSubstr("unknown status 4711"));
  EXPECT_THAT(failure("negative status").message, HasSubstr("unknown status -1"));
  EXPECT_EQ(failure("negative status").code, Code::internal);
}

TEST_F(Sinful, AFailureWithoutAReasonKeepsItsCode) {
  EXPECT_EQ(failure("silent").code, Code::not_found);
  EXPECT_THAT(failure("silent").message, StartsWith("sinner: choose: "));
}

TEST_F(Sinful, OutputsAreChecked) {
  EXPECT_THAT(failure("out of range").message, HasSubstr("row 1 of 1 candidates"));
  EXPECT_THAT(failure("unknown verdict").message, HasSubstr("unknown verdict 17"));
  EXPECT_THAT(failure("invalid UTF-8").message, HasSubstr("not UTF-8"));
  EXPECT_THAT(failure("flood").message, HasSubstr("longer than 4096"));
  EXPECT_EQ(commit("nothing")->verdict, Verdict::update);  // not a fault, so the count of faults starts anew
  EXPECT_THAT(failure("verdict of no row").message, HasSubstr("row"));
  EXPECT_THAT(metrics.text(), HasSubstr("status=\"bad_output\"} 5"));
}

TEST_F(Sinful, ServicesBeyondItsNeedsAreNotLent) { EXPECT_TRUE(commit("asks for more than it declared")); }

TEST_F(Sinful, TheLastFailureCountsAndIsCleaned) {
  const Error error = failure("fails twice");
  EXPECT_EQ(error.code, Code::throttled);
  EXPECT_EQ(error.message, "sinner: choose: second?line");
  EXPECT_EQ(error.retry_after.count(), 0);
}

TEST_F(Sinful, LogsAndMetricsAreCapped) {
  EXPECT_TRUE(commit("logs without end"));
  EXPECT_TRUE(commit("metrics without end"));
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("headwind_plugin_log_lines_dropped_total{instance=\"sinner\"} "));
  EXPECT_THAT(text, HasSubstr("headwind_custom_test_policy_sinful_m0063"));
  EXPECT_THAT(text, testing::Not(HasSubstr("headwind_custom_test_policy_sinful_m0064")));
}

TEST_F(Sinful, RepeatedFaultsMakeAnInstanceRest) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(failure("throw").code, Code::internal);
  const Error resting = failure("nothing");
  EXPECT_EQ(resting.code, Code::unavailable);
  EXPECT_TRUE(resting.retryable);
  EXPECT_GT(resting.retry_after.count(), 0);
  EXPECT_THAT(metrics.text(), HasSubstr("status=\"refused\"} 1"));
}

TEST_F(Sinful, FailuresThatAreNotItsFaultDoNotMakeItRest) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(failure("silent").code, Code::not_found);
  EXPECT_TRUE(commit("nothing"));
}

TEST_F(Sinful, AnHonestPluginIsCancelledAtItsDeadline) {
  options.grace = std::chrono::seconds(20);  // a busy machine is not a call that never returns
  start();
  add("honest", kShort);
  ASSERT_TRUE(create("good", "test.policy.good"));
  EXPECT_EQ(failure("waits until cancelled", "honest").code, Code::cancelled);
  EXPECT_EQ(host->instances().front().state, "ready");
  EXPECT_TRUE(host->healthy());
}

TEST_F(Sinful, ACallThatNeverReturnsIsAbandonedAndItsInstanceQuarantined) {
  add("first", kShort);
  const Error overrun = failure("sleeps for ever", "first");
  EXPECT_EQ(overrun.code, Code::cancelled);
  EXPECT_THAT(overrun.message, AllOf(StartsWith("first: choose: "), HasSubstr("abandoned")));
  EXPECT_THAT(failure("nothing", "first").message, HasSubstr("quarantined"));
  EXPECT_TRUE(host->healthy());
  EXPECT_THAT(metrics.text(),
              AllOf(HasSubstr("status=\"overrun\"} 1"), HasSubstr("headwind_plugin_abandoned_calls 1")));
  add("second", kShort);
  add("third", kShort);
  EXPECT_FALSE(commit("sleeps for ever", "second"));
  EXPECT_TRUE(host->healthy());
  EXPECT_FALSE(commit("sleeps for ever", "third"));
  EXPECT_FALSE(host->healthy()) << "three are more than the limit of two";
}

TEST_F(Sinful, AThreadThatThePluginEndsIsReplaced) {
  for (int i = 0; i < 4; ++i) EXPECT_THAT(failure("ends its thread").message, HasSubstr("ended the thread"));
  EXPECT_TRUE(commit("nothing"));
}

TEST_F(Sinful, CallsBehindOneThatNeverReturnsAreNotLostWithIt) {
  add("endless", kShort);
  std::vector<Result<Choice>> answers;
  PolicyQuery query;
  query.policy = "sleeps for ever";
  for (int i = 0; i < 6; ++i) {
    boost::asio::co_spawn(loop, policy("endless").choose(query, {}, false),
                          [&](auto, Result<Choice> answer) { answers.push_back(std::move(answer)); });
  }
  turn([&] { return answers.size() == 6; });
  for (const auto& answer : answers) EXPECT_FALSE(answer);
  // The two quick threads were at it, or the one that a busy machine let run; the other calls never entered.
  EXPECT_THAT(metrics.text(), AnyOf(HasSubstr("headwind_plugin_abandoned_calls 2\n"),
                                    HasSubstr("headwind_plugin_abandoned_calls 1\n")));
}

TEST_F(Sinful, AnAbandonedCallThatComesBackEndsTheQuarantineInARest) {
  add("late", kShort);
  // Where the machine holds this thread up for as long as the plugin sleeps, it was back in time; then once more.
  Result<Choice> choice = commit("sleeps past its deadline", "late");
  for (int i = 0; i < 20 && choice; ++i) choice = commit("sleeps past its deadline", "late");
  EXPECT_THAT(choice.error().message, HasSubstr("abandoned"));
  turn([&] { return metrics.text().find("headwind_plugin_abandoned_calls 0") != std::string::npos; });
  EXPECT_THAT(failure("nothing", "late").message, HasSubstr("rests"));
}

}  // namespace
}  // namespace headwind::plugin
