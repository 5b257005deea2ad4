// SPDX-License-Identifier: Apache-2.0
#include "script_world.hpp"

namespace headwind::plugin {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

// The policy "live" from a file that is mounted as kubelet mounts ConfigMaps: live.py -> ..data/live.py,
// ..data -> a directory of its own for each edition.
class Reload : public ScriptWorld {
 protected:
  void edit(const std::string& source, const std::string& more = kPatient) {
    const std::string edition = "..edition" + std::to_string(++editions_);
    std::filesystem::create_directory(directory / edition);
    write(edition + "/live.py", source);
    std::filesystem::create_symlink(edition, directory / "..data_tmp");
    std::filesystem::rename(directory / "..data_tmp", directory / "..data");
    if (editions_ == 1) {
      std::filesystem::create_symlink("..data/live.py", directory / "live.py");
      ASSERT_TRUE(create("live", "headwind.policy.python",
                         R"({"file": ")" + (directory / "live.py").string() + "\"" + more + "}"));
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // it looks once a second
    }
  }
  static std::string chooses(int row) {
    return "def choose(workload, slot, candidates, parameters):\n    return candidates[" + std::to_string(row) + "]\n";
  }

 private:
  int editions_ = 0;
};

TEST_F(Reload, AnEditIsTakenWithoutARestart) {
  edit(chooses(0));
  EXPECT_EQ(ask("live").value().index, 0U);
  edit(chooses(1));
  EXPECT_EQ(ask("live").value().index, 1U);
}

TEST_F(Reload, ABrokenEditKeepsTheLastGoodOneAndSaysSo) {
  edit(chooses(1));
  edit("def choose(:\n");
  const Choice choice = ask("live").value();
  EXPECT_EQ(choice.index, 1U);
  EXPECT_THAT(choice.why, HasSubstr("the newest edit of the file is broken, so the one before it decided: "
                                    "live.py:1: SyntaxError: invalid syntax (in: def choose(:)"));
  edit(chooses(0));
  EXPECT_EQ(ask("live").value().index, 0U);
  EXPECT_THAT(ask("live").value().why, EndsWith("the policy chose it"));
}

TEST_F(Reload, AFileThatWasBrokenFromTheStartIsTakenWhenItIsMended) {
  edit("import nothing_of_that_name\n");
  EXPECT_THAT(failure("live"), HasSubstr("live.py:1: ModuleNotFoundError: No module named 'nothing_of_that_name'"));
  edit(chooses(1));
  EXPECT_EQ(ask("live").value().index, 1U);
}

TEST_F(Reload, AFileThatIsMissingIsNamedAndTakenWhenItIsThere) {
  ASSERT_TRUE(create("late", "headwind.policy.python",
                     R"({"file": ")" + (directory / "late.py").string() + "\"" + kPatient + "}"));
  EXPECT_THAT(failure("late"), HasSubstr("late.py: FileNotFoundError"));
  write("late.py", chooses(0));
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  EXPECT_EQ(ask("late").value().index, 0U);
}

TEST_F(Reload, AFileWithoutThePolicyIsNamed) {
  ASSERT_TRUE(script("other", "def chose(): pass\n"));
  EXPECT_THAT(failure("other"), HasSubstr("the file defines no choose; settings.callable names the function or class"));
}

TEST_F(Reload, AnEditWhileTheScriptSleepsIsTakenWhenItWakesUp) {
  const std::string waits_on = pipe();
  edit("def choose(workload, slot, candidates, parameters):\n    open('" + waits_on + "')\n", R"(, "seconds": 1)");
  EXPECT_THAT(overrun("live"), HasSubstr("live.py:2: did not end within 1 s"));
  edit(chooses(1));
  EXPECT_FALSE(ask("live"));
  let_go(waits_on);
  EXPECT_TRUE(recovers("live", {"1.0.1", "1.1.0"}));
  const Result<Choice> choice = ask("live");
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_EQ(choice->index, 1U);
  EXPECT_EQ(choice->why, "the policy chose it");
}

}  // namespace
}  // namespace headwind::plugin
