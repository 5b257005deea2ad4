// SPDX-License-Identifier: Apache-2.0
// `headwind plugin call` of a plugin that ends the process says so, and never ends well.
#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Fatal {
  const char* module;
  std::vector<std::string> call;
  const char* says;
};

void PrintTo(const Fatal& fatal, std::ostream* out) { *out << fatal.module; }

class PluginCallFatal : public testing::TestWithParam<Fatal> {};

TEST_P(PluginCallFatal, file_plugin_function_and_end_are_told) {
  const Fatal& fatal = GetParam();
  const std::string file = (build_directory() / "tests/hostile/crash" / (std::string(fatal.module) + ".so")).string();
  std::vector<std::string> words{"plugin", "call", file};
  words.insert(words.end(), fatal.call.begin(), fatal.call.end());
  const Finished done = headwind(words, "kind: Deployment\nmetadata: {name: web}\n");
  EXPECT_EQ(done.code, 1) << done.out << done.err;
  EXPECT_THAT(done.err, AllOf(HasSubstr("headwind: " + file + ", plugin test.hostile."), HasSubstr(fatal.says)));
  EXPECT_THAT(done.out, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    told, PluginCallFatal,
    testing::Values(
        Fatal{"crash_in_send",
              {"send"},
              "plugin test.hostile.crash: crashed with SIGSEGV in send; run it under a debugger"},
        Fatal{"abort_in_send", {"send"}, "crashed with SIGABRT in send"},
        Fatal{"terminate_in_send", {"send"}, "crashed with SIGABRT in send"},
        Fatal{"overflow_in_send", {"send"}, "crashed with SIGSEGV in send"},
        Fatal{"exit_in_send", {"send"}, "called exit in send; a plugin must not end its process"},
        Fatal{"exit_past_destructors", {"send"}, "called exit in send; a plugin must not end its process"},
        Fatal{"leaves_at_once_in_send", {"send"}, "ended its process with exit code 0 in send; a plugin must not"},
        Fatal{"crash_in_create", {"tags", "nginx"}, "crashed with SIGBUS in create;"},
        Fatal{"crash_in_describe", {"images", "-f", "-"}, "crashed with SIGSEGV in describe;"}));

TEST(PluginCallLoad, a_file_that_dies_while_it_is_loaded_is_named) {
  const std::string file = (build_directory() / "tests/hostile/crash/crash_beyond_probe.so").string();
  const Finished done = headwind({"plugin", "call", file, "choose", "--current", "1.0.0", "--tags", "-"}, "1.0.1\n");
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, StartsWith("headwind: " + file + ": crashed with SIGSEGV while it was loaded; run it under"));
}

}  // namespace
}  // namespace headwind::test
