// SPDX-License-Identifier: Apache-2.0
// What the journal means to a host: an instance that is there but not called, until its time is over.
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "core/clock.hpp"
#include "neighbours.hpp"
#include "plugin/journal.hpp"

namespace headwind::plugin {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Quarantined : public Neighbours {
 protected:
  ~Quarantined() override { std::filesystem::remove_all(directory); }
  void SetUp() override {}  // each test has its journal first

  // A journal in which the instance has crashed twice, and whose quarantine lasts for `left`.
  void crashed_twice(milliseconds left, const std::string& settings = "") {
    const std::filesystem::path file = built("../hostile/call") / "fails_and_recovers.so";
    const std::int64_t last = system_clock().unix_ms() - Journal::kTerm + left.count();
    std::vector<journal::Crash> crashes;
    for (const std::int64_t at : {last - 1000, last})
      crashes.push_back({"fails-and-recovers", "choose", fingerprint_of(file, settings), at, at, SIGSEGV});
    const journal::Image image = journal::make_image(crashes);
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "plugin-crashes", std::ios::binary)
        .write(reinterpret_cast<const char*>(&image), sizeof image);
    options.journal = Journal::open(directory, system_clock().unix_ms()).value();
    Neighbours::SetUp();
    add("fails-and-recovers");
  }
  std::string state() const {
    for (const InstanceInfo& info : host->instances()) {
      if (info.name == "fails-and-recovers") return info.state;
    }
    return "absent";
  }

  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("headwind-quarantine-" + std::to_string(getpid()));
};

TEST_F(Quarantined, AnInstanceIsThereButNotCalled) {
  crashed_twice(std::chrono::minutes(30));
  EXPECT_EQ(state(), "quarantined");
  EXPECT_TRUE(host->quarantined("fails-and-recovers"));
  EXPECT_FALSE(host->quarantined("good"));
  const Result<Choice> refused = choose("fails-and-recovers", "well");
  EXPECT_THAT(failure(refused), AllOf(HasSubstr("fails-and-recovers: choose: it is quarantined until "),
                                      HasSubstr("SIGSEGV in choose"), HasSubstr("mend or replace the plugin")));
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_THAT(metrics.text(), AllOf(HasSubstr("headwind_plugin_quarantined{instance=\"fails-and-recovers\"} 1"),
                                    HasSubstr("headwind_plugin_crashes_total{instance=\"fails-and-recovers\"} 2")));
}

TEST_F(Quarantined, ItIsCreatedWhenItsTimeIsOver) {
  crashed_twice(std::chrono::seconds(3));
  EXPECT_EQ(state(), "quarantined");
  expect_good();
  turn([this] { return state() == "ready"; });
  EXPECT_TRUE(choose("fails-and-recovers", "well"));
  EXPECT_THAT(metrics.text(), HasSubstr("headwind_plugin_quarantined{instance=\"fails-and-recovers\"} 0"));
}

TEST_F(Quarantined, OtherSettingsAreANewBeginning) {
  crashed_twice(std::chrono::minutes(30), R"({"of":"yesterday"})");
  EXPECT_EQ(state(), "ready");
  EXPECT_TRUE(choose("fails-and-recovers", "well"));
}

TEST_F(Quarantined, AReplacementThatIsQuarantinedLeavesTheFormerAndItsCrashesAreCountedOnce) {
  crashed_twice(std::chrono::minutes(30), R"({"of":"yesterday"})");
  InstanceConfig barred{"fails-and-recovers", "test.hostile.fails-and-recovers", R"({"of":"yesterday"})", {}, {}};
  for (int again = 0; again < 3; ++again) {
    const Result<> refused = run(host->replace(barred));
    EXPECT_THAT(failure(refused), AllOf(StartsWith("fails-and-recovers: it is quarantined until "),
                                        HasSubstr("the former instance goes on")));
    EXPECT_EQ(refused.error().code, Code::unavailable);
  }
  EXPECT_EQ(state(), "ready");
  EXPECT_TRUE(choose("fails-and-recovers", "well"));
  EXPECT_THAT(metrics.text(), HasSubstr("headwind_plugin_crashes_total{instance=\"fails-and-recovers\"} 2"));
  EXPECT_THAT(metrics.text(), HasSubstr("headwind_plugin_quarantined{instance=\"fails-and-recovers\"} 0"));
  barred.settings.clear();  // as it is: not crashed with
  ASSERT_TRUE(run(host->replace(barred)));
  EXPECT_TRUE(choose("fails-and-recovers", "well"));
}

}  // namespace
}  // namespace headwind::plugin
