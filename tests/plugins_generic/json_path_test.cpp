// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/json_path.hpp"

#include <gmock/gmock.h>

#include "workloads/core/find.hpp"

namespace headwind::workloads::generic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "pointer=text" of every match.
std::vector<std::string> found(const std::string& path, const std::string& document, std::size_t most = 256) {
  JsonPath parsed;
  std::string error;
  EXPECT_TRUE(parse_json_path(path, parsed, error)) << error;
  Value root;
  EXPECT_TRUE(parse_object(document, root, error)) << error;
  std::vector<std::string> out;
  for (const Match& match : find_all(root, parsed.steps, most))
    out.push_back(pointer_to(match.way) + "=" + std::string(text_of(match.value)));
  return out;
}

std::string mistake(const std::string& path) {
  JsonPath parsed;
  std::string error;
  EXPECT_FALSE(parse_json_path(path, parsed, error)) << path;
  return error;
}

constexpr const char* pod = R"({"spec":{"containers":[{"name":"web","image":"a:1"},{"name":"log","image":"b:2"}],
  "my-map":{"one":{"image":"c:3"},"two":{"image":"d:4"}}},
  "a/b~c":"slashed","empty":null,"it's":"quoted","größe":"wide"})";

TEST(JsonPath, finds_every_item_of_a_list_in_its_order) {
  EXPECT_THAT(found("$.spec.containers[*].image", pod),
              ElementsAre("/spec/containers/0/image=a:1", "/spec/containers/1/image=b:2"));
  EXPECT_THAT(found("$.spec.containers[1].image", pod), ElementsAre("/spec/containers/1/image=b:2"));
}

TEST(JsonPath, finds_every_member_of_an_object) {
  EXPECT_THAT(found("$.spec['my-map'].*.image", pod),
              ElementsAre("/spec/my-map/one/image=c:3", "/spec/my-map/two/image=d:4"));
  EXPECT_EQ(found("$.spec['my-map'][*].image", pod), found("$.spec[\"my-map\"].*['image']", pod));
}

TEST(JsonPath, takes_quoted_names_with_anything_in_them_and_escapes_them_in_the_pointer) {
  EXPECT_THAT(found("$['a/b~c']", pod), ElementsAre("/a~1b~0c=slashed"));
  EXPECT_THAT(found(R"($['it\'s'])", pod), ElementsAre("/it's=quoted"));
  EXPECT_THAT(found("$.größe", pod), ElementsAre("/größe=wide"));
}

TEST(JsonPath, what_is_not_there_or_null_or_of_another_shape_matches_nothing) {
  for (const char* path : {"$.nothing", "$.empty", "$.spec.containers.image", "$.spec[0]", "$.spec.containers[2].image",
                           "$['a/b~c'][*]", "$['a/b~c'].x"})
    EXPECT_THAT(found(path, pod), IsEmpty()) << path;
}

TEST(JsonPath, stops_at_the_limit_of_matches) {
  std::string list = "[\"x\"";
  for (int i = 1; i < 1000; ++i) list += ",\"x\"";
  EXPECT_EQ(found("$.a[*]", R"({"a":)" + list + "]}", 256).size(), 256U);
}

TEST(JsonPath, refuses_what_it_does_not_support_with_a_remedy) {
  EXPECT_THAT(mistake("spec.image"), HasSubstr("must begin with $"));
  EXPECT_THAT(mistake(""), HasSubstr("must begin with $"));
  EXPECT_THAT(mistake("$.a[?(@.name=='x')].image"), HasSubstr("filters are not supported"));
  EXPECT_THAT(mistake("$..image"), HasSubstr(".. is not supported"));
  EXPECT_THAT(mistake("$.my-field"), HasSubstr("character 5 is a -: write such a name as ['my-field']"));
  EXPECT_THAT(mistake("$.a[-1]"), HasSubstr("character 5"));
  EXPECT_THAT(mistake("$.a[0:2]"), HasSubstr("character 6"));
  EXPECT_THAT(mistake("$.a[0,1]"), HasSubstr("character 6"));
  EXPECT_THAT(mistake("$.a.0"), HasSubstr("character 5"));
  EXPECT_THAT(mistake("$ .a"), HasSubstr("character 2"));
}

TEST(JsonPath, refuses_what_is_unfinished_or_malformed) {
  EXPECT_THAT(mistake("$."), HasSubstr("ends where a name should stand"));
  EXPECT_THAT(mistake("$.a["), HasSubstr("ends too early"));
  EXPECT_THAT(mistake("$.a[0"), HasSubstr("a [ is not closed"));
  EXPECT_THAT(mistake("$['a"), HasSubstr("a quote is not closed"));
  EXPECT_THAT(mistake("$['']"), HasSubstr("a quoted name is empty"));
  EXPECT_THAT(mistake(R"($['\n'])"), HasSubstr("backslash"));
  EXPECT_THAT(mistake("$['a\nb']"), HasSubstr("character 5"));
  EXPECT_THAT(mistake("$.a[01]"), HasSubstr("begins with 0"));
}

TEST(JsonPath, has_bounds) {
  std::string deep = "$";
  for (int i = 0; i < 33; ++i) deep += ".a";
  EXPECT_THAT(mistake(deep), HasSubstr("more than 32 steps"));
  EXPECT_THAT(mistake("$." + std::string(512, 'a')), HasSubstr("longer than 512 bytes"));
  EXPECT_THAT(mistake("$.a[10000]"), HasSubstr("above 9999"));
  EXPECT_THAT(mistake("$.a[99999999999999999999999]"), HasSubstr("above 9999"));
}

TEST(JsonPath, a_second_path_follows_the_turns_of_the_first) {
  JsonPath tag, repository;
  std::string error;
  ASSERT_TRUE(parse_json_path("$.parts[*].images[*].tag", tag, error));
  ASSERT_TRUE(parse_json_path("$.parts[*].images[*].repository", repository, error));
  Value root;
  ASSERT_TRUE(parse_object(R"({"parts":[{"images":[{}]},{"images":[{},{"tag":"1"}]}]})", root, error));
  const auto matches = find_all(root, tag.steps, 256);
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(pointer_to(follow(repository.steps, tag.steps, matches[0].way)), "/parts/1/images/1/repository");
}

}  // namespace
}  // namespace headwind::workloads::generic
