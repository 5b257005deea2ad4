// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <headwind/sdk/testing.hpp>

namespace {

TEST(Sample, takes_the_highest_number) {
  hw::testing::fake_host host;
  hw::testing::policy policy(host);
  const auto chosen = policy.choose({.tag = "build-9"}, {"build-8", "build-10", "build-11", "release-12", "latest"});
  EXPECT_EQ(chosen.tag, "build-11");
  EXPECT_EQ(chosen.why, "build-11 has the highest number");
  EXPECT_EQ(chosen.verdicts.at("build-8").verdict, hw::verdict::hold);
  EXPECT_EQ(chosen.verdicts.at("build-10").verdict, hw::verdict::update);
  EXPECT_EQ(chosen.verdicts.at("release-12").verdict, hw::verdict::ignored);
}

TEST(Sample, stays_where_it_cannot_compare) {
  hw::testing::fake_host host;
  hw::testing::policy policy(host);
  EXPECT_EQ(policy.choose({.tag = "latest"}, {"build-8", "latest"}).tag, "");
  EXPECT_EQ(policy.choose({.tag = "build-8"}, {}).why, "no tag has a higher number than build-8");
}

}  // namespace
