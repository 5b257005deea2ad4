// SPDX-License-Identifier: Apache-2.0
// Indexes with faults: one entry's costs that entry, the index's own costs the index.
#include <gmock/gmock.h>

#include "plugins_helm/index_text.hpp"

namespace headwind::registries::helm {
namespace {

using ::testing::HasSubstr;

TEST(MalformedEntry, leaves_the_others_usable) {
  const std::vector<std::string> faults{"description: no version",
                                        "version: ''",
                                        "version: ~",
                                        "version: latest",
                                        "version: 1.2.3.4",
                                        "version: [1.0.0]",
                                        "version: {a: b}",
                                        "version: 9.0.0, name: ~, name: ''",
                                        "version: 9.0.0, name: a/b",
                                        "version: 9.0.0, name: ..",
                                        "version: 9.0.0, type: plugin"};
  for (const auto& fault : faults) {
    const auto index = parsed(index_of({"version: 1.1.0", fault, "version: 1.0.0"}));
    EXPECT_EQ(names(index, "app"), (std::vector<std::string>{"1.1.0", "1.0.0"})) << fault;
    EXPECT_EQ(index.left_out(), 1u) << fault;
    EXPECT_THAT(index.left_out_first(), HasSubstr("app: ")) << fault;
  }
}

TEST(MalformedEntry, may_be_no_map_at_all) {
  const auto index = parsed(
      "apiVersion: v1\nentries:\n  app:\n  -\n  - ~\n  - text\n  - [a, list]\n  - {name: app, version: 1.0.0}\n");
  EXPECT_EQ(names(index, "app"), std::vector<std::string>{"1.0.0"});
  EXPECT_EQ(index.left_out(), 4u);
}

TEST(MalformedChart, leaves_the_others_usable) {
  const auto index = parsed("apiVersion: v1\nentries:\n  a: text\n  b: {x: [y, {z: 1}]}\n  '': []\n  " +
                            std::string(300, 'c') + ": []\n  app: [{name: app, version: 1.0.0}]\n");
  EXPECT_EQ(names(index, "app"), std::vector<std::string>{"1.0.0"});
  EXPECT_EQ(index.charts(), 1u);
  EXPECT_EQ(index.left_out(), 4u);
  EXPECT_LE(index.left_out_first().size(), 400u);
}

TEST(MalformedChart, of_too_many_versions_is_said_to_be_that) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i <= max_versions; ++i) entries.push_back("version: 1.0." + std::to_string(i));
  auto index = parsed(index_of(entries) + "  other: [{name: other, version: 1.0.0}]\n");
  EXPECT_TRUE(index.list("app").too_many);
  EXPECT_TRUE(index.list("app").versions.empty());
  EXPECT_EQ(names(index, "other"), std::vector<std::string>{"1.0.0"});
  entries.pop_back();
  index = parsed(index_of(entries));
  EXPECT_FALSE(index.list("app").too_many);
  EXPECT_EQ(index.list("app").versions.size(), max_versions);
}

TEST(MalformedIndex, says_what_is_missing) {
  EXPECT_EQ(refusal(""), "is empty");
  EXPECT_THAT(refusal("entries: {}\n"), HasSubstr("has no apiVersion"));
  EXPECT_THAT(refusal("apiVersion: ''\nentries: {}\n"), HasSubstr("has no apiVersion"));
  EXPECT_THAT(refusal("apiVersion: v1\n"), HasSubstr("has no entries"));
  EXPECT_THAT(refusal("apiVersion: v1\nentries:\n"), HasSubstr("has no entries"));
  EXPECT_THAT(refusal("apiVersion: v1\nentries: []\n"), HasSubstr("has no entries"));
  EXPECT_THAT(refusal("# nothing\n"), HasSubstr("has no apiVersion"));
  EXPECT_THAT(refusal("[]"), HasSubstr("has no apiVersion"));
  EXPECT_THAT(refusal("{}"), HasSubstr("has no apiVersion"));
  EXPECT_THAT(refusal("~"), HasSubstr("is empty"));
  EXPECT_THAT(refusal("just text"), HasSubstr("is no map"));
  EXPECT_THAT(refusal("<!DOCTYPE html>\n<html><body>Sign in: please</body></html>"), HasSubstr("is no"));
}

TEST(MalformedIndex, says_where_the_notation_breaks) {
  EXPECT_THAT(refusal("apiVersion: v1\nentries:\n  app:\n  - {name: app\n"), HasSubstr("is no valid YAML at line"));
  EXPECT_THAT(refusal("apiVersion: v1\nentries: {}\nx: \"\x01\"\n"), HasSubstr("is no valid YAML at line"));
  EXPECT_THAT(refusal("apiVersion: \xff\xfe\x80\n"), HasSubstr("is no valid YAML at line"));
  EXPECT_THAT(refusal("? {a: b}\n: c\n"), HasSubstr("has a map or a list as a key"));
  const std::string json = sample("index.json");
  for (std::size_t size = 100; size < json.size(); size += 313)
    EXPECT_THAT(refusal(std::string_view(json).substr(0, size)), HasSubstr("is no valid JSON at byte")) << size;
  EXPECT_THAT(refusal(json + "}"), HasSubstr("is no valid JSON"));
}

TEST(MalformedIndex, does_not_follow_aliases) {
  EXPECT_THAT(refusal("apiVersion: v1\na: &a [x]\nb: [*a, *a]\nentries: {}\n"), HasSubstr("uses an alias of YAML"));
  EXPECT_THAT(refusal(index_of({"version: 1.0.0, <<: *more"})), HasSubstr("uses an alias of YAML"));
}

TEST(MalformedIndex, is_not_followed_into_the_deep) {
  const std::string deep = "x: " + std::string(70, '[') + std::string(70, ']') + "\napiVersion: v1\nentries: {}\n";
  EXPECT_THAT(refusal(deep), HasSubstr("more than 64 levels"));
  EXPECT_THAT(refusal("{\"x\":" + std::string(100'000, '[')), HasSubstr("more than 64 levels"));
  EXPECT_THAT(refusal(std::string(100'000, '[')), HasSubstr("more than 64 levels"));
}

TEST(MalformedIndex, is_not_read_beyond_its_limits) {
  EXPECT_THAT(refusal("apiVersion: v1\nx: \"" + std::string(max_value + 20'000, 'a')),
              HasSubstr("a single value of more than 1 MiB"));
  EXPECT_THAT(refusal("{\"x\":\"" + std::string(max_value + 20'000, 'a')),
              HasSubstr("a single value of more than 1 MiB"));
  EXPECT_THAT(refusal("#" + std::string(max_value + 20'000, '#')), HasSubstr("a single value of more than 1 MiB"));
}

// Without end, so that only the limit can end it.
class Endless : public ByteSource {
 public:
  std::size_t read(char* to, std::size_t most) override {
    if (rest_.empty()) rest_ = "- 0123456789abcdef0123456789abcdef\n";
    const std::size_t size = std::min(most, rest_.size());
    std::copy_n(rest_.data(), size, to);
    rest_.remove_prefix(size);
    told += size;
    return size;
  }
  std::size_t told = 0;

 private:
  std::string_view rest_ = "apiVersion: v1\nentries: {}\nx:\n";
};

TEST(MalformedIndex, ends_at_64_mib) {
  Endless source;
  const auto index = parse_index(source);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.failure().message, "is larger than 64 MiB");
  EXPECT_LE(source.told, max_index + 65536);
}

// Straight into the builder: a text of that size takes seconds to parse.
TEST(MalformedIndex, ends_at_200_000_entries) {
  IndexBuilder builder;
  const auto field = [&](std::string_view key, std::string_view value) {
    return builder.scalar(key) && builder.scalar(value);
  };
  const std::string digest(64, 'a');
  ASSERT_TRUE(builder.begin_map() && field("apiVersion", "v1") && builder.scalar("entries") && builder.begin_map());
  std::size_t taken = 0;
  const auto entry = [&] {
    return builder.begin_map() && field("digest", digest) && field("name", "c") && field("version", "1.0.0") &&
           builder.end();
  };
  for (bool wanted = true; wanted; wanted = wanted && builder.end()) {
    wanted = builder.scalar("c" + std::to_string(taken)) && builder.begin_list();
    for (std::size_t i = 0; wanted && i < 5000; ++i) {
      wanted = entry();
      taken += wanted ? 1 : 0;
    }
  }
  EXPECT_EQ(taken, max_entries);
  EXPECT_THAT(builder.finish().failure().message, HasSubstr("more than 200,000 entries"));
}

}  // namespace
}  // namespace headwind::registries::helm
