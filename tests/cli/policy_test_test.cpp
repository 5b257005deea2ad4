// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> asking(std::vector<std::string> more) {
  std::vector<std::string> words{"policy", "test"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(PolicyTest, each_tag_has_a_line_with_its_verdict_and_the_choice_comes_last) {
  const auto done =
      headwind(asking({"--policy", "minor", "--current", "1.2.3", "--tags", "-"}), "1.2.4\n1.3.0\n2.0.0\nlatest\n\n");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("1.2.4   update "));
  EXPECT_THAT(done.out, HasSubstr("2.0.0   hold "));
  EXPECT_THAT(done.out, HasSubstr("latest  ignored "));
  EXPECT_THAT(done.out, HasSubstr("\nchoice: 1.3.0 ("));
  EXPECT_THAT(done.err, IsEmpty());
}

TEST(PolicyTest, JSON_has_the_documented_shape) {
  const TemporaryDirectory directory;
  const std::string tags = directory.write("tags", "1.2.4\r\n2.0.0\n");
  const auto done = headwind(asking({"--policy", "minor", "--current", "1.2.3", "--tags", tags, "--json"}));
  ASSERT_EQ(done.code, 0) << done.err;
  const json answer = json::parse(done.out);
  EXPECT_EQ(answer["current"], "1.2.3");
  EXPECT_EQ(answer["policy"], "minor");
  EXPECT_EQ(answer["choice"], "1.2.4");
  ASSERT_EQ(answer["candidates"].size(), 2U);
  EXPECT_EQ(answer["candidates"][0]["tag"], "1.2.4");
  EXPECT_EQ(answer["candidates"][0]["verdict"], "update");
  EXPECT_EQ(answer["candidates"][1]["verdict"], "hold");
  EXPECT_THAT(answer["candidates"][1]["reason"].get<std::string>(), HasSubstr("major"));
}

TEST(PolicyTest, no_choice_is_no_failure) {
  const auto done = headwind(asking({"--policy", "patch", "--current", "1.2.3", "--tags", "-", "--json"}), "1.3.0\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_TRUE(json::parse(done.out)["choice"].is_null());
  const auto text = headwind(asking({"--policy", "patch", "--current", "1.2.3", "--tags", "-"}), "");
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("choice: none"));
}

TEST(PolicyTest, never_a_downgrade_and_a_pattern_limits_glob) {
  const auto older = headwind(asking({"--policy", "all", "--current", "2.0.0", "--tags", "-", "--json"}), "1.9.9\n");
  EXPECT_TRUE(json::parse(older.out)["choice"].is_null());
  const auto glob =
      headwind(asking({"--policy", "glob", "--pattern", "v1.*", "--current", "v1.1.0", "--tags", "-", "--json"}),
               "v1.2.0\nv2.0.0\n");
  EXPECT_EQ(json::parse(glob.out)["choice"], "v1.2.0");
}

TEST(PolicyTest, a_wrong_policy_or_pattern_exits_with_2_and_one_sentence) {
  for (const auto& words : {asking({"--policy", "newest", "--current", "1.0.0", "--tags", "-"}),
                            asking({"--policy", "glob", "--current", "1.0.0", "--tags", "-"})}) {
    const auto done = headwind(words, "1.0.1\n");
    EXPECT_EQ(done.code, 2);
    EXPECT_THAT(done.out, IsEmpty());
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1) << done.err;
  }
}

TEST(PolicyTest, a_missing_file_of_tags_is_wrong_usage_and_a_missing_plugin_a_failure) {
  const auto no_tags = headwind(asking({"--policy", "all", "--current", "1.0.0", "--tags", "/no/such/file"}));
  EXPECT_EQ(no_tags.code, 2);
  EXPECT_THAT(no_tags.err, HasSubstr("/no/such/file cannot be opened"));
  const TemporaryDirectory empty;
  const auto no_plugin = headwind(asking({"--policy", "all", "--current", "1.0.0", "--tags", "-"}), "1.0.1\n",
                                  {"HEADWIND_PLUGINS_DIRECTORIES=" + empty.path().string()});
  EXPECT_EQ(no_plugin.code, 1);
  EXPECT_THAT(no_plugin.err, HasSubstr("headwind-policy-semver.so is in no plugin directory"));
}

TEST(PolicyTest, a_directory_of_tags_is_none) {
  const TemporaryDirectory directory;
  const auto done = headwind(asking({"--policy", "all", "--current", "1.0.0", "--tags", directory.path().string()}));
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out, IsEmpty());
  EXPECT_THAT(done.err, HasSubstr(directory.path().string() + " cannot be read"));
}

TEST(PolicyTest, what_runs_must_be_a_tag) {
  const auto running = [](const char* current) {
    return headwind(asking({"--policy", "all", "--current", current, "--tags", "-"}), "1.0.1\n");
  };
  for (const char* current : {"", "1 2", "nginx:1.25.3", "team/nginx"}) {
    EXPECT_EQ(running(current).code, 2) << current;
    EXPECT_THAT(running(current).out, IsEmpty());
  }
  EXPECT_THAT(running("nginx:1.25.3").err, HasSubstr("give the tag only"));
}

TEST(PolicyTest, force_says_that_a_push_decides) {
  const auto words = asking({"--policy", "force", "--current", "1.25.3", "--tags", "-"});
  const auto done = headwind(words, "latest\n1.25.3\n");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("latest  hold     is not ranked above 1.25.3; a push of it would be taken\n"));
  EXPECT_THAT(done.out, HasSubstr("1.25.3  hold     is the running tag"));
  EXPECT_THAT(headwind(words, "latest\n").out, testing::Not(HasSubstr("older")));
}

TEST(PolicyTest, a_pattern_that_nobody_reads_is_told) {
  const auto done =
      headwind(asking({"--policy", "minor", "--pattern", "v1.*", "--current", "1.0.0", "--tags", "-"}), "1.0.1\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.err, HasSubstr("--pattern is ignored"));
}

TEST(PolicyTest, a_repeated_tag_counts_once) {
  const auto done = headwind(asking({"--policy", "minor", "--current", "1.0.0", "--tags", "-"}), "1.0.1\n1.0.1\n");
  EXPECT_EQ(done.out, "1.0.1  update   is newer than 1.0.0\nchoice: 1.0.1 (1.0.1 is newer than 1.0.0)\n");
}

TEST(PolicyTest, a_line_that_is_no_tag_is_named) {
  const auto done = headwind(asking({"--policy", "all", "--current", "1.0.0", "--tags", "-"}), "1.0.1\n\x1b[2J\n");
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("line 2 of standard input is no tag"));
}

constexpr const char* script = R"(
import headwind
schema = {"type": "object", "properties": {"freeze": {"type": "boolean", "default": False}}}
def choose(workload, slot, candidates, parameters):
    if parameters["freeze"]: return headwind.Hold("it is frozen")
    wanted = headwind.semver_range(("^" if workload.labels.get("track") == "canary" else "~") + slot.tag)
    for candidate in candidates:
        if candidate.tag not in wanted: candidate.note = f"is not in {wanted}"
    return max((c for c in candidates if c.tag in wanted), key=lambda c: c.version)
)";

TEST(PolicyTest, a_script_has_the_same_table) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("canary.py", script);
  const auto asked = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"--python", file, "--current", "1.0.0", "--tags", "-"};
    words.insert(words.end(), more.begin(), more.end());
    return headwind(asking(words), "1.0.1\n1.1.0\nlatest\n");
  };
  const auto plain = asked({});
  EXPECT_EQ(plain.code, 0) << plain.err;
  EXPECT_THAT(plain.out, HasSubstr("1.0.1   update   was chosen"));
  EXPECT_THAT(plain.out, HasSubstr("latest  hold     is not in ~1.0.0"));
  EXPECT_THAT(plain.out, HasSubstr("\nchoice: 1.0.1 ("));
  const auto canary = asked({"--label", "track=canary", "--json"});
  ASSERT_EQ(canary.code, 0) << canary.err;
  EXPECT_EQ(json::parse(canary.out)["choice"], "1.1.0");
  EXPECT_EQ(json::parse(canary.out)["policy"], "python:" + file);
  EXPECT_THAT(asked({"--policy-config", R"({"freeze": true})"}).out, HasSubstr("choice: none (it is frozen)"));

  const auto misfit = asked({"--policy-config", R"({"freeze": 7})"});
  EXPECT_EQ(misfit.code, 2);
  EXPECT_THAT(misfit.err,
              HasSubstr("headwind.sh/policy-config does not fit the policy's schema: freeze: it is 7; it must "
                        "be true or false"));
  const auto unnamed = asked({"--callable", "pick"});
  EXPECT_EQ(unnamed.code, 1);
  EXPECT_THAT(unnamed.err, HasSubstr("canary.py: AttributeError: the file defines no pick"));
  EXPECT_EQ(asked({"--policy", "minor"}).code, 2);
}

}  // namespace
}  // namespace headwind::test
