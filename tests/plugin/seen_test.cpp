// SPDX-License-Identifier: Apache-2.0
// What people see of files and instances, and files that come while the host runs.
#include <fstream>

#include "slow_world.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(SlowWorld, CallsErrorsAndTheLastSentenceAreCounted) {
  ASSERT_TRUE(create("slow", "test.policy.slow", "{}", {{"token", "s3cr3t-token"}}));
  const Policy policy = host->policies().front();
  EXPECT_EQ(ask(policy), "none");
  InstanceInfo info = host->instances().front();
  EXPECT_EQ(info.state, "ready");
  EXPECT_EQ(info.calls, 2U);  // create, too
  EXPECT_TRUE(info.errors.empty());
  EXPECT_TRUE(info.last_error.empty());
  EXPECT_GT(info.since_ms, 0);

  PolicyQuery leaking;
  leaking.pattern = "leak";
  EXPECT_FALSE(run(policy.choose(leaking, {}, false)));
  EXPECT_FALSE(run(policy.choose(leaking, {}, false)));
  info = host->instances().front();
  EXPECT_EQ(info.calls, 4U);
  EXPECT_EQ(info.errors, (std::map<std::string, std::uint64_t>{{"denied", 2}}));
  EXPECT_EQ(info.last_error, "slow: choose: the peer refused the token ***");
  EXPECT_GE(info.last_error_ms, info.since_ms);
}

TEST_F(SlowWorld, NothingThatAPluginSaysCarriesItsSecrets) {
  ASSERT_TRUE(create("slow", "test.policy.slow", "{}", {{"part", "s3cr3t"}, {"token", "s3cr3t-token"}}));
  const Policy policy = host->policies().front();
  testing::internal::CaptureStderr();
  const Result<Choice> refused = run(policy.choose(lasting("leak"), {}, false));
  const Result<Choice> chosen = run(policy.choose(lasting("chat"), {}, false));
  const std::string log = testing::internal::GetCapturedStderr();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "slow: choose: the peer refused the token ***");
  ASSERT_TRUE(chosen) << chosen.error().message;
  EXPECT_EQ(chosen->why, "the peer refused the token ***");
  EXPECT_THAT(log, HasSubstr("token=***"));
  EXPECT_THAT(log, Not(HasSubstr("s3cr3t")));
}

class Dropped : public World {
 protected:
  Dropped() {
    options.directories = {folder = std::filesystem::temp_directory_path() / ("dropped-" + std::to_string(getpid()))};
    std::filesystem::create_directories(folder);
  }
  ~Dropped() override { std::filesystem::remove_all(folder); }
  std::string state(const std::string& file) const {
    for (const PluginInfo& row : host->plugins())
      if (std::filesystem::path(row.file).filename() == file)
        return row.state + (row.reason.empty() ? "" : ": " + row.reason);
    return "absent";
  }
  std::filesystem::path folder;
};

TEST_F(Dropped, AFileThatComesLaterIsLoadedAndCanBeUsed) {
  start();
  EXPECT_EQ(create("slow", "test.policy.slow").error().code, Code::not_found);
  std::filesystem::copy_file(built("moving") / "slow_policy.so", folder / "late.so");
  EXPECT_EQ(run(host->load_new(options.directories)), 1U);
  EXPECT_EQ(state("late.so"), "loaded");
  EXPECT_TRUE(create("slow", "test.policy.slow"));
  EXPECT_EQ(run(host->load_new(options.directories)), 0U);
  EXPECT_EQ(host->plugins().size(), 1U);
}

TEST_F(Dropped, ARefusedFileIsLookedAtAgainWhenItChangesAndForgottenWhenItGoes) {
  std::ofstream(folder / "broken.so") << "not a shared object";
  std::ofstream(folder / "gone.so") << "not one either";
  start();
  EXPECT_THAT(state("broken.so"), HasSubstr("refused: broken.so is not a shared object"));
  std::filesystem::remove(folder / "gone.so");
  std::filesystem::copy_file(built("moving") / "slow_policy.so", folder / "broken.so",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(run(host->load_new(options.directories)), 1U);
  EXPECT_EQ(state("broken.so"), "loaded");
  EXPECT_EQ(state("gone.so"), "absent");
}

TEST_F(Dropped, ALoadedFileThatChangesNeedsARestartAndSaysSo) {
  std::filesystem::copy_file(built("moving") / "slow_policy.so", folder / "slow.so");
  start();
  ASSERT_EQ(state("slow.so"), "loaded");
  // As an installer does it: the new file takes the name, the mapped one stays as it is.
  std::filesystem::copy_file(built("good") / "good_policy.so", folder / "new");
  std::filesystem::rename(folder / "new", folder / "slow.so");
  EXPECT_EQ(run(host->load_new(options.directories)), 0U);
  EXPECT_THAT(state("slow.so"), HasSubstr("loaded: the file has changed since it was loaded; restart Headwind"));
}

TEST_F(Dropped, SettingsAreCheckedWithoutAnInstance) {
  std::filesystem::copy_file(built("moving") / "slow_policy.so", folder / "slow.so");
  start();
  EXPECT_TRUE(host->check({"slow", "test.policy.slow", R"({"answer":"x"})", {}, {}}));
  const Result<> wrong = host->check({"slow", "test.policy.slow", R"({"answer":7})", {}, {}});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, testing::StartsWith("settings.answer: "));
  EXPECT_EQ(host->check({"slow", "test.policy.slov", "{}", {}, {}}).error().code, Code::not_found);
  EXPECT_TRUE(host->instances().empty());
}

}  // namespace
}  // namespace headwind::plugin
