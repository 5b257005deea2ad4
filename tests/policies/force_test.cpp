// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "chooser.hpp"

namespace headwind::policies {
namespace {

struct Row {
  const char *current, *tag;
  bool update;
};

TEST(Force, T35_a_push_is_followed_wherever_it_goes) {
  for (const auto& [current, tag, yes] :
       {Row{"1.2.3", "1.0.0", true}, Row{"8.1.0", "8.0.0", true}, Row{"latest", "main", true},
        Row{"main", "latest", true}, Row{"2.0.0", "branch", true}}) {
    EXPECT_EQ(ask({.policy = "force", .current = current, .tags = {tag}, .pushed = true}).chosen == tag, yes)
        << current << " -> " << tag;
  }
}

TEST(Force, without_a_push_only_what_is_newer_by_order) {
  for (const auto& [current, tag, yes] :
       {Row{"latest", "main", true}, Row{"latest", "1.2.3", true}, Row{"7.9.1-1-ubi8", "8.0.0", true},
        Row{"7.9.1-1-ubi8", "3.0.0", false}, Row{"7.9.1-1-ubi8", "7.9.1", true}, Row{"8.1.0", "8.0.0", false},
        Row{"1.2.3-4", "1.2.3-3", false}, Row{"1.2.3-3", "1.2.3-4", true}, Row{"1.0.0", "v1.0.0", false},
        Row{"8.1.0", "latest", false}, Row{"main-fa12b3c", "main-01ab2c3", false},
        Row{"main-01ab2c3", "main-fa12b3c", false}}) {
    EXPECT_EQ(judge("force", current, tag) == HW_UPDATE, yes) << current << " -> " << tag;
  }
}

TEST(Force, the_newest_of_all_is_chosen) {
  const std::vector<std::string> tags{"3.0.0", "3.0.1", "7.9.1-1-ubi8", "8.0.0", "latest", "8.3.1"};
  EXPECT_EQ(ask({.policy = "force", .current = "3.0.0", .tags = tags}).chosen, "8.3.1");
  EXPECT_EQ(ask({.policy = "force", .current = "latest", .tags = tags}).chosen, "8.3.1");
  EXPECT_EQ(ask({.policy = "force", .current = "9.0.0", .tags = tags}).chosen, "");
  EXPECT_EQ(ask({.policy = "force", .current = "v1.0.0", .tags = {"v1.0.0", "v1.2.0", "v1.1.0"}}).chosen, "v1.2.0");
  EXPECT_EQ(ask({.policy = "force", .current = "a", .tags = {"c", "a", "b"}, .pushed_ms = {2, 1, 3}}).chosen, "b")
      << "by push time";
}

TEST(Force, the_running_tag_counts_by_its_digest) {
  for (const char* tag : {"latest", "8.1.0"}) {
    for (const bool pushed : {false, true}) {
      Question question{.policy = "force",
                        .current = tag,
                        .tags = {tag},
                        .digest = "sha256:1",
                        .digests = {"sha256:2"},
                        .pushed = pushed};
      EXPECT_EQ(ask(question).chosen, tag);
      question.digests = {"sha256:1"};
      EXPECT_EQ(ask(question).chosen, "");
      question.digests = {};
      EXPECT_EQ(ask(question).chosen, "") << "nothing says that anything is new";
    }
  }
}

}  // namespace
}  // namespace headwind::policies
