// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_repeats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headwind::telemetry {
namespace {

struct RepeatsTest : testing::Test {
  Repeats repeats{{.told = 2, .window = std::chrono::milliseconds(1000), .keys = 3}};
  std::vector<KeptLine> ended;
  std::int64_t now = 0;

  bool say(Level level, const char* message, const std::vector<Field>& fields) {
    return repeats.admit(now, level, "kube", message, fields.data(), fields.size(), ended);
  }
  bool lost(const std::string& collection, const std::string& error) {
    return say(Level::warn, "watch interrupted", {{"collection", collection}, {"error", error}});
  }
  static std::int64_t repeated(const KeptLine& line) { return std::get<std::int64_t>(line.fields.back().second); }
};

TEST_F(RepeatsTest, what_comes_too_often_is_told_once_with_its_number_and_its_last_words) {
  EXPECT_TRUE(lost("pods", "one"));
  EXPECT_TRUE(lost("pods", "two"));
  EXPECT_FALSE(lost("pods", "three"));
  EXPECT_FALSE(lost("pods", "four"));
  EXPECT_TRUE(ended.empty());
  now = 1000;
  repeats.end_windows(now, false, ended);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].level, Level::warn);
  EXPECT_EQ(ended[0].message, "watch interrupted");
  EXPECT_EQ(std::get<std::string>(ended[0].fields[1].second), "four");
  EXPECT_EQ(ended[0].fields.back().first, "repeated");
  EXPECT_EQ(repeated(ended[0]), 2);
  EXPECT_TRUE(lost("pods", "five")) << "a new window";
}

TEST_F(RepeatsTest, what_is_about_something_else_is_something_else) {
  for (int i = 0; i < 3; ++i) lost("pods", "x");
  EXPECT_TRUE(lost("nodes", "x"));
  EXPECT_TRUE(say(Level::error, "watch interrupted", {{"collection", "pods"}})) << "another level";
  EXPECT_TRUE(say(Level::warn, "workload not read", {{"collection", "pods"}})) << "another message";
}

TEST_F(RepeatsTest, errors_repeat_too_and_debug_is_never_held_back) {
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(say(Level::error, "refused", {}));
  EXPECT_FALSE(say(Level::error, "refused", {}));
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(say(Level::debug, "looked", {}));
}

TEST_F(RepeatsTest, nothing_is_told_of_a_window_that_held_nothing_back) {
  lost("pods", "x");
  lost("pods", "y");
  repeats.end_windows(1000, false, ended);
  EXPECT_TRUE(ended.empty());
}

TEST_F(RepeatsTest, memory_is_bounded_and_the_oldest_window_ends_before_it_is_forgotten) {
  for (int i = 0; i < 5; ++i) lost("first", "x");
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(lost("other" + std::to_string(i), "x"));
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(repeated(ended[0]), 3);
}

TEST_F(RepeatsTest, at_the_end_of_the_process_nothing_is_swallowed) {
  for (int i = 0; i < 3; ++i) lost("pods", "x");
  repeats.end_windows(now, true, ended);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(repeated(ended[0]), 1);
}

TEST_F(RepeatsTest, a_long_line_that_is_held_back_is_kept_short) {
  const std::string body(100'000, 'x');
  for (int i = 0; i < 3; ++i) lost("pods", body);
  repeats.end_windows(now, true, ended);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(std::get<std::string>(ended[0].fields[1].second).size(), 1024U);
}

TEST_F(RepeatsTest, of_many_fields_the_first_are_kept_and_those_of_the_trace) {
  std::vector<Field> fields(40, Field("detail", "x"));
  fields.emplace_back("trace_id", "t");
  fields.emplace_back("span_id", "s");
  for (int i = 0; i < 3; ++i) say(Level::warn, "a plugin speaks", fields);
  repeats.end_windows(now, true, ended);
  ASSERT_EQ(ended.size(), 1U);
  ASSERT_EQ(ended[0].fields.size(), 19U);
  EXPECT_EQ(ended[0].fields[16].first, "trace_id");
  EXPECT_EQ(ended[0].fields[17].first, "span_id");
}

}  // namespace
}  // namespace headwind::telemetry
