// SPDX-License-Identifier: Apache-2.0
// headwind/version.hpp by itself: what is a version, and which is newer.
#include <gtest/gtest.h>

#include <headwind/version.hpp>
#include <string>
#include <vector>

namespace headwind::policies {
namespace {

hw::version parse(std::string_view text) {
  hw::version version;
  EXPECT_TRUE(hw::parse_version(text, version)) << text;
  return version;
}
bool is_version(std::string_view text) {
  hw::version version;
  return hw::parse_version(text, version);
}

TEST(Version, is_read_where_there_is_one) {
  for (const char* text : {"1.2.3",
                           "v1.2.3",
                           "1",
                           "v1",
                           "1.0",
                           "v1.0",
                           "1.2-5",
                           "1.2-beta.5",
                           "1.2.3.4",
                           "v1.2.3.4",
                           "12.3.4.1234",
                           "20.04",
                           "2024-01-02",
                           "1.2.0-x.Y.0+metadata",
                           "1.2.3-0abc123",
                           "release-1.2.3",
                           "version-1",
                           "1.2.2147483648",
                           "2147483648.3.0",
                           "20221209-update-renovatejson-v4",
                           "v1.2.3-alpha1",
                           "0.6.12-ls132",
                           "app_v1.2",
                           "3.13.0b2",
                           "1.2.3_7"}) {
    EXPECT_TRUE(is_version(text)) << text;
  }
}

TEST(Version, is_not_seen_where_there_is_none) {
  for (const char* text : {"",
                           "latest",
                           "stable",
                           "main",
                           "invalid",
                           "foo",
                           "1.2.beta",
                           "01.1.1",
                           "1.01.1",
                           "1.1.01",
                           "1.2.3-alpha.01",
                           "\n1.2",
                           "1.2\n",
                           "1.0.0-alpha..",
                           "9.8.7+meta+meta",
                           "1.1.2+.123",
                           "1.0.0p",
                           "1x",
                           "x1",
                           "-1",
                           "a",
                           "1.2.3-",
                           "1.2.3.",
                           ".1.2",
                           "1.2.3+",
                           "1..2",
                           "1.2.3.4.5",
                           "v",
                           "vv1.2.3",
                           "sha-1234567",
                           "git-1.2",
                           "1.2.3--x",
                           "1.2.3 ",
                           "2024-13-01-",
                           "0010"}) {
    EXPECT_FALSE(is_version(text)) << text;
  }
  EXPECT_FALSE(is_version(std::string(257, '1')));
  EXPECT_FALSE(is_version(std::string_view("1.2.3\0", 6)));
}

TEST(Version, has_its_parts_where_they_belong) {
  const hw::version v = parse("app-v1.25.3-4-slim-rc.1-2-bookworm+b.7");
  EXPECT_EQ(v.prefix, "app-");
  EXPECT_EQ(v.spelling, 'v');
  EXPECT_EQ(v.count, 3u);
  EXPECT_EQ(v.parts[1], "25");
  EXPECT_EQ(v.revision, "4");
  EXPECT_EQ(v.variant, "slim");
  EXPECT_EQ(v.prerelease, "rc.1-2");
  EXPECT_EQ(v.variant_tail, "bookworm");
  EXPECT_EQ(v.build, "b.7");
  EXPECT_EQ(parse("2021-01-08-alpine").parts[2], "08");
  EXPECT_EQ(parse("2021-01-08-alpine").variant, "alpine");
  EXPECT_EQ(parse("1.2.3-dev").variant, "dev");
  EXPECT_EQ(parse("1.2.3-dev.4").prerelease, "dev.4");
}

// Each is older than the next.
void expect_ascending(const std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = 0; j < texts.size(); ++j) {
      EXPECT_EQ(hw::compare(parse(texts[i]), parse(texts[j])), i < j   ? -1
                                                               : i > j ? 1
                                                                       : 0)
          << texts[i] << " and " << texts[j];
    }
  }
}

TEST(Version, precedence_is_that_of_semver) {
  expect_ascending({"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
                    "1.0.0-rc.1", "1.0.0"});
  expect_ascending({"4.2-alpha", "4.2-beta", "4.2-beta.1", "4.2-beta.2", "4.2-beta.foo", "4.2"});
  expect_ascending({"1.0.0-beta.4", "1.0.0-beta.-2"});
  expect_ascending({"1.2.3", "1.5.1"});
  expect_ascending({"2.2.2", "2.2.3"});
  expect_ascending({"1.2.3-alpha1", "1.2.3-beta1", "1.2.3"});
  expect_ascending({"3.0.0", "3.0.1", "7.9.1-1-ubi8", "7.9.1", "8.0.0", "8.3.1"});
}

TEST(Version, numbers_have_no_limit) {
  expect_ascending({"1.9007199254740992", "1.9007199254740993", "1.18446744073709551615", "1.18446744073709551616"});
  expect_ascending({"20240102030405006", "20240102030405007"});
  expect_ascending({"1.0.0-rc9", "1.0.0-rc10", "1.0.0-rc99999999999999999999", "1.0.0-rc100000000000000000000"});
}

TEST(Version, build_metadata_and_missing_parts_do_not_count) {
  EXPECT_EQ(hw::compare(parse("1.2+bar"), parse("1.2+baz")), 0);
  EXPECT_EQ(hw::compare(parse("1.2"), parse("1.2.0.0")), 0);
  EXPECT_EQ(hw::compare(parse("v1.2.3"), parse("1.2.3")), 0);
}

TEST(Version, ties_are_broken_the_same_way_each_time) {
  EXPECT_TRUE(hw::is_better(parse("1.2.0"), parse("1.2"), 0)) << "the more precise";
  EXPECT_TRUE(hw::is_better(parse("1.2+bar"), parse("1.2+baz"), 0)) << "then by its bytes";
  EXPECT_TRUE(hw::is_better(parse("v1.2"), parse("1.2.0"), 'v')) << "but first the current spelling";
  EXPECT_FALSE(hw::is_better(parse("1.2"), parse("1.2"), 0));
}

TEST(NaturalOrder, takes_numbers_as_numbers) {
  EXPECT_LT(hw::compare_natural("a9", "a10"), 0);
  EXPECT_GT(hw::compare_natural("0010", "9"), 0);
  EXPECT_LT(hw::compare_natural("a", "b"), 0);
  EXPECT_LT(hw::compare_natural("a", "aa"), 0);
  EXPECT_EQ(hw::compare_natural("a1", "a1"), 0);
  EXPECT_NE(hw::compare_natural("a01", "a1"), 0);
  EXPECT_GT(hw::compare_natural("2023-05-08T00-20-00Z", "2021-01-08T21-18-21Z"), 0);
}

TEST(Signature, tags_are_known_by_their_form) {
  const std::string tag = "sha256-" + std::string(64, 'f');
  for (const char* end : {"", ".sig", ".att", ".sbom"}) EXPECT_TRUE(hw::is_signature_tag(tag + end)) << end;
  for (const std::string& other :
       {std::string("sha256-not-a-digest"), std::string("1.0.0"), tag + "0", tag + ".x", tag.substr(1)}) {
    EXPECT_FALSE(hw::is_signature_tag(other)) << other;
  }
}

}  // namespace
}  // namespace headwind::policies
