// SPDX-License-Identifier: Apache-2.0
// The crash journal by itself: processes of this test die over it.
#include "plugin/journal.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include "../testbed/process.hpp"
#include "core/clock.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t kMinute = 60'000;

class JournalFile : public testing::Test {
 protected:
  ~JournalFile() override { std::filesystem::remove_all(directory); }

  std::shared_ptr<Journal> open(std::int64_t now_ms = system_clock().unix_ms()) {
    Result<std::shared_ptr<Journal>> opened = Journal::open(directory, now_ms);
    // A process that has just been killed may hold it for a moment more.
    for (int i = 0; !opened && i < 1000; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      opened = Journal::open(directory, now_ms);
    }
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? *opened : nullptr;
  }
  // A process that does this within `choose` of `name`, and what waitpid says of it.
  int die(const std::function<void()>& last_words, const std::string& name = "slack") {
    const pid_t child = fork();
    if (child == 0) {
      const auto journal = open();
      Journal::watch();
      const Journal::Entry entry(journal, make_culprit(name, 7), "choose");
      last_words();
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }
  std::string read() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& bytes) const { std::ofstream(file(), std::ios::binary) << bytes; }
  std::filesystem::path file() const { return directory / "plugin-crashes"; }
  // A file that tells of crashes at these times, all of the same culprit.
  void tell(const std::vector<std::int64_t>& times) {
    std::vector<journal::Crash> crashes;
    for (const std::int64_t at : times) crashes.push_back({"slack", "send", 7, at, at, SIGSEGV});
    const journal::Image image = journal::make_image(crashes);
    write({reinterpret_cast<const char*>(&image), sizeof image});
  }

  const std::filesystem::path directory = testbed::make_temporary_directory("journal");
  const Culprit slack = make_culprit("slack", 7);
};

TEST_F(JournalFile, NamesWhoeverASignalHit) {
  for (const int number : {SIGABRT, SIGILL, SIGFPE, SIGTRAP}) {
    die([&] { raise(number); });
    const auto journal = open();
    ASSERT_THAT(journal->found(), SizeIs(1)) << number;
    EXPECT_EQ(journal->found().front().name, "slack");
    EXPECT_EQ(journal->found().front().function, "choose");
    EXPECT_EQ(journal->found().front().fingerprint, 7U);
    EXPECT_EQ(journal->found().front().mark, static_cast<std::uint32_t>(number));
  }
  EXPECT_EQ(open()->crashes(slack), 4U);
  EXPECT_THAT(open()->found(), IsEmpty()) << "each is found once";
}

TEST_F(JournalFile, NamesWhoeverCallsExit) {
  const int status = die([] { std::exit(0); });
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << "and the process ends at once";
  const auto journal = open();
  ASSERT_THAT(journal->found(), SizeIs(1));
  EXPECT_EQ(journal::mark_name(journal->found().front().mark), "exit()");
}

TEST_F(JournalFile, BlamesNobodyForAKillFromOutside) {
  die([] { raise(SIGKILL); });
  EXPECT_THAT(open()->found(), IsEmpty());
  die([] {  // another process sends what would otherwise be a crash
    const pid_t us = getpid();
    int ends[2];
    if (pipe(ends) != 0) _exit(1);
    if (fork() == 0) {
      char forked = 0;
      if (::read(ends[0], &forked, 1) == 1) kill(us, SIGSEGV);
      _exit(0);
    }
    if (::write(ends[1], "", 1) != 1) _exit(1);  // a signal within fork() would be one for the sanitizers
    pause();
  });
  EXPECT_THAT(open()->found(), IsEmpty());
}

TEST_F(JournalFile, BlamesOnlyTheThreadThatCrashes) {
  die([&] {
    std::thread([] { raise(SIGABRT); }).join();  // within no plugin, while this one is
  });
  EXPECT_THAT(open()->found(), IsEmpty());
}

TEST_F(JournalFile, APluginThatReturnedIsNotBlamed) {
  const pid_t child = fork();
  if (child == 0) {
    const auto journal = open();
    Journal::watch();
    {
      const Journal::Entry entry(journal, make_culprit("slack", 7), "choose");
    }
    raise(SIGABRT);
  }
  waitpid(child, nullptr, 0);
  EXPECT_THAT(open()->found(), IsEmpty());
}

TEST_F(JournalFile, TwoCrashesWithinTenMinutesQuarantineForAnHour) {
  const std::int64_t now = system_clock().unix_ms();
  tell({now - 12 * kMinute, now - 1 * kMinute});
  EXPECT_FALSE(open(now)->quarantine(slack, now)) << "eleven minutes lie between them";
  tell({now - 10 * kMinute, now - 1 * kMinute});
  const auto journal = open(now);
  const auto quarantine = journal->quarantine(slack, now);
  ASSERT_TRUE(quarantine);
  EXPECT_EQ(quarantine->until_ms, now + 59 * kMinute);
  EXPECT_THAT(quarantine->sentence(), HasSubstr("SIGSEGV in send"));
  EXPECT_TRUE(journal->quarantine(slack, now + 59 * kMinute - 1));
  EXPECT_FALSE(journal->quarantine(slack, now + 59 * kMinute)) << "its time is over";
  EXPECT_FALSE(journal->quarantine(make_culprit("slack", 8), now)) << "another file, or other settings";
  EXPECT_FALSE(journal->quarantine(make_culprit("teams", 7), now)) << "a neighbour";
}

TEST_F(JournalFile, ForgetsAfterADayAndKeepsTheNewest) {
  const std::int64_t now = system_clock().unix_ms();
  tell({now - Journal::kKept - 1, now - Journal::kKept + kMinute});
  EXPECT_EQ(open(now)->crashes(slack), 1U);
  std::vector<std::int64_t> many;
  for (int i = 100; i > 0; --i) many.push_back(now - i * kMinute);
  tell(many);
  EXPECT_EQ(open(now)->crashes(slack), journal::kCrashes);
}

TEST_F(JournalFile, WhatCannotBeTrueIsLeftOut) {
  const std::int64_t now = system_clock().unix_ms();
  tell({now - kMinute, now - kMinute + 1});
  const std::string good = read();
  const auto spoilt = [&](std::size_t at, char byte) {
    std::string bytes = good;
    bytes[sizeof(journal::Record) + at] = byte;  // of the first crash
    const Result<journal::Contents> contents = journal::parse(bytes, now);
    return contents ? contents->counted.size() : 99;
  };
  using journal::Record;
  EXPECT_EQ(spoilt(offsetof(Record, name), '\0'), 1U) << "no name";
  EXPECT_EQ(spoilt(offsetof(Record, name) + 1, '\n'), 1U) << "a name with a newline";
  EXPECT_EQ(spoilt(offsetof(Record, function), '"'), 1U);
  EXPECT_EQ(spoilt(offsetof(Record, mark), 99), 1U) << "no signal of ours";
  EXPECT_EQ(spoilt(offsetof(Record, crashed_ms) + 7, 0x7f), 1U) << "in the far future";
  EXPECT_EQ(spoilt(offsetof(Record, crashed_ms) + 7, char(0x80)), 1U) << "before 1970";
  EXPECT_EQ(spoilt(offsetof(Record, fingerprint), 1), 2U) << "any fingerprint is one";
  std::string endless = good;
  endless.replace(sizeof(Record), journal::kNameSize, journal::kNameSize, 'a');
  EXPECT_EQ(journal::parse(endless, now)->counted.size(), 1U) << "a name without an end";
}

TEST_F(JournalFile, AForeignFileIsSaidSoAndReplaced) {
  const std::string good = (open(), read());
  for (const std::string& bytes :
       {std::string("hello"), good.substr(0, 1000), good + "x", std::string(good.size(), '\xff')}) {
    write(bytes);
    const auto journal = open();
    EXPECT_THAT(journal->complaint(), HasSubstr("begins anew"));
    EXPECT_THAT(journal->found(), IsEmpty());
    EXPECT_EQ(read().size(), sizeof(journal::Image));
  }
}

TEST_F(JournalFile, ItIsRefusedWhereItCannotBeKept) {
  const auto missing = Journal::open(directory / "missing", 1);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("missing/plugin-crashes cannot be opened"));
  const auto first = open();
  const auto second = Journal::open(directory, 1);
  ASSERT_FALSE(second) << "two processes would blame each other";
  EXPECT_THAT(second.error().message, HasSubstr("another Headwind uses it?"));
  std::filesystem::remove(file());
  std::filesystem::create_symlink("/etc/passwd", file());
  EXPECT_FALSE(Journal::open(directory, 1)) << "a link is not followed";
}

TEST_F(JournalFile, LongAndOddNamesAreKeptApart) {
  const std::string one = "file:" + std::string(200, 'x') + "1", other = "file:" + std::string(200, 'x') + "2";
  EXPECT_NE(journal::stored_name(one), journal::stored_name(other));
  EXPECT_STREQ(journal::stored_name("file:a b\n.so").data(), "file:a_b_.so");
}

TEST_F(JournalFile, MoreThreadsThanSlotsAreNotNoted) {
  const auto journal = open();
  std::vector<std::thread> threads;
  std::atomic<int> inside = 0;
  std::atomic<bool> leave = false;
  for (int i = 0; i < 600; ++i)
    threads.emplace_back([&] {
      const Journal::Entry entry(journal, slack, "choose");
      ++inside;
      while (!leave) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    });
  while (inside < 600) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  leave = true;
  for (std::thread& thread : threads) thread.join();
  const Journal::Entry entry(journal, slack, "choose");
  EXPECT_THAT(read(), HasSubstr("slack")) << "slots are given back";
}

}  // namespace
}  // namespace headwind::plugin
