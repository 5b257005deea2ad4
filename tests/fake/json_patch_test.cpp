// SPDX-License-Identifier: Apache-2.0
#include "fake/json_patch.hpp"

#include <gtest/gtest.h>

namespace headwind::fake {
namespace {

Json document() {
  return Json::parse(R"({"metadata":{"uid":"u"},"spec":{"list":["a","b"],"a/b":1,"m~n":2,"null":null}})");
}

unsigned code_of(const char* operations) {
  const auto patched = apply_json_patch(document(), Json::parse(operations));
  return patched ? 200 : patched.error().code;
}

TEST(JsonPatch, operations_apply_in_order) {
  const auto patched = apply_json_patch(document(), Json::parse(R"([
      {"op":"add","path":"/spec/list/1","value":"x"}, {"op":"add","path":"/spec/list/-","value":"z"},
      {"op":"remove","path":"/spec/list/0"}, {"op":"replace","path":"/metadata/uid","value":"v"},
      {"op":"copy","from":"/metadata/uid","path":"/metadata/copy"}, {"op":"move","from":"/spec/a~1b","path":"/spec/c"},
      {"op":"test","path":"/spec/m~0n","value":2}])"));
  ASSERT_TRUE(patched);
  EXPECT_EQ(patched->dump(),
            R"({"metadata":{"copy":"v","uid":"v"},"spec":{"c":1,"list":["x","b","z"],"m~n":2,"null":null}})");
}

TEST(JsonPatch, a_failed_test_is_422_without_causes) {
  const auto patched =
      apply_json_patch(document(), Json::parse(R"([{"op":"test","path":"/metadata/uid","value":"x"}])"));
  ASSERT_FALSE(patched);
  EXPECT_EQ(patched.error().code, 422U);
  EXPECT_EQ(
      patched.error().status.dump(),
      R"({"apiVersion":"v1","code":422,"details":{},"kind":"Status","message":"the server rejected our request due )"
      R"(to an error in our request","metadata":{},"reason":"Invalid","status":"Failure"})");
}

TEST(JsonPatch, test_of_an_absent_member_against_null_passes_but_not_below_an_absent_parent) {
  EXPECT_EQ(code_of(R"([{"op":"test","path":"/metadata/annotations","value":null}])"), 200U);
  EXPECT_EQ(code_of(R"([{"op":"test","path":"/spec/null","value":null}])"), 200U);
  EXPECT_EQ(code_of(R"([{"op":"test","path":"/metadata/uid","value":null}])"), 422U);
  EXPECT_EQ(code_of(R"([{"op":"test","path":"/metadata/annotations/x","value":null}])"), 422U);
  EXPECT_EQ(code_of(R"([{"op":"test","path":"/spec/list/7","value":null}])"), 422U);
}

TEST(JsonPatch, what_is_missing_cannot_be_removed_replaced_or_filled) {
  EXPECT_EQ(code_of(R"([{"op":"remove","path":"/spec/none"}])"), 422U);
  EXPECT_EQ(code_of(R"([{"op":"replace","path":"/spec/none","value":1}])"), 422U);
  EXPECT_EQ(code_of(R"([{"op":"add","path":"/metadata/annotations/x","value":"1"}])"), 422U);
  EXPECT_EQ(code_of(R"([{"op":"add","path":"/spec/list/9","value":"1"}])"), 422U);
  EXPECT_EQ(code_of(R"([{"op":"bogus","path":"/spec"}])"), 422U);
  EXPECT_EQ(code_of(R"({"op":"add"})"), 400U);
  EXPECT_EQ(code_of("[1]"), 400U);
}

TEST(JsonPatch, negative_indexes_count_from_the_end) {
  const auto patched = apply_json_patch(document(), Json::parse(R"([{"op":"add","path":"/spec/list/-1","value":"z"},
      {"op":"test","path":"/spec/list/-1","value":"z"},{"op":"replace","path":"/spec/list/-2","value":"y"}])"));
  ASSERT_TRUE(patched);
  EXPECT_EQ((*patched)["spec"]["list"].dump(), R"(["a","y","z"])");
  EXPECT_EQ(code_of(R"([{"op":"remove","path":"/spec/list/-3"}])"), 422U);
}

}  // namespace
}  // namespace headwind::fake
