// SPDX-License-Identifier: Apache-2.0
// Whatever is done to the lines, the first one that is not as it was written is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "telemetry/audit_chain.hpp"

namespace headwind::telemetry {
namespace {

using Lines = std::vector<std::string>;
using Source = AuditVerifier::Source;
using testing::HasSubstr;

Lines chain(std::size_t length) {
  Lines lines;
  ChainHead head;
  for (std::size_t i = 0; i < length; ++i) {
    AuditEntry entry;
    entry.action = i + 1 == length ? "stop" : i == 0 ? "start" : "approve";
    entry.via = "api", entry.user = "alice", entry.name = "request-" + std::to_string(i);
    lines.push_back(audit_line(entry, 1'762'425'000'000 + static_cast<std::int64_t>(i), {}, head));
  }
  return lines;
}

AuditVerifier verified(const Lines& lines, Source source = Source::file, bool last_is_whole = true) {
  AuditVerifier verifier(source);
  verifier.begin("f");
  for (std::size_t i = 0; i < lines.size(); ++i) verifier.read(lines[i], i + 1 < lines.size() || last_is_whole);
  verifier.end();
  return verifier;
}

std::string broken(const AuditVerifier& verifier) {
  return verifier.broken() ? std::to_string(verifier.broken()->line) + ": " + verifier.broken()->sentence : "";
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, from.size(), to);
}

TEST(AuditVerifier, a_whole_chain_is_told_with_its_bounds_and_its_last_hash) {
  const Lines lines = chain(4);
  const AuditVerifier verifier = verified(lines);
  EXPECT_EQ(broken(verifier), "");
  EXPECT_EQ(verifier.entries(), 4U);
  EXPECT_EQ(verifier.head().sequence, 4U);
  EXPECT_EQ(verifier.head().hash, nlohmann::json::parse(lines[3])["hash"].get<std::string>());
  EXPECT_EQ(verifier.first_time(), "2025-11-06T10:30:00.000Z");
  EXPECT_EQ(verifier.last_time(), "2025-11-06T10:30:00.003Z");
  EXPECT_TRUE(verifier.ended());
  EXPECT_EQ(head_of(lines[2])->sequence, 3U);
}

// As anybody can check it, without this program: jq -cS 'del(.hash)' and sha256sum.
TEST(AuditVerifier, the_hash_is_that_of_the_hash_before_and_the_line_without_its_own) {
  const Lines lines = chain(2);
  std::string bare = lines[1];
  const std::string hash = nlohmann::json::parse(lines[1])["hash"], before = nlohmann::json::parse(lines[0])["hash"];
  replace(bare, "\"hash\":\"" + hash + "\",", "");
  EXPECT_EQ(sha256_hex(before + bare), hash);
}

TEST(AuditVerifier, edits_are_found_at_their_line) {
  Lines lines = chain(5);
  replace(lines[2], "alice", "mallory");
  EXPECT_THAT(broken(verified(lines)), HasSubstr("3: its hash is not that of its content: it was edited"));

  lines = chain(5);
  replace(lines[2], "\"action\":", "\"action\": ");
  EXPECT_THAT(broken(verified(lines)), HasSubstr("3: is not written as Headwind writes it"));

  lines = chain(5);
  replace(lines[2], "\"user\":", "\"user\":\"mallory\",\"user\":");
  EXPECT_THAT(broken(verified(lines)), HasSubstr("3: is not written as Headwind writes it")) << "a member given twice";

  lines = chain(5);
  lines[2] = "# nothing to see here";
  EXPECT_THAT(broken(verified(lines)), HasSubstr("3: is no entry of the audit stream"));
}

TEST(AuditVerifier, an_edit_with_its_own_hash_made_anew_breaks_the_next_line) {
  Lines lines = chain(5);
  nlohmann::json forged = nlohmann::json::parse(lines[2]);
  forged["user"] = "mallory";
  forged.erase("hash");
  forged["hash"] = sha256_hex(forged["prev"].get<std::string>() + forged.dump());
  lines[2] = forged.dump();
  EXPECT_THAT(broken(verified(lines)), HasSubstr("4: its \"prev\" is not the hash of the entry before it"));
}

TEST(AuditVerifier, what_is_removed_moved_repeated_or_put_in_is_found) {
  Lines lines = chain(5);
  lines.erase(lines.begin() + 2);
  EXPECT_THAT(broken(verified(lines)), HasSubstr("3: entry 4 follows entry 2: what was between them was removed"));

  lines = chain(5);
  std::swap(lines[1], lines[2]);
  EXPECT_THAT(broken(verified(lines)), HasSubstr("2: entry 3 follows entry 1"));

  lines = chain(5);
  lines.insert(lines.begin() + 3, lines[2]);
  EXPECT_THAT(broken(verified(lines)), HasSubstr("4: entry 3 follows entry 3: it was moved or repeated"));

  lines = chain(3);
  for (const std::string& line : chain(2)) lines.push_back(line);
  EXPECT_THAT(broken(verified(lines)), HasSubstr("4: entry 1 follows entry 3"));
}

TEST(AuditVerifier, a_tail_that_was_cut_is_found_within_a_line_and_shows_between_lines) {
  Lines lines = chain(5);
  lines[4].resize(40);
  EXPECT_THAT(broken(verified(lines, Source::file, false)), HasSubstr("5: is cut off or damaged"));
  EXPECT_THAT(broken(verified(lines, Source::stream, false)), HasSubstr("5: is cut off or damaged"));
  lines = chain(5);
  EXPECT_THAT(broken(verified(lines, Source::file, false)), HasSubstr("5: is cut off: its newline is missing"));
  lines.pop_back();
  EXPECT_EQ(broken(verified(lines)), "");
  EXPECT_FALSE(verified(lines).ended()) << "the caller says so, and compares the last hash with one that is known";
}

TEST(AuditVerifier, a_file_that_goes_on_from_another_says_that_the_others_are_needed) {
  Lines lines = chain(5);
  lines.erase(lines.begin(), lines.begin() + 2);
  const AuditVerifier verifier = verified(lines);
  EXPECT_EQ(broken(verifier), "");
  EXPECT_THAT(verifier.notes().at(0), HasSubstr("this is entry 3: give the files before it, too"));
}

TEST(AuditVerifier, in_a_stream_other_lines_are_passed_over_but_damaged_entries_are_not) {
  Lines lines = chain(4);
  lines.insert(lines.begin() + 1, {"INFO app: serving", R"({"ts":"x","message":"a log line"})", ""});
  EXPECT_EQ(broken(verified(lines, Source::stream)), "");
  EXPECT_EQ(verified(lines, Source::stream).others(), 3U);
  lines[4].pop_back();
  EXPECT_THAT(broken(verified(lines, Source::stream)), HasSubstr("5: is cut off or damaged"));
}

TEST(AuditVerifier, a_process_that_did_not_end_in_order_is_noted_where_the_next_begins) {
  ChainHead first, second;
  AuditEntry entry;
  entry.action = "start", entry.via = "operator";
  Lines lines{audit_line(entry, 1, {"one", "stdout"}, first), audit_line(entry, 2, {"two", "stdout"}, second)};
  const AuditVerifier verifier = verified(lines, Source::stream);
  EXPECT_EQ(broken(verifier), "");
  EXPECT_THAT(verifier.notes().at(0), HasSubstr("f:2: a new process began, and the one before it had not ended"));
}

TEST(AuditVerifier, no_single_byte_can_be_changed) {
  const Lines lines = chain(3);
  std::minstd_rand random(7);
  for (int i = 0; i < 500; ++i) {
    Lines other = lines;
    std::string& line = other[random() % 3];
    char& byte = line[random() % line.size()];
    const char former = byte;
    byte = static_cast<char>(random() % 256);
    if (byte == former || byte == '\n') continue;
    EXPECT_NE(broken(verified(other)), "") << line;
  }
}

TEST(AuditVerifier, hostile_lines_are_refused_and_cost_little) {
  for (const std::string& line :
       Lines{std::string(100'000, '['), std::string(60'000, '[') + "\"audit\":\"v1\"",
             "{\"a\":" + std::string(30'000, '{'), std::string("\0{}", 3), std::string("\xff\xfe"),
             std::string(1U << 20U, 'x'), R"({"audit":"v1","seq":-1,"hash":5,"prev":{}})"})
    EXPECT_NE(broken(verified({line})), "") << line.substr(0, 40);
}

}  // namespace
}  // namespace headwind::telemetry
