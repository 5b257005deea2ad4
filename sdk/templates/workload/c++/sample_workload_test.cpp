// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <headwind/sdk/testing.hpp>

namespace {

TEST(Sample, finds_the_image_of_a_site) {
  hw::testing::fake_host host;
  hw::testing::workload sites(host);
  EXPECT_EQ(sites.describe().kind, "Site");
  const auto images = sites.images(R"({"spec": {"image": "ghcr.io/acme/site:1.2.3"}})");
  ASSERT_EQ(images.size(), 1U);
  EXPECT_EQ(images[0].reference, "ghcr.io/acme/site:1.2.3");
  EXPECT_EQ(images[0].pointer, "/spec/image");
  EXPECT_TRUE(sites.images(R"({"spec": {}})").empty());
  EXPECT_TRUE(sites.images(R"({"spec": ["image"]})").empty());
  EXPECT_THROW(sites.images("[]"), hw::error);
}

TEST(Sample, a_rollout_is_done_when_all_replicas_are_ready) {
  hw::testing::fake_host host;
  hw::testing::workload sites(host);
  const std::string before = R"({"metadata": {"generation": 2}, "spec": {"replicas": 3}, "status": )";
  EXPECT_EQ(sites.rollout(before + R"({"observedGeneration": 2, "readyReplicas": 3}})").now, hw::rollout::state::done);
  EXPECT_EQ(sites.rollout(before + R"({"observedGeneration": 2, "readyReplicas": 1}})").reason,
            "1 of 3 replicas are ready");
  EXPECT_EQ(sites.rollout(before + R"({"observedGeneration": 1, "readyReplicas": 3}})").now,
            hw::rollout::state::running);
}

}  // namespace
