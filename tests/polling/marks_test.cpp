// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "app/poll_marks.hpp"

namespace headwind::app {
namespace {

TEST(LastAskedText, comes_back_as_it_was_written) {
  const LastAsked marks{{asked_key("docker.io/library/nginx"), 1'700'000'000}, {asked_key("registry.test/app"), 1}};
  EXPECT_EQ(read_last_asked(write_last_asked(marks)), marks);
  EXPECT_TRUE(read_last_asked("").empty());
}

TEST(LastAskedText, what_makes_no_sense_is_left_out) {
  const std::string key = asked_key("a/b");
  const LastAsked read = read_last_asked(key + ":-5," + key + "," + key + ":12x,:,," + key + ":99999999999999999999," +
                                         "short:5," + asked_key("c/d") + ":7");
  EXPECT_EQ(read, (LastAsked{{asked_key("c/d"), 7}}));
}

TEST(LastAskedText, is_bounded_and_leaves_out_those_unasked_the_longest) {
  LastAsked marks;
  for (int i = 0; i < 20'000; ++i) marks[asked_key(std::to_string(i))] = 1'700'000'000 + i;
  const std::string text = write_last_asked(marks);
  EXPECT_LE(text.size(), 64U << 10U);
  const LastAsked kept = read_last_asked(text);
  EXPECT_GT(kept.size(), 2'000U);
  EXPECT_TRUE(kept.contains(asked_key("19999")));
  EXPECT_FALSE(kept.contains(asked_key("0")));
}

}  // namespace
}  // namespace headwind::app
