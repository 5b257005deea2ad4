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

TEST(Schema, WhatDoesNotFitIsToldInWordsThatHelp) {
  const char* schema = R"({"type":"object","additionalProperties":false,"required":["url"],
    "definitions":{"peer":{"type":"object","required":["host"],"properties":{"host":{"type":"string"},
                                                                            "port":{"type":"integer","maximum":65535}}}},
    "properties":{"url":{"type":"string","pattern":"^https://","maxLength":40},"format":{"enum":["plain","html"]},
                  "to":{"type":"array","minItems":1,"items":{"type":"string"}},
                  "peers":{"type":"array","items":{"$ref":"#/definitions/peer"}},"ttl":{"type":["integer","null"]}}})";
  const auto told = [&](const char* settings) {
    const Result<std::string> prepared = prepare_settings(schema, settings);
    return prepared ? std::string("it fits") : prepared.error().message;
  };
  EXPECT_EQ(told("{}"), "settings: it has no key url; it must be given, a text");
  EXPECT_EQ(told(R"({"url":"https://x","formt":"html"})"),
            "settings: it has the key 'formt', which the plugin does not know; did you mean 'format'?");
  EXPECT_EQ(
      told(R"({"url":"https://x","colour":1})"),
      "settings: it has the key 'colour', which the plugin does not know; it takes format, peers, to, ttl or url");
  EXPECT_EQ(told(R"({"url":7})"), "settings.url: it is a number; it must be a text");
  for (const char* secret : {"12345678", "-12345678", "12345678.5", "18446744073709551615"})
    for (const char* key : {"url", "format", "to", "peers"})
      EXPECT_THAT(told((R"({"url":"https://x",")" + std::string(key) + "\":" + secret + "}").c_str()),
                  testing::AllOf(testing::HasSubstr("it is a number"), testing::Not(testing::HasSubstr("345678"))))
          << key << secret;
  EXPECT_EQ(told(R"({"url":"hunter2"})"),
            "settings.url: it is a text of 7 bytes; it must match the pattern \"^https://\"");
  EXPECT_EQ(told(R"({"url":"https://x","format":"hmtl"})"),
            "settings.format: it is a text of 4 bytes; it must be \"plain\" or \"html\"");
  EXPECT_EQ(told(R"({"url":"https://x","to":[]})"), "settings.to: it is a list of 0; it must have at least 1 items");
  EXPECT_EQ(told(R"({"url":"https://x","peers":[{"host":"a"},{"host":"b","port":70000}]})"),
            "settings.peers[1].port: it is 70000; it must be 65535 or less");
  EXPECT_EQ(told(R"({"url":"https://x","peers":[{}]})"),
            "settings.peers[0]: it has no key host; it must be given, a text");
  EXPECT_EQ(told(R"({"url":"https://x","ttl":"soon"})"),
            "settings.ttl: it is a text of 4 bytes; it must be a whole number or null");
  EXPECT_EQ(told(R"({"url":"https://x","ttl":1.5})"), "settings.ttl: it is 1.5; it must be a whole number or null");
}

TEST(Schema, ARuleThatWeDoNotKnowIsToldByTheLibrary) {
  const Result<std::string> settings =
      prepare_settings(R"({"type":"object","properties":{"a":{"type":"integer","multipleOf":5}}})", R"({"a":7})");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().message, testing::StartsWith("settings.a: it does not fit the plugin's schema: "));
}

TEST(Breaker, RestsLongerWhileTheFaultsGoOnAndForgetsAfterASuccess) {
  Breaker breaker("mend it");
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(breaker.fault(0));
  EXPECT_FALSE(breaker.refusal(0));
  EXPECT_TRUE(breaker.fault(0));
  EXPECT_EQ(breaker.refusal(0)->retry_after.count(), 10'000);
  EXPECT_EQ(breaker.refusal(0)->message, "it rests after repeated faults of the plugin; mend it");
  EXPECT_FALSE(breaker.refusal(10'000));
  EXPECT_TRUE(breaker.fault(10'000)) << "one more is enough after a rest";
  EXPECT_EQ(breaker.refusal(10'000)->retry_after.count(), 20'000);
  breaker.succeed();
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(breaker.fault(50'000));
}

TEST(Breaker, TheRestHasALimit) {
  Breaker breaker("mend it");
  std::int64_t now = 0;
  for (int i = 0; i < 100; ++i) breaker.fault(now += 300'000);
  EXPECT_EQ(breaker.refusal(now)->retry_after.count(), 300'000);
}

TEST(Breaker, IsQuarantinedUntilTheLastStuckCallIsBack) {
  Breaker breaker("mend it");
  breaker.overrun();
  breaker.overrun();
  breaker.come_back(0);
  EXPECT_TRUE(breaker.quarantined());
  EXPECT_EQ(breaker.refusal(1'000'000)->message,
            "it is quarantined, because 1 of its calls never returned; restart Headwind to free it, and mend it");
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
