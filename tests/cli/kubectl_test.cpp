// SPDX-License-Identifier: Apache-2.0
// kubectl headwind where no cluster is needed; with one: tests/end_to_end/kubectl_program_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Kubectl, words_are_completed_as_kubectl_asks_for_it) {
  const auto commands = headwind({"kubectl", "__complete", "re"});
  EXPECT_EQ(commands.code, 0);
  EXPECT_THAT(commands.out, HasSubstr("reject\trefuse an UpdateRequest\n"));
  EXPECT_THAT(commands.out, HasSubstr("release\t"));
  EXPECT_THAT(commands.out, Not(HasSubstr("approve")));
  EXPECT_TRUE(commands.out.ends_with(":4\n")) << commands.out;
  EXPECT_THAT(headwind({"kubectl", "__complete", "list", "--al"}).out, HasSubstr("--all-namespaces\n"));
  EXPECT_EQ(headwind({"kubectl", "__complete", "list", "-o", "y"}).out, "yaml\n:4\n");
  EXPECT_EQ(headwind({"kubectl", "__complete", "list", ""}).out, ":4\n") << "it takes no names";
}

TEST(Kubectl, no_cluster_completes_nothing_and_says_nothing) {
  const auto none = headwind({"kubectl", "__complete", "--kubeconfig", "/nowhere", "approve", ""});
  EXPECT_EQ(none.code, 0);
  EXPECT_EQ(none.out, ":4\n");
  EXPECT_EQ(none.err, "");
}

TEST(Kubectl, what_is_wrong_is_one_sentence) {
  const auto unknown = headwind({"kubectl", "frobnicate"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("kubectl headwind help shows what there is"));
  EXPECT_EQ(headwind({"kubectl", "approve"}).code, 2) << "of what?";
  EXPECT_EQ(headwind({"kubectl", "list", "-o", "xml"}).code, 2);
  const auto help = headwind({"kubectl", "help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("explain"));
  const auto nowhere = headwind({"kubectl", "list", "--kubeconfig", "/nowhere/config"});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("/nowhere/config"));
}

TEST(Kubectl, a_token_is_not_shown_to_other_machines_unencrypted) {
  const auto ended = headwind({"kubectl", "explain", "web", "--api-url", "http://headwind.example.com"}, {},
                              {"HEADWIND_TOKEN=secret-of-mine", "HOME=/nowhere", "KUBECONFIG="});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("unencrypted: use https"));
  EXPECT_THAT(ended.err, Not(HasSubstr("secret-of-mine")));
}

TEST(Completion, each_shell_has_a_script_with_the_commands) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto script = headwind({"completion", shell});
    EXPECT_EQ(script.code, 0) << script.err;
    EXPECT_THAT(script.out, HasSubstr(" lint"));
    EXPECT_THAT(script.out, Not(HasSubstr("COMMANDS")));
  }
  EXPECT_EQ(headwind({"completion", "tcsh"}).code, 2);
  const TemporaryDirectory directory;
  const std::string file = directory.write("script", headwind({"completion", "bash"}).out);
  EXPECT_EQ(std::system(("bash -n " + file).c_str()), 0);
}

}  // namespace
}  // namespace headwind::test
