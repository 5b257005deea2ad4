// SPDX-License-Identifier: Apache-2.0
// What is written, by the functions that the host calls, and what becomes of it when files move, fill up or are torn.
#include "telemetry/audit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "telemetry/audit_chain.hpp"
#include "telemetry/log.hpp"

namespace headwind::telemetry {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Audit : testing::Test {
  std::filesystem::path directory = std::filesystem::path(testing::TempDir()) / ("audit" + std::to_string(::getpid()));
  std::string file = directory / "audit.log";

  void SetUp() override { std::filesystem::create_directories(directory); }
  void TearDown() override {
    init_audit({});
    std::filesystem::remove_all(directory);
  }
  void begin() const { init_audit({AuditSink::file, file, "headwind/test"}); }
  static void approve(const std::string& name) {
    AuditEntry entry;
    entry.action = "approve", entry.via = "api", entry.user = "alice", entry.name = name;
    audit(entry, AuditFlush::now);
  }
  static std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::vector<json> entries(const std::string& path) {
    std::vector<json> all;
    const std::string text = read(path);
    for (const std::string_view line : split(text, '\n'))
      if (!line.empty()) all.push_back(json::parse(line));
    return all;
  }
  static AuditVerifier verified(const std::vector<std::string>& paths) {
    AuditVerifier verifier(AuditVerifier::Source::file);
    for (const std::string& path : paths) {
      verifier.begin(path);
      const std::string text = read(path);
      std::string_view rest = text;
      while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        verifier.read(rest.substr(0, end), end != std::string_view::npos);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      }
    }
    verifier.end();
    return verifier;
  }
  static std::string broken(const std::vector<std::string>& paths) {
    const auto found = verified(paths).broken();
    return found ? found->file + ":" + std::to_string(found->line) + ": " + found->sentence : "";
  }
};

TEST_F(Audit, an_entry_says_who_did_what_when_from_where_with_which_digest) {
  begin();
  AuditEntry entry;
  entry.action = "approve", entry.via = "api", entry.user = "the boss", entry.vouched = false;
  entry.address = "192.0.2.7", entry.user_agent = "curl/8\n" + std::string(5000, 'x');
  entry.kind = "UpdateRequest", entry.name_space = "shop", entry.name = "web-app-1-1-0";
  entry.from = "web:1.0.0", entry.image = "web:1.1.0", entry.digest = "sha256:ab", entry.done = false;
  entry.reason = "wrong phase";
  audit(entry, AuditFlush::now);
  const json line = entries(file).at(1);
  EXPECT_EQ(line["user"], "the boss");
  EXPECT_EQ(line["claimed"], true);
  EXPECT_EQ(line["outcome"], "failed");
  EXPECT_EQ(line["address"], "192.0.2.7");
  EXPECT_EQ(line["userAgent"].get<std::string>().size(), 1024U);
  EXPECT_EQ(line["digest"], "sha256:ab");
  EXPECT_EQ(line["seq"], 2);
  EXPECT_EQ(entries(file).at(0)["action"], "start");
  struct stat found{};
  ASSERT_EQ(::stat(file.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(Audit, a_restart_goes_on_with_the_chain_of_the_file) {
  begin();
  approve("one");
  end_audit();
  approve("after the end");
  begin();
  approve("two");
  EXPECT_EQ(broken({file}), "");
  const auto all = entries(file);
  ASSERT_EQ(all.size(), 5U) << "start, one, stop, start, two";
  EXPECT_EQ(all[4]["seq"], 5);
  EXPECT_EQ(all[3]["prev"], all[2]["hash"]);
}

TEST_F(Audit, a_file_that_was_moved_away_is_noticed_and_the_chain_goes_on_in_the_next) {
  begin();
  approve("one");
  std::filesystem::rename(file, file + ".1");
  approve("two");
  std::filesystem::rename(file, file + ".2");
  reopen_audit();
  EXPECT_EQ(entries(file).at(0)["action"], "reopen");
  EXPECT_EQ(entries(file + ".2").at(0)["name"], "two");
  EXPECT_EQ(broken({file + ".1", file + ".2", file}), "");
  EXPECT_THAT(broken({file + ".2", file + ".1", file}), HasSubstr("audit.log.1:1: entry 1 follows entry 3"));
  EXPECT_THAT(broken({file + ".1", file}), HasSubstr("entry 4 follows entry 2: what was between them was removed"));
}

TEST_F(Audit, a_line_that_a_killed_process_left_half_is_named_by_the_next_entry) {
  begin();
  approve("one");
  init_audit({});
  std::ofstream(file, std::ios::app) << R"({"action":"approve","audit":"v1","na)";
  EXPECT_THAT(broken({file}), HasSubstr("audit.log:3: is cut off or damaged"));
  begin();
  EXPECT_EQ(broken({file}), "");
  EXPECT_THAT(verified({file}).notes().at(0), HasSubstr("audit.log:3: this line was never written to its end"));
}

TEST_F(Audit, a_file_that_cannot_be_written_is_told_counted_and_made_up_for_later) {
  const AuditCounts before = audit_counts();
  file = directory / "volume" / "audit.log";
  ASSERT_TRUE(init_log({.json = false, .level = "off"}));
  testing::internal::CaptureStderr();
  begin();
  approve("lost");
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, HasSubstr("an audit entry could not be written"));
  EXPECT_THAT(told, HasSubstr("user=alice"));
  EXPECT_THAT(told, HasSubstr("name=lost"));
  EXPECT_EQ(audit_counts().failed - before.failed, 2U);
  std::filesystem::create_directories(directory / "volume");
  approve("kept");
  ASSERT_EQ(entries(file).size(), 1U);
  EXPECT_EQ(entries(file)[0]["lost"], 2);
  EXPECT_THAT(verified({file}).notes().at(0), HasSubstr("2 entries could not be written"));
}

TEST_F(Audit, each_lost_entry_is_in_the_log_with_all_that_it_says) {
  file = directory / "volume" / "audit.log";
  ASSERT_TRUE(init_log({.json = false, .level = "off"}));
  testing::internal::CaptureStderr();
  begin();
  AuditEntry entry;
  entry.action = "reject", entry.via = "annotation", entry.user = "alice", entry.vouched = false;
  entry.kind = "UpdateRequest", entry.from = "web:1.0.0", entry.digest = "sha256:ab", entry.reason = "untested";
  for (int i = 0; i < 9; ++i) audit(entry, AuditFlush::soon);
  const std::string told = testing::internal::GetCapturedStderr();
  for (const char* part : {"via=annotation", "claimed=true", "kind=UpdateRequest", "from=web:1.0.0", "digest=sha256:ab",
                           "reason=untested"})
    EXPECT_THAT(told, HasSubstr(part));
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = told.find("action=reject", at)) != std::string::npos; ++at) ++lines;
  EXPECT_EQ(lines, 9U) << "none is held back as a repeat";
}

TEST_F(Audit, a_full_disk_leaves_no_half_line_and_the_next_entry_counts_what_was_lost) {
  begin();
  approve("one");
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit former{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &former), 0);
  const rlimit full{std::filesystem::file_size(file) + 20, former.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  ASSERT_TRUE(init_log({.json = false, .level = "off"}));
  approve("lost");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &former), 0);
  approve("two");
  EXPECT_EQ(broken({file}), "");
  EXPECT_EQ(entries(file).back()["lost"], 1);
}

TEST_F(Audit, what_is_no_audit_file_is_left_alone) {
  std::ofstream(file) << "somebody's notes\n";
  ASSERT_TRUE(init_log({.json = false, .level = "error"}));
  testing::internal::CaptureStderr();
  begin();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("move it away"));
  EXPECT_EQ(read(file), "somebody's notes\n");
  ASSERT_EQ(::mkfifo((file + ".fifo").c_str(), 0600), 0);
  testing::internal::CaptureStderr();
  init_audit({AuditSink::file, file + ".fifo", "test"});
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("is no regular file"));
}

TEST_F(Audit, standard_output_has_one_marked_line_for_each_entry_and_a_new_chain_for_each_process) {
  testing::internal::CaptureStdout();
  init_audit({AuditSink::standard_output, {}, "headwind/test"});
  approve("one");
  end_audit();
  init_audit({AuditSink::standard_output, {}, "headwind/test"});
  const std::string text = testing::internal::GetCapturedStdout();
  AuditVerifier verifier(AuditVerifier::Source::stream);
  verifier.begin("-");
  std::size_t lines = 0;
  for (const std::string_view line : split(text, '\n')) {
    verifier.read(line, true);
    verifier.read("2026-11-30T05:43:13.221Z INFO  app: serving webhooks=8080", true);
    lines += line.find(R"("audit":"v1")") != std::string_view::npos ? 1 : 0;
  }
  verifier.end();
  EXPECT_FALSE(verifier.broken());
  EXPECT_EQ(lines, 4U);
  EXPECT_EQ(verifier.entries(), 4U);
  EXPECT_EQ(verifier.notes().size(), 0U) << "the first process had ended in order";
}

}  // namespace
}  // namespace headwind::telemetry
