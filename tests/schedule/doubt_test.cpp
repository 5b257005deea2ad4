// SPDX-License-Identifier: Apache-2.0
#include "schedule/doubt.hpp"

#include <gtest/gtest.h>

#include "schedule/host_gate.hpp"

namespace headwind::schedule {
namespace {

const Stream app{"registry.test/app", ""};

TEST(Doubt, a_growing_or_slightly_shrinking_list_is_believed) {
  Doubt doubt;
  for (const std::size_t count : {100U, 101U, 90U, 60U}) EXPECT_FALSE(doubt.about(app, count)) << count;
}

TEST(Doubt, a_list_that_lost_more_than_half_is_believed_the_third_time) {
  Doubt doubt;
  EXPECT_FALSE(doubt.about(app, 100));
  EXPECT_TRUE(doubt.about(app, 30));
  EXPECT_TRUE(doubt.about(app, 30));
  EXPECT_FALSE(doubt.about(app, 30));
  EXPECT_FALSE(doubt.about(app, 31));
}

TEST(Doubt, a_list_that_comes_back_was_trouble) {
  Doubt doubt;
  EXPECT_FALSE(doubt.about(app, 100));
  EXPECT_TRUE(doubt.about(app, 3));
  EXPECT_FALSE(doubt.about(app, 100));
  EXPECT_TRUE(doubt.about(app, 3)) << "counted anew";
}

TEST(Doubt, a_rotated_credential_goes_on_where_the_last_one_was) {
  Doubt doubt;
  const auto as = [](const char* identity) { return Stream{app.repository, identity}; };
  EXPECT_FALSE(doubt.about(as("1"), 100));
  EXPECT_FALSE(doubt.about({"registry.test/apples", "2"}, 10)) << "another repository";
  EXPECT_TRUE(doubt.about(as("2"), 30));
  EXPECT_TRUE(doubt.about(as("3"), 30));
  EXPECT_FALSE(doubt.about(as("4"), 30)) << "the third time in a row";
  EXPECT_FALSE(doubt.about(as("5"), 30)) << "believed since";
  EXPECT_FALSE(doubt.about(as("1"), 100)) << "its own is what it compares with";
}

TEST(Doubt, what_was_believed_before_the_start_counts) {
  Doubt doubt;
  doubt.remember([](Symbol repository) { return repository == app.repository ? 100U : 0U; });
  EXPECT_EQ(doubt.believed(app.repository), 100U);
  EXPECT_EQ(doubt.about(app, 30)->reason, "shrunk");
  EXPECT_FALSE(doubt.about(app, 100));
  EXPECT_FALSE(doubt.about({"registry.test/other", ""}, 3));
}

TEST(Doubt, an_empty_list_is_never_believed) {
  Doubt doubt;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(doubt.about(app, 0));
  EXPECT_FALSE(doubt.about(app, 5));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(doubt.about(app, 0));
}

TEST(Doubt, the_share_is_what_may_be_lost_at_once) {
  Doubt strict(0.1), lax(1);
  EXPECT_FALSE(strict.about(app, 100));
  EXPECT_FALSE(strict.about(app, 91));
  EXPECT_EQ(strict.about(app, 80)->reason, "shrunk");
  EXPECT_FALSE(lax.about(app, 100));
  EXPECT_FALSE(lax.about(app, 1));
  EXPECT_EQ(lax.about(app, 0)->reason, "empty");
}

TEST(Doubt, a_clock_that_jumps_is_doubted_once_for_each_stream) {
  const Stream other{"registry.test/other", ""};
  Doubt doubt;
  EXPECT_FALSE(doubt.about_time(app, 1'000'000, 1'000'000));
  EXPECT_FALSE(doubt.about_time(other, 1'000'000, 1'000'000));
  EXPECT_FALSE(doubt.about_time(app, 1'000'000, 1'059'000)) << "less than a minute";
  EXPECT_EQ(doubt.about_time(app, 1'059'000, 5'000'000)->reason, "clock");
  EXPECT_FALSE(doubt.about_time(app, 5'000'000, 5'000'000));
  EXPECT_TRUE(doubt.about_time(other, 5'000'000, 5'000'000));
  EXPECT_TRUE(doubt.about_time(other, 5'000'000, 1'000'000)) << "back";
}

TEST(HostGate, counts_for_each_host_by_itself) {
  HostGate gate(2);
  gate.begin("a");
  EXPECT_FALSE(gate.is_full("a"));
  gate.begin("a");
  EXPECT_TRUE(gate.is_full("a"));
  EXPECT_FALSE(gate.is_full("b"));
  gate.end("a");
  EXPECT_FALSE(gate.is_full("a"));
}

}  // namespace
}  // namespace headwind::schedule
