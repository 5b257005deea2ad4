// SPDX-License-Identifier: Apache-2.0
// Instances and files that are refused at the start: who looks finds them, wherever that is.
#include <gmock/gmock.h>

#include "operation.hpp"

namespace headwind::hostile {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

Json row_of(const Json& instances, const std::string& name) {
  for (const Json& one : instances)
    if (one["name"] == name) return one;
  return nullptr;
}

TEST(Missing, InstancesThatAreRefusedAtTheStartAreShownEverywhereAndTheRestServes) {
  const Json mistaken{
      {"name", "mistaken"}, {"plugin", "headwind.notifier.webhook"}, {"settings", {{"timeout_seconds", "soon"}}}};
  const Json keyless{{"name", "keyless"},
                     {"plugin", "headwind.notifier.webhook"},
                     {"secrets", {{"url", {{"file", "/no/such/file"}}}}}};
  const Json stranger{{"name", "stranger"}, {"plugin", "test.hostile.no-entry"}};
  Operation headwind("../load/no_entry.so", Json::array({mistaken, keyless, stranger}));
  headwind.start();
  ASSERT_TRUE(headwind.serving()) << headwind.log();

  const Json instances = headwind.plugins()["instances"];
  for (const char* name : {"mistaken", "keyless", "stranger"}) {
    const Json row = row_of(instances, name);
    ASSERT_FALSE(row.is_null()) << name << "\n" << instances;
    EXPECT_EQ(row["state"], "refused");
    EXPECT_EQ(row["reason"], row["lastError"]["message"]);
    EXPECT_EQ(row["calls"], 0);
    EXPECT_THAT(headwind.metrics(), HasSubstr("headwind_plugin_refused{instance=\"" + std::string(name) + "\"} 1"));
  }
  EXPECT_THAT(row_of(instances, "mistaken")["reason"], HasSubstr("settings.timeout_seconds"));
  EXPECT_THAT(row_of(instances, "keyless")["reason"], HasSubstr("the secret file /no/such/file cannot be opened"));
  EXPECT_EQ(row_of(instances, "keyless")["kind"], "notifier");
  EXPECT_THAT(row_of(instances, "stranger")["reason"], HasSubstr("(refused: no_entry.so)"));
  EXPECT_FALSE(row_of(instances, "stranger").contains("kind"));
  EXPECT_EQ(row_of(instances, "good")["state"], "ready");

  EXPECT_THAT(
      headwind.readiness(),
      AllOf(HasSubstr("plugin instance mistaken is refused: mistaken: create: settings."),
            HasSubstr("plugin instance keyless is refused: "), HasSubstr("plugin instance stranger is refused: "),
            HasSubstr("no_entry.so is refused: "), Not(HasSubstr("plugin instance good"))));
  EXPECT_TRUE(eventually([&] { return headwind.events("PluginRefused").size() == 4; }));
  EXPECT_THAT(
      headwind.events("PluginRefused"),
      UnorderedElementsAre(AllOf(StartsWith("Pod/headwind-0: plugin instance mistaken (headwind.notifier.webhook of /"),
                                 HasSubstr("settings.timeout_seconds")),
                           AllOf(StartsWith("Pod/headwind-0: plugin instance keyless "), HasSubstr("mount it")),
                           StartsWith("Pod/headwind-0: plugin instance stranger (test.hostile.no-entry): "),
                           AllOf(StartsWith("Pod/headwind-0: plugin file "), HasSubstr("exports no hw_entry_v1"))));
  headwind.push("1.1.0");
  EXPECT_TRUE(eventually([&] { return headwind.was_told("1.1.0"); })) << headwind.log();
}

}  // namespace
}  // namespace headwind::hostile
