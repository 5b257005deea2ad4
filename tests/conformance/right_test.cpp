// SPDX-License-Identifier: Apache-2.0
// What is right passes: every plugin of the bundle, the examples of the SDK, and scripts in Python.
#include <gmock/gmock.h>

#include <filesystem>
#include <map>

#include "conformance/report.hpp"

namespace headwind::test {
namespace {

using testing::HasSubstr;

const std::map<std::string, std::string> settings_of_bundle{
    {"headwind-workload-generic.so", R"({"preset": "argo-rollout"})"}};

TEST(Right, every_plugin_of_the_bundle_passes) {
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(build_directory() / "plugins")) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".so" || name == "headwind-policy-python.so") continue;  // needs a script: below
    ++seen;
    std::vector<std::string> more{"--strict"};
    if (const auto settings = settings_of_bundle.find(name); settings != settings_of_bundle.end())
      more.insert(more.end(), {"--settings", settings->second});
    const Report report = check(entry.path().string(), more);
    EXPECT_EQ(report.code, 0) << report.document.dump(2);
    EXPECT_EQ(report.row("ordinary").outcome, "passed") << name;
  }
  EXPECT_GE(seen, 20U);
}

TEST(Right, the_examples_of_the_SDK_pass) {
  const auto directory = build_directory() / "tests" / "conformance" / "examples";
  const Report lexical = check((directory / "test_conformance_lexical.so").string(), {"--strict"});
  EXPECT_EQ(lexical.code, 0) << lexical.document.dump(2);
  const Report line = check((directory / "test_conformance_line.so").string(), {"--strict"});
  EXPECT_EQ(line.code, 0) << line.document.dump(2);
}

TEST(Right, a_module_without_a_flaw_passes) {
  const Report report = check((build_directory() / "tests/conformance/flawed/right.so").string(), {"--strict"});
  EXPECT_EQ(report.code, 0) << report.document.dump(2);
}

TEST(Right, a_warning_is_a_failure_for_the_strict_only) {
  const std::string leaks = (build_directory() / "tests/conformance/flawed/leaks.so").string();
  const Report told = check(leaks);
  EXPECT_EQ(told.code, 0) << told.document.dump(2);
  EXPECT_EQ(told.row("memory").outcome, "warning");
  const Report refused = check(leaks, {"--strict"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.row("memory").outcome, "warning");
}

TEST(Right, a_script_in_python_passes_and_its_exceptions_are_told) {
  const TemporaryDirectory directory;
  const std::string good = directory.write("good.py",
                                           "def choose(workload, slot, candidates, parameters):\n"
                                           "    newer = [c for c in candidates if c.version and slot.version\n"
                                           "             and c.version > slot.version]\n"
                                           "    return max(newer, key=lambda c: c.version, default=None)\n");
  const Report right = check(good, {"--strict"});
  EXPECT_EQ(right.code, 0) << right.document.dump(2);

  const std::string bad = directory.write("bad.py",
                                          "def choose(workload, slot, candidates, parameters):\n"
                                          "    return candidates[0]\n");
  const Report wrong = check(bad);
  EXPECT_EQ(wrong.code, 1);
  EXPECT_EQ(wrong.row("ordinary").outcome, "passed");
  EXPECT_EQ(wrong.row("empty").outcome, "failed");
  EXPECT_THAT(wrong.row("empty").sentence, HasSubstr("IndexError"));

  const std::string notifier = directory.write("notify.py", "def send(event):\n    return None\n");
  const Report told = check(notifier, {"--strict"});
  EXPECT_EQ(told.code, 0) << told.document.dump(2);
  EXPECT_EQ(told.document["checks"].back()["plugin"], "headwind.notifier.python");
}

TEST(Right, a_fresh_notifier_in_python_is_exercised_to_the_end) {
  const TemporaryDirectory directory;
  const std::string project = (directory.path() / "pager").string();
  ASSERT_EQ(headwind({"plugin", "new", "notifier", "pager", "--lang", "python", "--dir", project}).code, 0);
  const Report report = check(project + "/pager_notifier.py", {"--strict"});
  EXPECT_EQ(report.code, 0) << report.document.dump(2);
  // One event, then three: each came over a socket.
  EXPECT_THAT(report.row("ordinary").sentence, HasSubstr("2 of 2 calls ended well; the check's own server got 4 req"));
  EXPECT_EQ(report.row("answers").outcome, "passed");
  EXPECT_EQ(report.row("answers").sentence, "");  // it was asked, and told 401 from 500
}

TEST(Right, settings_come_from_the_configuration_and_secrets_never_from_the_command_line) {
  const TemporaryDirectory directory;
  const std::string config =
      directory.write("headwind.yaml",
                      "plugins:\n  instances:\n    - name: mail\n"
                      "      plugin: headwind.notifier.email\n"
                      "      settings: {host: 127.0.0.1, port: 1, from: nobody, to: [a@b.invalid]}\n");
  const Report refused = check("headwind.notifier.email", {"--config", config});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.row("create").sentence, HasSubstr("setting from is no mail address"));

  const Finished wrong = headwind({"plugin", "check", "headwind.notifier.slack", "--secret", "url=hunter2hunter2"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("NAME=file:PATH or NAME=env:VARIABLE"));
  EXPECT_THAT(wrong.err, testing::Not(HasSubstr("hunter2")));
}

TEST(Right, the_whole_suite_goes_on_after_a_flaw_but_not_after_one_that_ends_every_call) {
  const Report told = check((build_directory() / "tests/hostile/call/silent_exception.so").string());
  EXPECT_EQ(told.row("ordinary").outcome, "failed");
  EXPECT_THAT(told.row("empty").sentence, HasSubstr("it does what the check ordinary tells above"));
  const Report dead = check((build_directory() / "tests/hostile/crash/crash_in_send.so").string());
  EXPECT_EQ(dead.row("ordinary").outcome, "failed");
  EXPECT_EQ(dead.row("empty").sentence, "not tried, because the check ordinary failed");
  EXPECT_EQ(dead.document["checks"].size(), 20U);
}

TEST(Right, mistakes_of_the_caller_are_exit_code_2) {
  EXPECT_EQ(headwind({"plugin", "check", "headwind.no.such"}).code, 2);
  EXPECT_EQ(headwind({"plugin", "check", "headwind.policy.semver", "--settings", "7"}).code, 2);
  EXPECT_EQ(headwind({"plugin", "check", "headwind.policy.semver", "--plugin", "com.example.none"}).code, 2);
  const Finished missing = headwind({"plugin", "check", "/no/such/file.so"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.out, HasSubstr("failed   load"));
}

}  // namespace
}  // namespace headwind::test
