// SPDX-License-Identifier: Apache-2.0
// What is read of an index, in both notations.
#include "plugins_helm/index_text.hpp"

namespace headwind::registries::helm {
namespace {

const std::vector<ChartVersion> podinfo{
    {"6.9.1", "sha256:9c1a3f5e7b2d4c6a8e0f1b3d5c7a9e2f4b6d8c0a1e3f5b7d9c2a4e6f8b0d1c3e", false, 1772460344120},
    {"6.9.0", "sha256:1e3d5c7b9a0f2e4d6c8b0a1f3e5d7c9b2a4f6e8d0c1b3a5f7e9d2c4b6a8f0e1d", false, 1767319445678},
    {"6.9.0-rc.1+build.5", "sha256:4a6f8e0d2c1b3a5f7e9d8c6b4a2f0e1d3c5b7a9f8e6d4c2b0a1f3e5d7c9b8a60", false,
     1766599200000}};

TEST(Index, as_helm_writes_it_is_read_whole) {
  const auto index = parsed(sample("index.yaml"));
  EXPECT_EQ(index.list("podinfo").versions, podinfo);
  EXPECT_EQ(names(index, "common"), std::vector<std::string>{"2.31.3"});
  EXPECT_EQ(index.charts(), 2u);
  EXPECT_EQ(index.entries(), 4u);
  EXPECT_EQ(index.left_out(), 0u);
  EXPECT_FALSE(index.list("redis").present);
}

TEST(Index, as_json_is_the_same) {
  const auto index = parsed(sample("index.json"));
  EXPECT_EQ(index.list("podinfo").versions, podinfo);
  EXPECT_EQ(names(index, "common"), std::vector<std::string>{"2.31.3"});
}

TEST(Index, is_the_same_in_whatever_pieces_it_comes) {
  for (const char* name : {"index.yaml", "index.json"})
    for (const std::size_t step : {1, 7, 4096}) {
      const auto index = parse(sample(name), step);
      ASSERT_TRUE(index) << name << " " << step;
      EXPECT_EQ(index->list("podinfo").versions, podinfo) << name << " " << step;
    }
}

TEST(Index, of_a_chart_server_is_read_whole) {
  const auto index = parsed(sample("server.yaml"));
  const auto nginx = index.list("nginx").versions;
  ASSERT_EQ(nginx.size(), 2u);
  EXPECT_TRUE(nginx[0].digest_derived);
  EXPECT_EQ(nginx[1].digest, "sha256:9c1a3f5e7b2d4c6a8e0f1b3d5c7a9e2f4b6d8c0a1e3f5b7d9c2a4e6f8b0d1c3e");
  EXPECT_FALSE(nginx[1].digest_derived);
  EXPECT_EQ(nginx[1].created_ms, 0) << "the year 1 is no time";
  EXPECT_TRUE(index.list("mariadb").present);
  EXPECT_TRUE(index.list("mariadb").versions.empty());
}

TEST(Index, may_be_empty_of_charts) {
  EXPECT_EQ(parsed("apiVersion: v1\nentries: {}\ngenerated: \"2026-01-02T03:04:05Z\"\n").charts(), 0u);
  EXPECT_EQ(parsed(R"({"apiVersion":"v1","entries":{}})").charts(), 0u);
}

TEST(Index, in_braces_without_quotes_is_yaml) {
  const auto index = parsed("{apiVersion: v1, entries: {app: [{name: app, version: 1.0.0}]}}");
  EXPECT_EQ(names(index, "app"), std::vector<std::string>{"1.0.0"});
}

TEST(Index, as_json_may_escape_what_yaml_cannot) {
  const auto index = parsed(
      "\n {\"apiVersion\":\"v1\",\"entries\":{\"app\":[{\"name\":\"app\",\"version\":\"1.0.0\","
      "\"description\":\"\\ud83d\\ude80 \\/\",\"deprecated\":true,\"x\":[1,-2,1.5e3,null]}]}}\n");
  EXPECT_EQ(names(index, "app"), std::vector<std::string>{"1.0.0"});
}

TEST(Index, keeps_deprecated_versions_and_drops_removed_ones) {
  const auto index = parsed(index_of(
      {"version: 3.0.0, removed: true", "version: 2.0.0, deprecated: true", "version: 1.0.0, removed: false"}));
  EXPECT_EQ(names(index, "app"), (std::vector<std::string>{"2.0.0", "1.0.0"}));
  EXPECT_EQ(index.left_out(), 0u);
}

TEST(Index, tells_each_version_once) {
  const auto index = parsed(index_of({"version: 1.1.0, " + digest_line('a'), "version: 1.0.0, " + digest_line('b'),
                                      "version: 1.1.0, " + digest_line('c')}));
  EXPECT_EQ(names(index, "app"), (std::vector<std::string>{"1.1.0", "1.0.0"}));
  EXPECT_EQ(index.list("app").versions[0].digest, "sha256:" + std::string(64, 'a'));
}

TEST(Index, gathers_a_chart_that_stands_there_twice) {
  const auto index = parsed(
      "apiVersion: v1\nentries:\n  b: [{name: b, version: 2.0.0}]\n  a: [{name: a, version: 1.0.0}]\n"
      "  b: [{name: b, version: 1.0.0}]\n");
  EXPECT_EQ(names(index, "b"), (std::vector<std::string>{"2.0.0", "1.0.0"}));
  EXPECT_EQ(names(index, "a"), std::vector<std::string>{"1.0.0"});
}

TEST(Index, reads_the_first_document_only) {
  EXPECT_EQ(names(parsed(index_of({"version: 1.0.0"}) + "---\n[not: looked, at\n"), "app").size(), 1u);
}

TEST(Index, may_name_an_anchor_that_nothing_refers_to) {
  EXPECT_EQ(names(parsed(index_of({"version: &v 1.0.0"})), "app"), std::vector<std::string>{"1.0.0"});
}

}  // namespace
}  // namespace headwind::registries::helm
