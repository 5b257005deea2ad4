// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <headwind/sdk/testing.hpp>

namespace {

constexpr const char* settings = R"({"url": "https://chat.example.com/hook"})";

TEST(Sample, posts_the_event_with_its_secret) {
  hw::testing::fake_host host;
  host.grant("token", "t0p");
  host.http = hw::testing::answers{{.status = 204}};
  hw::testing::notifier notifier(host, settings);
  EXPECT_EQ(notifier.send({.type = "update_completed", .id = "1", .text = "web runs 1.2.4"}), HW_OK);
  EXPECT_EQ(host.requests.back().credential, "token");
  EXPECT_EQ(host.requests.back().body, R"({"id":"1","subject":"","text":"web runs 1.2.4","type":"update_completed"})");
}

TEST(Sample, waits_as_long_as_it_is_asked_to) {
  hw::testing::fake_host host;
  host.grant("token", "t0p");
  host.http = hw::testing::answers{{.status = 503, .headers = {{"retry-after", "7"}}}};
  hw::testing::notifier notifier(host, settings);
  EXPECT_EQ(notifier.send({.id = "1", .text = "web runs 1.2.4"}), HW_UNAVAILABLE);
  EXPECT_EQ(host.failures.back().retry_after_ms, 7000);
}

TEST(Sample, needs_its_url) {
  hw::testing::fake_host host;
  host.http = hw::testing::answers{{.status = 204}};
  EXPECT_EQ(hw::testing::notifier(host, "{}").status(), HW_INVALID);
  EXPECT_EQ(host.failures.back().message, "setting url is missing");
}

}  // namespace
