// SPDX-License-Identifier: Apache-2.0
// Plugins that fail and fail, or do not return at all.
#include <thread>

#include "neighbours.hpp"

namespace headwind::plugin {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Endless : public Neighbours {
 protected:
  static constexpr std::chrono::milliseconds kShort{2000};  // for a call that will not end; it must have begun by then
  // What ends every sentence about the plugin's own fault: plugin, file and remedy.
  static auto names(const std::string& plugin, const std::string& file) {
    return HasSubstr("mend test.hostile." + plugin + " (" + file +
                     ".so), or take the instance out of plugins.instances");
  }
  // What was told of instances that are not called any more: "NAME STATE: REASON".
  std::vector<std::string> outages;
  void SetUp() override {
    Neighbours::SetUp();
    host->on_outage(
        [this](const InstanceInfo& row) { outages.push_back(row.name + " " + row.state + ": " + row.reason); });
  }
  InstanceInfo info(const std::string& name) const {
    for (const InstanceInfo& row : host->instances()) {
      if (row.name == name) return row;
    }
    return {};
  }
};

TEST_F(Endless, AnInstanceThatGoesOnFailingRestsAndIsTriedAgain) {
  add("fails-and-recovers");
  // How many calls that takes, and how long a rest is, is exact on a quiet machine only.
  int faults = 0;
  auto asked = std::chrono::steady_clock::now();
  const auto until_it_rests = [&] {
    for (faults = 0; faults < 100; ++faults) {
      asked = std::chrono::steady_clock::now();
      const Error error = choose("fails-and-recovers", "ill").error();
      if (error.code == Code::unavailable) return error;
    }
    return Error{};
  };
  const Error resting = until_it_rests();
  EXPECT_GE(faults, 5);
  EXPECT_THAT(resting.message,
              AllOf(HasSubstr("it rests after repeated faults"), names("fails-and-recovers", "fails_and_recovers")));
  EXPECT_THAT(outages, ElementsAre(AllOf(StartsWith("fails-and-recovers resting: it rests after repeated faults"),
                                         names("fails-and-recovers", "fails_and_recovers"))));
  EXPECT_GT(resting.retry_after.count(), 0);
  const std::string state = info("fails-and-recovers").state;
  if (std::chrono::steady_clock::now() < asked + resting.retry_after) EXPECT_EQ(state, "resting");
  expect_good();
  std::this_thread::sleep_for(resting.retry_after + std::chrono::milliseconds(20));
  EXPECT_EQ(info("fails-and-recovers").state, "ready");
  const auto let_in = std::chrono::steady_clock::now();
  const Error longer = until_it_rests();
  EXPECT_GE(faults, 1) << "it was let in";
  EXPECT_GT(longer.retry_after + (std::chrono::steady_clock::now() - let_in), options.first_rest * 3 / 2)
      << "one more fault brings the next rest at once, and a longer one";
  std::this_thread::sleep_for(longer.retry_after + std::chrono::milliseconds(20));
  EXPECT_TRUE(choose("fails-and-recovers", "well"));
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(choose("fails-and-recovers", "ill"));
  EXPECT_TRUE(choose("fails-and-recovers", "well")) << "a success starts the count anew";
  EXPECT_THAT(metrics.text(), HasSubstr("instance=\"fails-and-recovers\",status=\"refused\"} 2"));
}

TEST_F(Endless, ACallPastItsDeadlineIsAbandonedAndCounted) {
  add("never-returns", {}, {{"choose", kShort}});
  EXPECT_THAT(failure(choose("never-returns")),
              AllOf(HasSubstr("did not return within 2000 ms; the call was abandoned"),
                    names("never-returns", "never_returns")));
  EXPECT_THAT(outages, ElementsAre(AllOf(StartsWith("never-returns quarantined: it is quarantined, because 1 of its"),
                                         HasSubstr("; restart Headwind to free it, and mend "),
                                         names("never-returns", "never_returns"))));
  EXPECT_THAT(metrics.text(), AllOf(HasSubstr("instance=\"never-returns\",status=\"overrun\"} 1"),
                                    HasSubstr("headwind_plugin_quarantined{instance=\"never-returns\"} 1"),
                                    HasSubstr("headwind_plugin_abandoned_calls 1")));
  EXPECT_EQ(info("never-returns").state, "quarantined");
  EXPECT_EQ(info("good").state, "ready");
  EXPECT_TRUE(host->healthy());
}

TEST_F(Endless, ACreateThatHangsIsAbandonedAndMakesNoInstance) {
  const Result<> created = create("hangs", "test.hostile.hangs-in-create", "", {}, {{"create", kShort}});
  EXPECT_THAT(failure(created), AllOf(HasSubstr("hangs: create: "), HasSubstr("did not return within 2000 ms"),
                                      names("hangs-in-create", "hangs_in_create")));
  EXPECT_THAT(outages, IsEmpty()) << "whoever wanted it was told";
  EXPECT_EQ(info("hangs").name, "") << "there is no such instance";
  EXPECT_THAT(metrics.text(), HasSubstr("function=\"create\",instance=\"hangs\",status=\"overrun\"} 1"));
  EXPECT_TRUE(create("next", "test.policy.good")) << "others are made after it";
  EXPECT_TRUE(host->healthy());
}

TEST_F(Endless, ADestroyThatHangsIsAbandonedAndHoldsUpNothing) {
  ASSERT_TRUE(create("hangs", "test.hostile.hangs-in-destroy", "", {}, {{"destroy", kShort}}));
  EXPECT_TRUE(choose("hangs"));
  ASSERT_TRUE(host->remove("hangs"));
  expect_good();
  const std::string overrun = "function=\"destroy\",instance=\"hangs\",status=\"overrun\"} 1";
  turn([&] { return metrics.text().find(overrun) != std::string::npos; });
  EXPECT_TRUE(create("hangs", "test.policy.good")) << "its name is free again";
  run(host->shut_down(std::chrono::milliseconds(100)));
  start();
  ASSERT_TRUE(create("good", "test.policy.good"));
}

// Last: it takes a processor until this program ends.
TEST_F(Endless, ALoopWithoutEndIsAbandonedToo) {
  add("spins", {}, {{"choose", kShort}});
  EXPECT_THAT(failure(choose("spins")),
              AllOf(HasSubstr("the call was abandoned and the instance quarantined"), names("spins", "spins")));
  EXPECT_THAT(failure(choose("spins")),
              AllOf(HasSubstr("it is quarantined, because 1 of its calls never returned"), names("spins", "spins")));
}

}  // namespace
}  // namespace headwind::plugin
