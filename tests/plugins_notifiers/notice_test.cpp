// SPDX-License-Identifier: Apache-2.0
#include "notifiers/core/notice.hpp"

#include "notifiers/core/text.hpp"
#include "plugins_notifiers/samples.hpp"

namespace headwind::notifiers {
namespace {

TEST(Notice, every_event_has_its_words) {
  const std::vector<std::array<std::string, 5>> table{
      {"update_detected", "update.detected", "New version detected", "🔔", "#2196F3"},
      {"update_request_created", "update.request.created", "Update request created", "📦", "#9C27B0"},
      {"update_approved", "update.approved", "Update approved", "✅", "#4CAF50"},
      {"update_rejected", "update.rejected", "Update rejected", "❌", "#F44336"},
      {"update_completed", "update.completed", "Update completed", "🎉", "#4CAF50"},
      {"update_failed", "update.failed", "Update failed", "⚠️", "#FF9800"},
      {"rollback_triggered", "rollback.triggered", "Rollback triggered", "🔄", "#FF9800"},
      {"rollback_completed", "rollback.completed", "Rollback completed", "✅", "#4CAF50"},
      {"rollback_failed", "rollback.failed", "Rollback failed", "💥", "#F44336"}};
  for (const auto& [name, type, title, emoji, color] : table) {
    const auto notice = notice_of(sample(name));
    EXPECT_EQ(notice.type, type);
    EXPECT_EQ(notice.title, title + ": Deployment prod/web");
    EXPECT_EQ(notice.emoji, emoji);
    EXPECT_EQ(notice.color, color);
  }
}

TEST(Notice, kinds_are_written_as_people_write_them) {
  auto details = sample("update_completed");
  details["deployment"]["resourceKind"] = "HelmRelease";
  EXPECT_EQ(notice_of(details).title, "Update completed: Helm Release prod/web");
  details["deployment"].erase("resourceKind");
  EXPECT_EQ(notice_of(details).title, "Update completed: Deployment prod/web");
  details["deployment"]["resourceKind"] = "StatefulSet";
  EXPECT_EQ(notice_of(details).kind, "StatefulSet");
}

TEST(Notice, an_unknown_event_speaks_with_the_host_s_own_words) {
  EXPECT_EQ(notice_of(sample("rollout_done"), "rollout.done", "All pods are new").title, "All pods are new");
  EXPECT_EQ(notice_of(sample("rollout_done"), "rollout.done").title, "rollout.done: Deployment prod/web");
  EXPECT_EQ(notice_of(sample("rollout_done"), "rollout.done").type, "rollout.done");
}

TEST(Notice, only_web_urls_become_buttons) {
  auto details = sample("update_completed");
  details["uiUrl"] = "javascript:alert(1)";
  details["approvalUrl"] = "https://h/" + std::string(3000, 'x');
  EXPECT_EQ(notice_of(details).dashboard_url, "");
  EXPECT_EQ(notice_of(details).approve_url, "");
}

TEST(Notice, facts_are_those_that_are_there) {
  auto details = sample("rollback_triggered");
  details["approvedBy"] = "ann";
  details["errorMessage"] = std::string(5000, 'e');
  const auto facts = facts_of(notice_of(details), 50);
  std::vector<std::string> labels;
  for (const auto& fact : facts) labels.push_back(fact.label);
  EXPECT_EQ(labels, (std::vector<std::string>{"Namespace", "Deployment", "Container", "Current Image", "New Image",
                                              "By", "Reason"}));
  EXPECT_EQ(facts.back().value, std::string(49, 'e') + "…");
}

TEST(Notice, details_that_are_no_object_are_refused) {
  for (const char* details : {"", "{", "[]", "7", "\"x\""}) {
    Notice notice;
    std::string error;
    EXPECT_FALSE(read_notice(details, "", "", 0, notice, error));
    EXPECT_FALSE(error.empty());
  }
}

TEST(Notice, members_of_wrong_types_are_left_out) {
  const auto notice = notice_of({{"event", 7}, {"deployment", "x"}, {"policy", nullptr}}, "t", "words");
  EXPECT_EQ(notice.title, "words");
  EXPECT_EQ(notice.policy, "");
}

TEST(Text, is_cut_between_characters_with_an_ellipsis) {
  EXPECT_EQ(shorten("grün", 4), "grün");
  EXPECT_EQ(shorten("grüne", 4), "grü…");
  EXPECT_EQ(shorten("abc", 1), "…");
  EXPECT_EQ(shorten("abc", 0), "");
  EXPECT_EQ(shorten("", 5), "");
  EXPECT_EQ(shorten("📦📦📦", 5), "📦📦…") << "each counts as two, as in UTF-16";
  EXPECT_EQ(shorten("📦📦📦", 6), "📦📦📦");
}

TEST(Text, escapes_count_as_what_is_sent) {
  EXPECT_EQ(escape_slack("a<b>&c", 100), "a&lt;b&gt;&amp;c");
  EXPECT_EQ(escape_slack("<<<", 8), "&lt;…") << "never half an escape";
  EXPECT_EQ(escape_slack("<!channel>", 100), "&lt;!channel&gt;");
  EXPECT_EQ(escape_markdown("[x](y)\n*b* a_b", 100), "\\[x\\](y) \\*b\\* a\\_b");
}

TEST(Text, what_is_no_text_is_replaced) {
  EXPECT_EQ(shorten("a\x01"
                    "b\r\n\tc",
                    100),
            "a b \n\tc");
  for (const char* bad : {"\xff", "\xc0", "\xc0\xaf", "\xe0\x9f", "\xed\xa0", "\xf5", "\x80\x80"}) {
    const std::string out = shorten(bad, 100);
    EXPECT_TRUE(out == "\uFFFD" || out == "\uFFFD\uFFFD") << out;
  }
  EXPECT_EQ(shorten(std::string(5000, '\x80'), 3), "\uFFFD\uFFFD…") << "continuation bytes count one by one";
  EXPECT_EQ(shorten("\xf0\x9f\x93", 10), "\uFFFD\uFFFD\uFFFD") << "cut in the middle";
}

TEST(Text, chat_markdown_is_disarmed_and_nobody_is_called) {
  EXPECT_EQ(escape_chat_markdown("~~x~~ ||y|| # z <@1>", 100), "\\~\\~x\\~\\~ \\|\\|y\\|\\| \\# z \\<@\u200B1\\>");
  EXPECT_EQ(escape_chat_markdown("@here ann@example.com", 100), "@\u200Bhere ann@example.com");
  EXPECT_EQ(inside_code("a`b\nc", 100), "a'b c");
}

TEST(Text, times_are_utc) {
  EXPECT_EQ(format_time(sample_time), "2025-11-06 10:30:00 UTC");
  EXPECT_EQ(format_time(0), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(format_timestamp(sample_time), "2025-11-06T10:30:00Z");
  EXPECT_EQ(format_time(-1000), "1969-12-31 23:59:59 UTC");
}

}  // namespace
}  // namespace headwind::notifiers
