// SPDX-License-Identifier: Apache-2.0
// One instance takes the place of another, with calls under way.
#include "slow_world.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;

TEST_F(SlowWorld, AViewThatWasMadeBeforeGoesToTheNewInstance) {
  ASSERT_TRUE(run(host->create(answering("old"))));
  const Policy view = host->policies().front();
  EXPECT_EQ(ask(view), "old");
  ASSERT_TRUE(run(host->replace(answering("new"))));
  EXPECT_EQ(ask(view), "new");
  turn([&] { return draining() == 0 && destroyed() == 1; });
  EXPECT_EQ(created(), 2);
  EXPECT_EQ(host->policies().size(), 1U);
}

TEST_F(SlowWorld, ACallUnderWayEndsInTheFormerInstanceWhichIsThenDestroyed) {
  ASSERT_TRUE(run(host->create(answering("old"))));
  const auto answer = begin(host->policies().front(), "held");
  turn([&] { return host->instances().front().in_flight == 1; });
  ASSERT_TRUE(run(host->replace(answering("new"))));
  EXPECT_FALSE(*answer);
  ASSERT_EQ(draining(), 1U);
  EXPECT_EQ(host->instances().back().in_flight, 1U);
  EXPECT_EQ(destroyed(), 0);
  EXPECT_EQ(ask(host->policies().front()), "new");  // the new one does not wait for the former one's call
  release();
  turn([&] { return draining() == 0 && destroyed() == 1; });
  EXPECT_EQ(*answer, "old");
  EXPECT_EQ(violations(), 0);
}

TEST_F(SlowWorld, ACallThatWasMadeButHasNotBegunKeepsItsInstance) {
  ASSERT_TRUE(run(host->create(answering("old"))));
  Task<Result<Choice>> call = host->policies().front().choose(lasting(0), {}, false);
  ASSERT_TRUE(run(host->replace(answering("new"))));
  run(sleep_for(std::chrono::milliseconds(50)));
  EXPECT_EQ(destroyed(), 0);
  EXPECT_EQ(run(std::move(call))->why, "old");
  turn([&] { return destroyed() == 1; });
  EXPECT_EQ(violations(), 0);
}

TEST_F(SlowWorld, NoCallIsLostWhileInstancesAreReplacedAgainAndAgain) {
  constexpr int kRounds = 20, kCalls = 25;
  ASSERT_TRUE(run(host->create(answering("0"))));
  const Policy view = host->policies().front();
  std::vector<std::pair<std::string, std::shared_ptr<std::optional<std::string>>>> calls;
  for (int round = 1; round <= kRounds; ++round) {
    for (int i = 0; i < kCalls; ++i) calls.emplace_back(std::to_string(round - 1), begin(view, i % 4));
    ASSERT_TRUE(run(host->replace(answering(std::to_string(round)))));
  }
  turn([&] { return std::ranges::all_of(calls, [](const auto& call) { return call.second->has_value(); }); });
  for (const auto& [expected, answer] : calls) EXPECT_EQ(**answer, expected);
  turn([&] { return draining() == 0; });
  EXPECT_EQ(created(), kRounds + 1);
  turn([&] { return destroyed() == kRounds; });
  EXPECT_EQ(violations(), 0);
}

TEST_F(SlowWorld, AReplacementThatCannotBeCreatedLeavesTheFormerInstance) {
  ASSERT_TRUE(run(host->create(answering("old"))));
  const Result<> refused = run(host->replace(answering("new", R"(,"refuse":true)")));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "slow: create: settings.refuse: it was told to refuse");
  EXPECT_THAT(run(host->replace(answering("new", R"(,"colour":1)"))).error().message, HasSubstr("colour"));
  InstanceConfig other = answering("new");
  other.plugin = "test.policy.none";
  EXPECT_EQ(run(host->replace(other)).error().code, Code::not_found);
  EXPECT_EQ(ask(host->policies().front()), "old");
  EXPECT_EQ(draining(), 0U);
  EXPECT_EQ(destroyed(), 0);
  ASSERT_NE(host->config_of("slow"), nullptr);
  EXPECT_EQ(*host->config_of("slow"), answering("old"));
}

TEST_F(SlowWorld, OnlyAnInstanceThatIsThereIsReplacedOrRemoved) {
  EXPECT_EQ(run(host->replace(answering("new"))).error().message, "slow: there is no instance of that name");
  EXPECT_EQ(host->remove("slow").error().code, Code::not_found);
  EXPECT_EQ(host->config_of("slow"), nullptr);
}

TEST_F(SlowWorld, ARemovedInstanceEndsItsCallsAndTakesNoMore) {
  ASSERT_TRUE(run(host->create(answering("old"))));
  const Policy view = host->policies().front();
  const auto answer = begin(view, 100);
  turn([&] { return host->instances().front().in_flight == 1; });
  ASSERT_TRUE(host->remove("slow"));
  EXPECT_TRUE(host->policies().empty());
  EXPECT_EQ(ask(view), "slow: choose: it was taken out of the configuration");
  turn([&] { return destroyed() == 1; });
  EXPECT_EQ(*answer, "old");
  EXPECT_EQ(violations(), 0);
  ASSERT_TRUE(run(host->create(answering("again"))));
  EXPECT_EQ(ask(host->policies().front()), "again");
}

TEST_F(SlowWorld, AShutdownEndsFormerInstancesToo) {
  ASSERT_TRUE(run(host->create(answering("old"))));
  const auto answer = begin(host->policies().front(), 50);
  turn([&] { return host->instances().front().in_flight == 1; });
  ASSERT_TRUE(run(host->replace(answering("new"))));
  run(host->shut_down(std::chrono::milliseconds(2000)));
  EXPECT_EQ(destroyed(), 2);
  EXPECT_EQ(violations(), 0);
  turn([&] { return answer->has_value(); });
  EXPECT_EQ(*answer, "old");
}

class Impatient : public SlowWorld {
 protected:
  Impatient() {
    options.grace = std::chrono::milliseconds(20);
    start();
  }
};

TEST_F(Impatient, AFormerInstanceWithAnAbandonedCallEndsWhenThatReturns) {
  InstanceConfig old = answering("old");
  old.deadlines["choose"] = std::chrono::seconds(1);
  ASSERT_TRUE(run(host->create(old)));
  const Policy view = host->policies().front();
  const auto answer = begin(view, "deaf");
  turn([&] { return answer->has_value(); });
  EXPECT_THAT(**answer, HasSubstr("did not return within 1000 ms"));
  EXPECT_EQ(host->instances().front().state, "quarantined");
  ASSERT_TRUE(run(host->replace(answering("new"))));
  EXPECT_EQ(ask(view), "new");
  EXPECT_EQ(host->instances().front().state, "ready");
  EXPECT_EQ(draining(), 1U);
  release();
  turn([&] { return draining() == 0; });
  turn([&] { return destroyed() == 1; });
  EXPECT_EQ(violations(), 0);
  EXPECT_THAT(metrics.text(), HasSubstr("headwind_plugin_quarantined{instance=\"slow\"} 0"));
}

}  // namespace
}  // namespace headwind::plugin
