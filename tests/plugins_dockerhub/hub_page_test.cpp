// SPDX-License-Identifier: Apache-2.0
#include "registries/dockerhub/hub_page.hpp"

#include <gtest/gtest.h>

#include "plugins_dockerhub/fake_hub.hpp"

namespace headwind::registries {
namespace {

const std::string digest = FakeHub::digest(1);

TEST(HubPage, tells_names_digests_and_push_times) {
  const auto page = read_hub_tags(R"({"count":2,"next":"https://hub.docker.com/x?page=2","previous":null,"results":[
    {"name":"1.27","digest":")" + digest +
                                  R"(","tag_last_pushed":"2026-01-02T03:04:05.678901Z","images":[{"digest":"x"}]},
    {"name":"old","digest":null,"tag_last_pushed":null,"last_updated":"2020-01-01T00:00:00Z"}]})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->count, 2u);
  EXPECT_EQ(page->rows, 2u);
  EXPECT_EQ(page->next, "https://hub.docker.com/x?page=2");
  EXPECT_EQ(page->tags.names, (std::vector<std::string>{"1.27", "old"}));
  EXPECT_EQ(page->tags.digests, (std::vector<std::string>{digest, ""}));
  EXPECT_EQ(page->tags.pushed_ms, (std::vector<std::int64_t>{1767323045678, 0}));
}

TEST(HubPage, passes_over_what_has_another_shape) {
  const auto page = read_hub_tags(R"({"count":"many","next":7,"results":[7,null,{"name":"../no"},{"name":"kept",
    "digest":"sha256:short","tag_last_pushed":"0001-01-01T00:00:00Z"}]})");
  ASSERT_TRUE(page);
  EXPECT_FALSE(page->count);
  EXPECT_EQ(page->next, "");
  EXPECT_EQ(page->rows, 4u);
  EXPECT_EQ(page->tags.names, std::vector<std::string>{"kept"});
  EXPECT_EQ(page->tags.digests, std::vector<std::string>{""});
  EXPECT_EQ(page->tags.pushed_ms, std::vector<std::int64_t>{0});
}

TEST(HubPage, is_a_page_or_nothing) {
  for (const char* body : {"", "[]", "null", "<html>", R"({"detail":"no"})", R"({"results":null})", "{"})
    EXPECT_FALSE(read_hub_tags(body)) << body;
  EXPECT_FALSE(read_hub_tags(R"({"results":[]})" + std::string(max_hub_page, ' ')));
  std::string deep = R"({"results":)" + std::string(1000, '[') + std::string(1000, ']') + "}";
  EXPECT_FALSE(read_hub_tags(deep));
}

}  // namespace
}  // namespace headwind::registries
