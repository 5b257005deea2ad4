// SPDX-License-Identifier: Apache-2.0
#include "registries/harbor/artifact_page.hpp"

#include <gtest/gtest.h>

#include "plugins_harbor/fake_harbor.hpp"

namespace headwind::registries {
namespace {

const std::string digest = FakeHarbor::digest(1);

TEST(ArtifactPage, tells_names_digests_and_the_push_time_of_the_tag) {
  const auto page = read_artifacts(R"([{"id":1,"digest":")" + digest + R"(","push_time":"2020-01-01T00:00:00.000Z",
    "references":[{"child_digest":"x"}],"tags":[
      {"name":"1.0","push_time":"2026-01-02T03:04:05.678Z"},{"name":"latest","push_time":"0001-01-01T00:00:00.000Z"}]}])");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->tags.names, (std::vector<std::string>{"1.0", "latest"}));
  EXPECT_EQ(page->tags.digests, (std::vector<std::string>{digest, digest}));
  EXPECT_EQ(page->tags.pushed_ms, (std::vector<std::int64_t>{1767323045678, 0}));
  EXPECT_EQ(page->artifacts, std::vector<std::string>{digest});
}

TEST(ArtifactPage, passes_over_what_has_another_shape) {
  const auto page = read_artifacts(R"([{"id":1,"digest":")" + digest + R"(","tags":null},7,null,{"tags":[{"name":"x"}]},
    {"id":2,"digest":"sha256:short","tags":[{"name":"kept"},{"name":"../no"},{"name":5},"text"]}])");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->tags.names, std::vector<std::string>{"kept"});
  EXPECT_EQ(page->tags.digests, std::vector<std::string>{""});
  EXPECT_EQ(page->tags.pushed_ms, std::vector<std::int64_t>{0});
  EXPECT_EQ(page->artifacts, (std::vector<std::string>{digest, "#2"}));
}

TEST(ArtifactPage, is_a_list_or_nothing) {
  for (const char* body : {"", "{}", "null", "<html>", R"({"errors":[]})", "[", "[[[[", "\"[]\""})
    EXPECT_FALSE(read_artifacts(body)) << body;
  EXPECT_TRUE(read_artifacts("[]"));
  EXPECT_FALSE(read_artifacts(std::string(1000, '[') + std::string(1000, ']')));
  EXPECT_FALSE(read_artifacts("[" + std::string(max_artifact_page, ' ') + "]"));
}

TEST(EscapedLink, leaves_what_a_url_may_hold) {
  EXPECT_EQ(escaped_link("/api/v2.0/a%252Fb/artifacts?q=tags=*&sort=-push_time"),
            "/api/v2.0/a%252Fb/artifacts?q=tags=*&sort=-push_time");
  EXPECT_EQ(escaped_link("/x?q=name={a b}|\x01\xff"), "/x?q=name=%7Ba%20b%7D%7C%01%FF");
}

}  // namespace
}  // namespace headwind::registries
