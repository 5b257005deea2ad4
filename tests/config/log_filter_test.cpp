// SPDX-License-Identifier: Apache-2.0
#include "config/log_filter.hpp"

#include <gtest/gtest.h>

namespace headwind::config {
namespace {

TEST(LogFilter, one_word_is_the_level_of_every_room) {
  const auto filter = parse_log_filter("Debug");
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->level_of("kube"), LogLevel::debug);
  EXPECT_EQ(filter->lowest(), LogLevel::debug);
}

TEST(LogFilter, the_default_of_0_1_means_info) {
  const auto filter = parse_log_filter("headwind=info,kube=info");
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->others, LogLevel::info);
  EXPECT_EQ(filter->level_of("kube"), LogLevel::info);
}

TEST(LogFilter, rooms_have_levels_of_their_own_with_or_without_the_crate_prefix) {
  const auto filter = parse_log_filter("warn, headwind::update=trace ,kube=off,,");
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->level_of("api"), LogLevel::warn);
  EXPECT_EQ(filter->level_of("update"), LogLevel::trace);
  EXPECT_EQ(filter->level_of("kube"), LogLevel::off);
  EXPECT_EQ(filter->lowest(), LogLevel::trace);
}

TEST(LogFilter, the_last_of_two_equals_wins) {
  EXPECT_EQ(parse_log_filter("info,debug")->others, LogLevel::debug);
  EXPECT_EQ(parse_log_filter("kube=info,kube=error")->level_of("kube"), LogLevel::error);
}

TEST(LogFilter, nothing_said_means_info) { EXPECT_EQ(parse_log_filter("")->others, LogLevel::info); }

TEST(LogFilter, an_unknown_level_is_named) {
  for (const char* bad : {"loud", "kube=loud", "kube="}) {
    const auto refused = parse_log_filter(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, Code::invalid);
  }
  EXPECT_NE(parse_log_filter("kube=loud").error().message.find("'loud'"), std::string::npos);
  EXPECT_FALSE(parse_log_filter(std::string(5000, ',')));
}

}  // namespace
}  // namespace headwind::config
