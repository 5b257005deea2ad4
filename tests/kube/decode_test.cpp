// SPDX-License-Identifier: Apache-2.0
#include "kube/decode.hpp"

#include <gtest/gtest.h>

namespace headwind::kube {
namespace {

constexpr const char* kDeployment =
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"managedFields":[{"x":{}}],
  "name":"web","namespace":"shop","uid":"u-1","resourceVersion":"42","generation":7,
  "creationTimestamp":"2026-01-02T03:04:05Z","annotations":{"headwind.sh/policy":"minor","other":"x",
  "headwind.sh/a\u0062":"caf\u00e9 \"quoted\""}},"spec":{"replicas":1}})";

TEST(ReadObject, KeepsTheFewFieldsAndTheText) {
  Object object;
  ASSERT_TRUE(read_object(kDeployment, object));
  EXPECT_EQ(object.name, "web");
  EXPECT_EQ(object.name_space, "shop");
  EXPECT_EQ(object.uid, "u-1");
  EXPECT_EQ(object.resource_version, "42");
  EXPECT_EQ(object.generation, 7);
  EXPECT_EQ(object.created_ms, 1767323045000);
  EXPECT_EQ(object.annotations, (TextMap{{"headwind.sh/policy", "minor"}, {"headwind.sh/ab", "café \"quoted\""}}));
  EXPECT_EQ(object.json, kDeployment);
}

TEST(ReadObject, RefusesWhatIsNotAnObjectWithMetadata) {
  Object object;
  for (const char* text :
       {"", "null", "[]", "42", "\"x\"", "{}", R"({"metadata":null})", R"({"metadata":[]})",
        R"({"metadata":{"name":1}})", R"({"metadata":{"generation":"7"}})", R"({"metadata":{"name":"a"})",
        R"({"metadata":{"name":"a"}},)", "{\"metadata\":{\"name\":\"\xff\"}}",
        R"({"metadata":{"annotations":{"headwind.sh/x":1}}})", R"({"metadata":{"creationTimestamp":nu/l}})",
        R"({"metadata":{"annotations":nul}})", R"({"metadata":{"name":"a","x":"b":"c"}})"})
    EXPECT_FALSE(read_object(text, object)) << text;
}

TEST(ReadObject, TakesNullAnnotationsAndTimes) {
  Object object;
  EXPECT_TRUE(read_object(R"({"metadata":{"name":"a","annotations":null,"creationTimestamp":null}})", object));
  EXPECT_EQ(object.name, "a");
}

TEST(Decoder, ReadsAPageAndItsContinueToken) {
  Page page;
  ASSERT_TRUE(Decoder(false).page(R"({"kind":"List","metadata":{"resourceVersion":"9","continue":"next"},"items":[
    {"metadata":{"name":"a"}} ,{"metadata":{"name":"b"},"spec":{"list":[1,{"x":"}"}]}}]})",
                                  page));
  EXPECT_EQ(page.resource_version, "9");
  EXPECT_EQ(page.continue_token, "next");
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[0].json, R"({"metadata":{"name":"a"}})");
  EXPECT_EQ(page.items[1].json, R"({"metadata":{"name":"b"},"spec":{"list":[1,{"x":"}"}]}})");
}

TEST(ForeseenToken, IsTheListsOwnWhereItsMetadataComesFirstOrLast) {
  EXPECT_EQ(foreseen_token(R"({"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"9","continue":"next",)"
                           R"("remainingItemCount":3},"items":[)"),
            "next");
  EXPECT_EQ(foreseen_token(R"({"kind":"List","metadata":{"resourceVersion":"9"},"items":[)"), "");
  EXPECT_EQ(foreseen_token(R"({"apiVersion":"x/v1","items":[{"metadata":{"continue":"an item's"}}],"kind":"XList",)"
                           R"("metadata":{"continue":"next","resourceVersion":"9"}})"
                           "\n"),
            "next");
}

TEST(ForeseenToken, IsNobodyElses) {
  for (const char* list :
       {R"({"items":[{"metadata":{"continue":"an item's"}}]})",
        R"({"items":[{"metadata":{"continue":"an item's"}}],"metadata":{"resourceVersion":"9"}})",
        R"({"status":{"metadata":{"continue":"deeper"}}})", R"({"metadata":{"a":{"metadata":{"continue":"deeper"}}}})",
        R"({"metadata":{"continue":7},"items":[)", R"({"metadata":{"continue":"cut)", R"({"metadata":{"continue":)",
        R"("metadata":{)", "{", ""})
    EXPECT_EQ(foreseen_token(list), "") << list;
}

TEST(Decoder, TakesNullItemsAsNone) {
  Page page;
  EXPECT_TRUE(Decoder(false).page(R"({"metadata":{"resourceVersion":"1"},"items":null})", page));
  EXPECT_TRUE(page.items.empty());
}

TEST(Decoder, LeavesObjectsWithoutOurAnnotationsOutOfPages) {
  Page page;
  ASSERT_TRUE(Decoder(true).page(R"({"metadata":{},"items":[{"metadata":{"name":"a","annotations":{"x":"y"}}},
    {"metadata":{"name":"b","annotations":{"headwind.sh/policy":"all"}}}]})",
                                 page));
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].name, "b");
}

TEST(Decoder, DropsManagedFieldsWhereThatIsAskedFor) {
  const std::string list = R"({"metadata":{"resourceVersion":"9"},"items":[)"
                           R"({"metadata":{"name":"a","managedFields":[{"fieldsV1":{"f:spec":{}}}],"uid":"1"}},)"
                           R"({"metadata":{"name":"b","uid":"2","managedFields":[]}},)"
                           R"({"metadata":{"name":"c","managedFields":null,"uid":"3"},"spec":{"managedFields":[1]}}]})";
  Page page;
  ASSERT_TRUE(Decoder(false, true).page(list, page));
  ASSERT_EQ(page.items.size(), 3U);
  EXPECT_EQ(page.items[0].json, R"({"metadata":{"name":"a","uid":"1"}})");
  EXPECT_EQ(page.items[0].uid, "1");
  EXPECT_EQ(page.items[1].json,
            R"({"metadata":{"name":"b","uid":"2","managedFields":[]}})");  // not as servers write it
  EXPECT_EQ(page.items[2].json,
            R"({"metadata":{"name":"c","managedFields":null,"uid":"3"},"spec":{"managedFields":[1]}})");
  ASSERT_TRUE(Decoder(false).page(list, page));
  EXPECT_NE(page.items[0].json.find("managedFields"), std::string::npos);
}

TEST(Decoder, RefusesBrokenPages) {
  Page page;
  for (const char* text :
       {"", "{}", R"({"metadata":{}})", R"({"metadata":{},"items":{}})", R"({"metadata":{},"items":[1]})",
        R"({"metadata":{},"items":[{"metadata":{"name":"a"}})", R"({"metadata":{},"items":[{}]})"})
    EXPECT_FALSE(Decoder(false).page(text, page)) << text;
}

TEST(Decoder, ReadsEveryTypeOfEvent) {
  Decoder decoder(false);
  WatchEvent event;
  const std::pair<const char*, WatchEvent::Type> types[] = {{"ADDED", WatchEvent::Type::added},
                                                            {"MODIFIED", WatchEvent::Type::modified},
                                                            {"DELETED", WatchEvent::Type::deleted},
                                                            {"BOOKMARK", WatchEvent::Type::bookmark}};
  for (const auto& [name, type] : types) {
    ASSERT_TRUE(decoder.event(
        std::string(R"({"type":")") + name + R"(","object":{"metadata":{"name":"a","resourceVersion":"5"}}})", event));
    EXPECT_EQ(event.type, type);
    EXPECT_EQ(event.object.resource_version, "5");
  }
  ASSERT_TRUE(decoder.event(R"({"object":{"kind":"Status","message":"too old","code":410},"type":"ERROR"})", event));
  EXPECT_EQ(event.type, WatchEvent::Type::error);
  EXPECT_EQ(event.code, 410);
  EXPECT_EQ(event.message, "too old");
}

TEST(Decoder, RefusesWhatIsNotAnEvent) {
  Decoder decoder(false);
  WatchEvent event;
  for (const char* text : {"", "{}", "garbage", R"({"type":"ADDED"})", R"({"object":{"metadata":{}}})",
                           R"({"type":"PAINTED","object":{"metadata":{}}})", R"({"type":"ADDED","object":[]})",
                           R"({"type":"ADDED","object":{"metadata":{"name":"a"}})"})
    EXPECT_FALSE(decoder.event(text, event)) << text;
}

TEST(Decoder, SurvivesAHugeEventBetweenSmallOnes) {
  Decoder decoder(true);
  WatchEvent event;
  const std::string small = R"({"type":"ADDED","object":{"metadata":{"annotations":{"headwind.sh/policy":"all"}}}})";
  const std::string huge =
      R"({"type":"ADDED","object":{"metadata":{"annotations":{"headwind.sh/policy":"all"}},"data":")" +
      std::string(2U << 20U, 'x') + R"("}})";
  for (const std::string& line : {small, huge, small}) {
    ASSERT_TRUE(decoder.event(line, event));
    EXPECT_EQ(event.object.annotations.size(), 1U);
  }
}

}  // namespace
}  // namespace headwind::kube
