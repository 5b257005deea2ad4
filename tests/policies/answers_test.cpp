// SPDX-License-Identifier: Apache-2.0
// The best of many, ties, sentences, refusals, and many threads at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "chooser.hpp"

namespace headwind::policies {
namespace {

TEST(Choice, is_the_best_inside_the_limit_not_the_newest_of_all) {
  const std::vector<std::string> tags{"2.0.0", "1.3.9", "1.4.0", "1.2.9", "1.4.1-rc.1", "1.4.0-alpine", "latest"};
  EXPECT_EQ(ask({.policy = "minor", .current = "1.2.3", .tags = tags}).chosen, "1.4.0");
  EXPECT_EQ(ask({.policy = "patch", .current = "1.2.3", .tags = tags}).chosen, "1.2.9");
  EXPECT_EQ(ask({.policy = "major", .current = "1.2.3", .tags = tags}).chosen, "2.0.0");
  EXPECT_EQ(ask({.policy = "all", .current = "1.2.3", .tags = tags}).chosen, "2.0.0");
  EXPECT_EQ(ask({.policy = "none", .current = "1.2.3", .tags = tags}).chosen, "");
  EXPECT_EQ(ask({.policy = "major", .current = "1.2.3", .tags = {}}).chosen, "");
}

TEST(Choice, prefers_the_current_spelling_among_equals) {
  EXPECT_EQ(ask({.policy = "patch", .current = "v1.0.0", .tags = {"1.0.1", "v1.0.1"}}).chosen, "v1.0.1");
  EXPECT_EQ(ask({.policy = "patch", .current = "1.0.0", .tags = {"v1.0.1", "1.0.1"}}).chosen, "1.0.1");
  EXPECT_EQ(ask({.policy = "patch", .current = "1.0.0", .tags = {"v1.0.1", "1.0.2", "1.0.1", "v1.0.2"}}).chosen,
            "1.0.2");
}

TEST(Choice, does_not_depend_on_the_order_of_the_tags) {
  std::vector<std::string> tags{"7.2.1", "7.2.1+b", "7.2.1+a", "v7.2.1", "7.2.0", "7.2", "7.3.0", "x", "7.2.1-rc.1"};
  std::mt19937 random(7);
  for (const char* policy : {"patch", "force"}) {
    const std::string expected = ask({.policy = policy, .current = "7.2", .tags = tags}).chosen;
    EXPECT_EQ(expected, std::string(policy) == "patch" ? "7.2.1" : "7.3.0");
    for (int i = 0; i < 200; ++i) {
      std::ranges::shuffle(tags, random);
      ASSERT_EQ(ask({.policy = policy, .current = "7.2", .tags = tags}).chosen, expected);
    }
  }
}

TEST(Choice, every_candidate_gets_one_sentence_and_the_choice_too) {
  const Answer answer =
      ask({.policy = "Minor", .current = "1.2.3", .tags = {"1.3.0", "2.0.0", "1.2.3", "1.3.1-rc.1", "main", "1.4.0"}});
  EXPECT_EQ(answer.verdicts,
            (std::vector<std::int32_t>{HW_UPDATE, HW_HOLD, HW_HOLD, HW_IGNORED, HW_IGNORED, HW_UPDATE}));
  EXPECT_EQ(answer.reasons[0], "is newer than 1.2.3");
  EXPECT_EQ(answer.reasons[1], "changes the major version, which policy minor does not allow");
  EXPECT_EQ(answer.reasons[2], "is the running tag");
  EXPECT_EQ(answer.reasons[3], "is a prerelease");
  EXPECT_EQ(answer.reasons[4], "is not a version");
  EXPECT_EQ(answer.why, "1.4.0 is newer than 1.2.3, and the best of 2 acceptable tags");
  EXPECT_EQ(ask({.policy = "patch", .current = "1.2.3", .tags = {"1.3.0"}}).why,
            "1.3.0 changes the minor version, which policy patch does not allow");
  EXPECT_EQ(ask({.policy = "patch", .current = "1.2.3", .tags = {"1.3.0", "1.0.0"}}).why,
            "none of 2 tags is newer than 1.2.3 and allowed by policy patch");
  EXPECT_EQ(ask({.policy = "patch", .current = "latest", .tags = {"1.3.0", "1.0.0"}}).why,
            "nothing can be compared: the running tag \"latest\" is not a version");
}

TEST(Choice, the_policy_is_read_without_its_case) {
  for (const char* policy : {"PATCH", "Patch", "patch"}) {
    EXPECT_EQ(ask({.policy = policy, .current = "1.2.3", .tags = {"1.2.4"}}).chosen, "1.2.4");
  }
}

TEST(Choice, an_unknown_policy_is_refused_with_the_annotation_and_the_remedy) {
  for (const char* policy : {"", "semver", "patch ", "\xc3\xa4\x01"}) {
    const Answer answer = ask({.policy = policy, .current = "1.2.3", .tags = {"1.2.4"}});
    EXPECT_EQ(answer.status, HW_INVALID);
    EXPECT_NE(answer.error.find("headwind.sh/policy:"), std::string::npos) << answer.error;
    EXPECT_NE(answer.error.find("use none, patch, minor"), std::string::npos) << answer.error;
    EXPECT_TRUE(std::ranges::all_of(answer.error, [](char c) { return c >= ' ' && c <= '~'; })) << answer.error;
  }
  const Answer options = ask({.policy = "patch", .current = "1.2.3", .tags = {"1.2.4"}, .args = "{}"});
  EXPECT_EQ(options.status, HW_INVALID);
  EXPECT_NE(options.error.find("headwind.sh/policy-config"), std::string::npos) << options.error;
}

TEST(Choice, hostile_tags_are_judged_not_trusted) {
  std::vector<std::string> tags{
      "", std::string(1 << 20, '1'), std::string(1 << 16, '-'), std::string("1.2.4\0", 6), "1.2.4\n", "\xff\xfe"};
  for (const char* policy : {"patch", "all", "force", "glob"}) {
    const Answer answer = ask({.policy = policy, .current = "1.2.3", .tags = tags, .pattern = "1.*"});
    EXPECT_EQ(answer.status, HW_OK);
    EXPECT_EQ(answer.chosen, "") << policy;
  }
}

TEST(Choice, may_be_asked_by_many_threads_at_once) {
  static const hw_module* const module = hw::testing::load(SEMVER_MODULE);
  EXPECT_EQ(module->plugins[0]->flags, 0u) << "not serial";
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&wrong] {
      for (int n = 0; n < 200; ++n) {
        wrong += ask({.policy = "minor", .current = "1.2.3", .tags = {"1.3.0", "1.4.0", "2.0.0"}}).chosen != "1.4.0";
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace headwind::policies
