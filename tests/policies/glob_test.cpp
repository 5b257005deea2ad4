// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "chooser.hpp"

namespace headwind::policies {
namespace {

constexpr std::int32_t update = HW_UPDATE, hold = HW_HOLD, ignored = HW_IGNORED;

struct Row {
  const char *pattern, *current, *tag;
  std::int32_t expected;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(judge("glob", row.current, row.tag, row.pattern), row.expected)
        << row.pattern << ' ' << row.current << " -> " << row.tag;
  }
}

TEST(Glob, T36_what_matches_and_is_newer_is_an_update) {
  check({{"v1.*", "v1.0.0", "v1.9.9", update},
         {"v1.*", "v1.0.0", "v2.0.0", ignored},
         {"v1.*", "v1.0.0", "v1.2.3", update},
         {"*-stable", "1.0.0-stable", "1.1.0-stable", update},
         {"*-stable", "1.0.0-stable", "1.1.0", ignored},
         {"app-*-prod", "app-12-prod", "app-13-prod", update},
         {"app-*-prod", "app-one-prod", "app-two-prod", update},
         {"app-*-prod", "app-12-prod", "app-13-test", ignored},
         {"latest.*", "latest.20241321", "latest.20251321", update},
         {"latest.*", "latest.20251321", "latest.20241321", hold},
         {"latest", "latest", "earliest", ignored}});
}

TEST(Glob, T36_without_a_pattern_the_annotation_is_named) {
  const Answer answer = ask({.policy = "glob", .current = "v1.0.0", .tags = {"v1.0.1"}});
  EXPECT_EQ(answer.status, HW_INVALID);
  EXPECT_NE(answer.error.find("headwind.sh/pattern"), std::string::npos) << answer.error;
  const Answer huge = ask({.policy = "glob", .current = "1", .tags = {"2"}, .pattern = std::string(257, '*')});
  EXPECT_EQ(huge.status, HW_INVALID);
  EXPECT_NE(huge.error.find("headwind.sh/pattern"), std::string::npos) << huge.error;
}

TEST(Glob, T39_several_stars_and_question_marks) {
  check({{"*-a*-b", "1-axx-b", "2-axx-b", update},
         {"*-a*-b", "1-axx-b", "2-axx-c", ignored},
         {"v?.?.?", "v1.0.0", "v1.0.9", update},
         {"v?.?.?", "v1.0.0", "v1.0.10", ignored},
         {"**", "1.0", "1.1", update},
         {"a*a", "a", "aa", hold},  // the pattern has to match the running tag too
         {"1.*.*", "1.0.0", "1.0", ignored}});
}

TEST(Glob, one_letter_is_not_matched_twice) { check({{"a*a", "aa", "a", ignored}, {"a*a", "aa", "aba", update}}); }

TEST(Glob, T39_the_newest_by_version_is_chosen_and_never_an_older_one) {
  const std::vector<std::string> tags{"v1.2.0", "v1.10.0", "v1.9.0", "v2.0.0", "v1.10.0-rc.1", "latest"};
  EXPECT_EQ(ask({.policy = "glob", .current = "v1.3.0", .tags = tags, .pattern = "v1.*"}).chosen, "v1.10.0");
  EXPECT_EQ(ask({.policy = "glob", .current = "v1.11.0", .tags = tags, .pattern = "v1.*"}).chosen, "");
  EXPECT_EQ(
      ask({.policy = "glob", .current = "v1.11.0", .tags = {"v1.10.0"}, .pattern = "v1.*", .pushed = true}).chosen, "");
}

TEST(Glob, a_prerelease_only_where_the_pattern_names_its_channel) {
  check({{"v1.*", "v1.0.0", "v1.1.0-rc.1", ignored},
         {"*-beta", "v1.0.0-beta", "v1.1.0-beta", update},
         {"v1.*-beta*", "v1.0.0", "v1.1.0-beta.2", update},
         {"*", "1.25.3", "1.25.4-alpine", ignored},
         {"*-alpine*", "1.25.3-alpine3.19", "1.25.4-alpine3.20", update},
         {"1.*", "1.2", "1.3.1", update}});
}

TEST(Glob, versions_and_other_tags_do_not_mix) {
  check({{"v1.*", "v1.0.0", "v1.latest", ignored}, {"*", "dev", "v1.0.0", hold}, {"v1.*", "latest", "v1.2.3", hold}});
}

TEST(Glob, other_tags_go_by_push_time_where_it_is_known_of_both) {
  const Question question{.policy = "glob",
                          .current = "main-c",
                          .tags = {"main-a", "main-b", "main-c", "main-d", "other"},
                          .pattern = "main-*",
                          .pushed_ms = {300, 400, 200, 100, 500}};
  const Answer answer = ask(question);
  EXPECT_EQ(answer.chosen, "main-b");
  EXPECT_EQ(answer.verdicts, (std::vector<std::int32_t>{update, update, hold, hold, ignored}));
}

TEST(Glob, other_tags_go_by_natural_order_where_it_is_not) {
  EXPECT_EQ(ask({.policy = "glob",
                 .current = "build-x9",
                 .tags = {"build-x10", "build-x8", "build-x2"},
                 .pattern = "build-*"})
                .chosen,
            "build-x10");
  check({{"rel*", "relx0010", "relx9", hold}, {"rel*", "relx9", "relx0010", update}});
}

TEST(Glob, commit_hashes_follow_the_push_and_nothing_else) {
  const Question question{.policy = "glob", .current = "main-fa12b3c", .tags = {"main-01ab2c3"}, .pattern = "main-*"};
  EXPECT_EQ(ask(question).chosen, "");
  Question pushed = question;
  pushed.pushed = true;
  EXPECT_EQ(ask(pushed).chosen, "main-01ab2c3");
  Question digits = pushed;  // a hash without a letter is still a hash beside one that has some
  digits.tags = {"main-1234567"};
  EXPECT_EQ(ask(digits).chosen, "main-1234567");
  Question version = pushed;  // and does not replace a version
  version.current = "main-1.2.3";
  EXPECT_EQ(ask(version).chosen, "");
}

TEST(Glob, the_running_tag_with_another_digest_is_an_update) {
  const Question question{.policy = "glob",
                          .current = "latest",
                          .tags = {"latest"},
                          .pattern = "lat*",
                          .digest = "sha256:1",
                          .digests = {"sha256:2"}};
  EXPECT_EQ(ask(question).chosen, "latest");
  Question same = question;
  same.digests = {"sha256:1"};
  EXPECT_EQ(ask(same).chosen, "");
  Question unknown = question;
  unknown.digest.clear();
  EXPECT_EQ(ask(unknown).chosen, "") << "what ran before is not known";
}

TEST(Glob, a_hostile_pattern_costs_little) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "*a";
  const std::string tag(128, 'a');
  EXPECT_EQ(judge("glob", "b", tag + "b", pattern), ignored);
}

}  // namespace
}  // namespace headwind::policies
