// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <headwind/sdk/testing.hpp>

namespace {

constexpr const char* repository = "registry.example.com/team/web";

TEST(Sample, lists_and_resolves) {
  hw::testing::fake_host host;
  host.http = hw::testing::answers{{.status = 200, .body = R"({"tags": ["1.0", "1.1"]})"},
                                   {.status = 200, .body = R"({"digest": "sha256:1f"})"}};
  hw::testing::registry registry(host);
  EXPECT_EQ(registry.list_tags(repository), (std::vector<std::string>{"1.0", "1.1"}));
  EXPECT_EQ(registry.resolve(repository, "1.1").digest, "sha256:1f");
  EXPECT_EQ(host.requests.back().url, "https://registry.example.com/api/team/web/tags/1.1");
  EXPECT_EQ(host.requests.back().credential, "pull");
}

// What the plugin answers when the registry does.
hw_status status_for(const hw::http_response& answer) {
  hw::testing::fake_host host;
  host.http = hw::testing::answers{answer};
  try {
    hw::testing::registry(host).list_tags(repository);
  } catch (const hw::error& failure) {
    return static_cast<hw_status>(failure.code());
  }
  return HW_OK;
}

TEST(Sample, never_takes_a_failure_for_an_empty_repository) {
  EXPECT_EQ(status_for({.status = 404}), HW_NOT_FOUND);
  EXPECT_EQ(status_for({.status = 401}), HW_DENIED);
  EXPECT_EQ(status_for({.status = 429}), HW_THROTTLED);
  EXPECT_EQ(status_for({.status = 200, .body = "<html>"}), HW_UNAVAILABLE);
  EXPECT_EQ(status_for({.status = 200, .body = R"({"tags": ["1.0", 7]})"}), HW_UNAVAILABLE);
  EXPECT_EQ(status_for({.status = 200, .body = R"({"tags": []})"}), HW_OK);
}

}  // namespace
