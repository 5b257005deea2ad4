// SPDX-License-Identifier: Apache-2.0
// How many processes it takes to look at files.
#include "plugin/probe.hpp"

#include <unistd.h>

#include <fstream>
#include <string>

#include "world.hpp"

namespace headwind::plugin {
namespace {

namespace fs = std::filesystem;

// Writes a line for each process that is started.
class Probing : public testing::Test {
 public:
  ~Probing() override { fs::remove_all(directory_); }
  Probing(const Probing&) = delete;
  Probing& operator=(const Probing&) = delete;

 protected:
  Probing() : directory_(fs::temp_directory_path() / ("headwind-probing-" + std::to_string(getpid()))) {
    fs::create_directories(directory_);
    std::ofstream(counting()) << "#!/bin/sh\necho started >> " << (directory_ / "started").string() << "\nexec "
                              << built("test_plugin_probe").string() << " \"$@\"\n";
    fs::permissions(counting(), fs::perms::owner_all);
    for (const auto& entry : fs::directory_iterator(built("good")))
      if (entry.path().extension() == ".so") files_.push_back(entry.path());
  }

  fs::path counting() const { return directory_ / "probe"; }
  std::size_t started() const {
    std::ifstream lines(directory_ / "started");
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);) ++count;
    return count;
  }

  fs::path directory_;
  std::vector<fs::path> files_;
};

TEST_F(Probing, OneProcessLooksAtFilesThatAreWell) {
  ASSERT_GT(files_.size(), 2U);
  const auto answers = probe_all(counting(), files_, std::chrono::seconds(30));
  ASSERT_EQ(answers.size(), files_.size());
  for (const auto& answer : answers) EXPECT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(started(), 1U);
}

TEST_F(Probing, WhereOneIsNotEachIsLookedAtAlone) {
  const fs::path bad = directory_ / "bad.so";
  std::ofstream(bad) << "no module";
  files_.insert(files_.begin() + 1, bad);
  const auto answers = probe_all(counting(), files_, std::chrono::seconds(30));
  ASSERT_EQ(answers.size(), files_.size());
  for (std::size_t i = 0; i < files_.size(); ++i) EXPECT_EQ(static_cast<bool>(answers[i]), i != 1) << files_[i];
  EXPECT_EQ(started(), 1 + files_.size());
}

}  // namespace
}  // namespace headwind::plugin
