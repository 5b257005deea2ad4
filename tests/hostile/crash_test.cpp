// SPDX-License-Identifier: Apache-2.0
// Plugins that end the process: the next start names them, and after the second time it does without them.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>

#include "operation.hpp"
#include "plugin/journal_format.hpp"

namespace headwind::hostile {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

struct Flaw {
  std::string module, plugin;
  int signal;  // 0: it exits
  std::string name;
};

Json bad(const std::string& plugin) { return {{"name", "bad"}, {"plugin", "test.hostile." + plugin}}; }

// waitpid's answer, for people.
std::string end_of(int status) {
  if (status == -1) return "it lives";
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "code " + std::to_string(WEXITSTATUS(status));
}
std::string end_by(int signal) {
#ifdef HEADWIND_SANITIZED
  // A sanitizer has the last word about all but SIGABRT: it prints its report and exits.
  if (signal != SIGABRT) return "code 1";
#endif
  return signal == 0 ? "code 1" : "signal " + std::to_string(signal);
}

class CrashInACall : public testing::TestWithParam<Flaw> {};

TEST_P(CrashInACall, IsNamedThenQuarantinedWhileTheNeighbourDelivers) {
  const Flaw& flaw = GetParam();
  Operation headwind(flaw.module + ".so", bad(flaw.plugin));
  headwind.start();
  ASSERT_TRUE(headwind.serving()) << headwind.log();
  headwind.push("1.1.0");
  ASSERT_EQ(end_of(headwind.death()), end_by(flaw.signal)) << headwind.log();
  EXPECT_THAT(headwind.log(), HasSubstr("headwind: " + flaw.name + " within the plugin instance bad, function send"));

  headwind.start();
  EXPECT_THAT(headwind.log(), AllOf(HasSubstr("a plugin ended the last process"), HasSubstr("\"instance\":\"bad\""),
                                    HasSubstr("\"signal\":\"" + flaw.name + "\"")));
  headwind.push("1.2.0");
  ASSERT_EQ(end_of(headwind.death()), end_by(flaw.signal)) << "once is not enough for a quarantine\n" << headwind.log();

  headwind.start();
  ASSERT_TRUE(headwind.serving()) << headwind.log();
  EXPECT_THAT(headwind.log(), HasSubstr("an instance is quarantined; the rest starts"));
  EXPECT_THAT(headwind.metrics(), AllOf(HasSubstr("headwind_plugin_quarantined{instance=\"bad\"} 1"),
                                        HasSubstr("headwind_plugin_crashes_total{instance=\"bad\"} 2"),
                                        HasSubstr("headwind_plugin_quarantined{instance=\"good\"} 0")));
  EXPECT_THAT(headwind.readiness(), HasSubstr("plugin instance bad: it is quarantined until "));
  EXPECT_TRUE(eventually([&] { return headwind.events("PluginQuarantined").size() == 1; }));
  EXPECT_THAT(
      headwind.events("PluginQuarantined"),
      ElementsAre(AllOf(StartsWith("Pod/headwind-0: plugin instance bad (test.hostile." + flaw.plugin + " of /"),
                        HasSubstr("/" + flaw.module + ".so): "), HasSubstr(flaw.name + " in send"),
                        HasSubstr("mend or replace the plugin"))));
  EXPECT_THAT(headwind.events("PluginCrashed"),
              AllOf(SizeIs(2), Each(AllOf(HasSubstr("plugin instance bad (test.hostile." + flaw.plugin + " of "),
                                          HasSubstr(flaw.module + ".so) ended Headwind by " + flaw.name + " in send"),
                                          HasSubstr("; mend or replace the plugin")))));
  headwind.push("1.3.0");
  EXPECT_TRUE(eventually([&] { return headwind.was_told("1.3.0"); })) << "the good neighbour\n" << headwind.log();
  EXPECT_THAT(headwind.image(), HasSubstr(":1.3.0"));
  EXPECT_TRUE(headwind.serving());
}

INSTANTIATE_TEST_SUITE_P(Hostile, CrashInACall,
                         testing::Values(Flaw{"crash_in_send", "crash", SIGSEGV, "SIGSEGV"},
                                         Flaw{"abort_in_send", "abort", SIGABRT, "SIGABRT"},
                                         Flaw{"terminate_in_send", "terminate", SIGABRT, "SIGABRT"},
                                         Flaw{"overflow_in_send", "overflow", SIGSEGV, "SIGSEGV"},
                                         Flaw{"exit_in_send", "exit", 0, "exit()"},
                                         Flaw{"exit_past_destructors", "exit_past", 0, "exit()"}),
                         [](const auto& info) { return info.param.module; });

// A process that ends at its start, twice; the third one must serve.
void expect_third_start(Operation& headwind, int signal, const std::string& culprit) {
  for (int i = 0; i < 2; ++i) {
    headwind.start();
    ASSERT_EQ(end_of(headwind.death()), end_by(signal)) << headwind.log();
  }
  headwind.start();
  ASSERT_TRUE(headwind.serving()) << headwind.log();
  EXPECT_THAT(headwind.log(), AllOf(HasSubstr("a plugin ended the last process"), HasSubstr(culprit)));
}

TEST(Crash, ARegistryOfTheBundleThatIsQuarantinedDoesNotKeepTheRestFromStarting) {
  Operation headwind("crash_in_create.so", {{"name", "oci"}, {"plugin", "test.hostile.crash-in-create"}});
  expect_third_start(headwind, SIGBUS, "\"instance\":\"oci\"");
  EXPECT_THAT(headwind.readiness(), HasSubstr("plugin instance oci: it is quarantined until "));
  EXPECT_THAT(headwind.readiness(), HasSubstr("SIGBUS in create"));
}

TEST(Crash, AWorkloadKindThatIsQuarantinedIsNotServedButOthersAre) {
  Operation headwind("crash_in_describe.so", {{"name", "cronjob"}, {"plugin", "test.hostile.crash-in-describe"}});
  expect_third_start(headwind, SIGSEGV, "\"function\":\"describe\"");
  headwind.push("1.1.0");
  EXPECT_TRUE(eventually([&] { return headwind.was_told("1.1.0"); })) << headwind.log();
}

TEST(Crash, AFileThatFoolsTheProbeIsNotLoadedAThirdTime) {
  Operation headwind("crash_beyond_probe.so", {});
  expect_third_start(headwind, SIGSEGV, "\"instance\":\"file:crash_beyond_probe.so\"");
  EXPECT_THAT(headwind.log(), HasSubstr("crash_beyond_probe.so is not loaded: it is quarantined until "));
}

// While it runs: nobody waits for a restart to hear of it.
TEST(Crash, ACallThatNeverReturnsIsToldOnThePodAndTheNeighbourDelivers) {
  Json hanging = bad("hangs");
  hanging["deadlines"] = {{"send", "1s"}};
  Operation headwind("hangs_in_send.so", hanging);
  headwind.start();
  ASSERT_TRUE(headwind.serving()) << headwind.log();
  headwind.push("1.1.0");
  EXPECT_TRUE(eventually([&] { return headwind.was_told("1.1.0"); })) << headwind.log();
  ASSERT_TRUE(eventually([&] { return !headwind.events("PluginQuarantined").empty(); })) << headwind.log();
  EXPECT_THAT(
      headwind.events("PluginQuarantined"),
      ElementsAre(AllOf(StartsWith("Pod/headwind-0: plugin instance bad (test.hostile.hangs of /"),
                        EndsWith("/hangs_in_send.so): it is quarantined, because 1 of its calls never returned; "
                                 "restart Headwind to free it, and mend test.hostile.hangs (hangs_in_send.so), "
                                 "or take the instance out of plugins.instances"))));
}

TEST(Crash, AProcessThatIsKilledBlamesNobody) {
  Operation headwind("hangs_in_send.so", bad("hangs"));
  headwind.start();
  ASSERT_TRUE(headwind.serving()) << headwind.log();
  headwind.push("1.1.0");
  const auto is_within_it = [&] {
    std::ifstream file(headwind.journal(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    plugin::journal::Image image{};
    if (bytes.size() != sizeof image) return false;
    std::memcpy(&image, bytes.data(), sizeof image);
    return std::ranges::any_of(image.slots, [](const plugin::journal::Record& slot) {
      return slot.state == plugin::journal::kBusy && std::string_view(slot.name.data()) == "bad";
    });
  };
  ASSERT_TRUE(eventually(is_within_it));
  headwind.kill();  // SIGKILL, as for want of memory
  headwind.start();
  ASSERT_TRUE(headwind.serving()) << headwind.log();
  EXPECT_THAT(headwind.log(), Not(HasSubstr("ended the last process")));
  EXPECT_THAT(headwind.metrics(), HasSubstr("headwind_plugin_crashes_total{instance=\"bad\"} 0"));
}

}  // namespace
}  // namespace headwind::hostile
