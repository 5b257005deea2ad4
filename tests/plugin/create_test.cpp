// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "world.hpp"

namespace headwind::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Create : public World {
 protected:
  void SetUp() override { start(); }
};

TEST_F(Create, DefaultsAreFilledIn) {
  ASSERT_TRUE(create("p", "test.policy.good"));
  PolicyQuery query;
  query.policy = "settings";
  EXPECT_EQ(run(host->policies().front().choose(query, {}, false))->why, "the last {\"order\":\"last\"}");
}

TEST_F(Create, GivenSettingsWinOverDefaults) {
  ASSERT_TRUE(create("p", "test.policy.good", R"({"order":"first"})"));
  PolicyQuery query;
  query.policy = "settings";
  EXPECT_EQ(run(host->policies().front().choose(query, {}, false))->why, "the last {\"order\":\"first\"}");
}

TEST_F(Create, SettingsThatViolateTheSchemaNameTheKey) {
  const auto refused = [&](const std::string& settings) {
    const Result<> created = create("n", "test.notifier.good", settings);
    EXPECT_FALSE(created);
    EXPECT_EQ(created.error().code, Code::invalid);
    return created ? "" : created.error().message;
  };
  EXPECT_THAT(refused(R"({"channel":7})"), testing::StartsWith("n: create: settings.channel: "));
  EXPECT_THAT(refused(R"({"retry":{"times":0}})"), HasSubstr("settings.retry.times: "));
  EXPECT_THAT(refused(R"({"chanel":"#x"})"), HasSubstr("chanel"));
  EXPECT_THAT(refused("nonsense"), HasSubstr("not JSON"));
  EXPECT_THAT(refused("[]"), HasSubstr("must be a JSON object"));
  EXPECT_TRUE(host->notifiers().empty());
}

TEST_F(Create, APluginWithoutASchemaTakesNoSettings) {
  EXPECT_THAT(create("w", "test.workload.good", R"({"size":1})").error().message, HasSubstr("size"));
  EXPECT_TRUE(create("w", "test.workload.good"));
}

TEST_F(Create, AnUnknownPluginIsNamedWithTheNearestOne) {
  const Result<> created = create("p", "test.policy.god");
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, Code::not_found);
  EXPECT_THAT(created.error().message,
              AllOf(HasSubstr("test.policy.god"), HasSubstr("did you mean \"test.policy.good\"")));
}

TEST_F(Create, NamesAreUniqueAndClean) {
  ASSERT_TRUE(create("p", "test.policy.good"));
  EXPECT_EQ(create("p", "test.workload.good").error().code, Code::conflict);
  EXPECT_EQ(create("", "test.policy.good").error().code, Code::invalid);
  EXPECT_EQ(create("a b", "test.policy.good").error().code, Code::invalid);
}

TEST_F(Create, DeadlinesNameFunctionsThatExist) {
  using std::chrono::milliseconds;
  EXPECT_THAT(create("p", "test.policy.good", "", {}, {{"chose", milliseconds(5)}}).error().message,
              HasSubstr("chose"));
  EXPECT_EQ(create("p", "test.policy.good", "", {}, {{"choose", milliseconds(0)}}).error().code, Code::invalid);
}

TEST(ChooseNow, RunsThePolicyOnTheCallingThread) {
  Tags tags;
  tags.names = {"1", "2"};
  const Result<Choice> choice = choose_now(built("good") / "good_policy.so", "{}", {}, tags);
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_EQ(choice->index, 1U);
  EXPECT_EQ(choice->judgements.size(), 2U);
}

TEST(ChooseNow, RefusalsAreSentences) {
  PolicyQuery nonsense;
  nonsense.policy = "nonsense";
  EXPECT_EQ(choose_now(built("good") / "good_policy.so", "{}", nonsense, {}).error().message,
            "test.policy.good: choose: there is no policy \"nonsense\"");
  EXPECT_EQ(choose_now(built("good") / "good_policy.so", R"({"order":3})", {}, {}).error().code, Code::invalid);
  EXPECT_EQ(choose_now(built("good") / "good_workload.so", "{}", {}, {}).error().message,
            "good_workload.so offers no policy");
  EXPECT_FALSE(choose_now(built("../hostile/load") / "no_entry.so", "{}", {}, {}));
}

}  // namespace
}  // namespace headwind::plugin
