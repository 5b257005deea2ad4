// SPDX-License-Identifier: Apache-2.0
// The parts that need no module: schema, breaker, texts.
#include <gmock/gmock.h>

#include "plugin/abi.hpp"
#include "plugin/blot.hpp"
#include "plugin/breaker.hpp"
#include "plugin/schema.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;

TEST(Blot, TakesOutTheLongestFirstWithoutTheNewlineOfItsFile) {
  const Blot blot({{"a", "abcd"}, {"b", "abcdef\n"}, {"c", "xyz"}, {"d", ""}});
  EXPECT_EQ(blot.clean("abcdef, abcd and xyz"), "***, *** and xyz");
  EXPECT_EQ(blot.clean("abcabcdefabcd"), "abc******");
}

TEST(Schema, DefaultsReachNestedObjectsArraysAndReferences) {
  const char* schema = R"({"type":"object",
    "definitions":{"peer":{"type":"object","properties":{"port":{"type":"integer","default":443}}}},
    "properties":{"peers":{"type":"array","items":{"$ref":"#/definitions/peer"}},
                  "main":{"$ref":"#/definitions/peer"},
                  "deep":{"type":"object","default":{},"properties":{"x":{"default":1}}}}})";
  const Result<std::string> settings = prepare_settings(schema, R"({"peers":[{},{"port":80}],"main":{}})");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(*settings, R"({"deep":{"x":1},"main":{"port":443},"peers":[{"port":443},{"port":80}]})");
}

TEST(Schema, ASchemaThatRefersToItselfEnds) {
  const char* schema = R"({"type":"object","default":{},"properties":{"next":{"$ref":"#"}}})";
  EXPECT_TRUE(prepare_settings(schema, "{}"));
}

TEST(Schema, WhatIsNoSchemaIsRefused) {
  EXPECT_TRUE(check_schema(""));
  EXPECT_TRUE(check_schema("{}"));
  EXPECT_FALSE(check_schema("{"));
  EXPECT_FALSE(check_schema("[]"));
  EXPECT_FALSE(check_schema(R"({"type":"object","properties":7})"));
}

TEST(Schema, AMissingKeyIsNamed) {
  const Result<std::string> settings = prepare_settings(R"({"type":"object","required":["url"]})", "{}");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().message, HasSubstr("url"));
}

TEST(Breaker, RestsLongerWhileTheFaultsGoOnAndForgetsAfterASuccess) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(breaker.fault(0));
  EXPECT_FALSE(breaker.refusal(0));
  EXPECT_TRUE(breaker.fault(0));
  EXPECT_EQ(breaker.refusal(0)->retry_after.count(), 10'000);
  EXPECT_FALSE(breaker.refusal(10'000));
  EXPECT_TRUE(breaker.fault(10'000)) << "one more is enough after a rest";
  EXPECT_EQ(breaker.refusal(10'000)->retry_after.count(), 20'000);
  breaker.succeed();
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(breaker.fault(50'000));
}

TEST(Breaker, TheRestHasALimit) {
  Breaker breaker;
  std::int64_t now = 0;
  for (int i = 0; i < 100; ++i) breaker.fault(now += 300'000);
  EXPECT_EQ(breaker.refusal(now)->retry_after.count(), 300'000);
}

TEST(Breaker, IsQuarantinedUntilTheLastStuckCallIsBack) {
  Breaker breaker;
  breaker.overrun();
  breaker.overrun();
  breaker.come_back(0);
  EXPECT_TRUE(breaker.quarantined());
  EXPECT_THAT(breaker.refusal(1'000'000)->message, HasSubstr("quarantined"));
  breaker.come_back(0);
  EXPECT_FALSE(breaker.quarantined());
  EXPECT_TRUE(breaker.refusal(0));
  EXPECT_FALSE(breaker.refusal(10'000));
}

TEST(Abi, StatusesAndCodesTranslateBothWays) {
  for (hw_status status = HW_CANCELLED; status <= HW_INTERNAL; ++status) EXPECT_EQ(to_status(to_code(status)), status);
  EXPECT_EQ(to_code(4711), Code::internal);
  EXPECT_EQ(to_code(-1), Code::internal);
  EXPECT_EQ(status_name(HW_NOT_FOUND), "not_found");
}

TEST(Abi, HostileTextIsNoText) {
  EXPECT_TRUE(is_text({nullptr, 0}));
  EXPECT_FALSE(is_text({nullptr, 1}));
  EXPECT_FALSE(is_text(lend(std::string_view("a\0b", 3))));
  EXPECT_FALSE(is_text(lend("\xc0\x80")));
  EXPECT_TRUE(is_text(lend("two\nlines")));
  EXPECT_FALSE(is_name(lend("two\nlines")));
  EXPECT_FALSE(is_name(lend(std::string(HW_MAX_NAME + 1, 'x'))));
}

}  // namespace
}  // namespace headwind::plugin
