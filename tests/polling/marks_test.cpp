// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "app/poll_marks.hpp"

namespace headwind::app {
namespace {

TEST(MarksText, comes_back_as_it_was_written) {
  const Marks marks{{mark_key("docker.io/library/nginx"), {1'700'000'000, 812}},
                    {mark_key("registry.test/app"), {1, 0}}};
  EXPECT_EQ(read_marks(write_marks(marks)), marks);
  EXPECT_TRUE(read_marks("").empty());
}

TEST(MarksText, what_makes_no_sense_is_left_out) {
  const std::string key = mark_key("a/b");
  const Marks read =
      read_marks(key + ":-5," + key + "," + key + ":12x,:,," + key + ":99999999999999999999," + "short:5," +
                 mark_key("e/f") + ":5:x," + mark_key("g/h") + ":5:1:1," + mark_key("c/d") + ":7");
  EXPECT_EQ(read, (Marks{{mark_key("c/d"), {7, 0}}})) << "as former versions wrote it";
}

TEST(MarksText, is_bounded_and_leaves_out_those_unasked_the_longest) {
  Marks marks;
  for (int i = 0; i < 20'000; ++i) marks[mark_key(std::to_string(i))] = {1'700'000'000 + i, 100};
  const std::string text = write_marks(marks);
  EXPECT_LE(text.size(), 64U << 10U);
  const Marks kept = read_marks(text);
  EXPECT_GT(kept.size(), 2'000U);
  EXPECT_TRUE(kept.contains(mark_key("19999")));
  EXPECT_FALSE(kept.contains(mark_key("0")));
}

}  // namespace
}  // namespace headwind::app
