// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "telemetry/log_control.hpp"
#include "telemetry/log_line.hpp"
#include "telemetry/span.hpp"
#include "telemetry/tracer.hpp"

namespace headwind::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t time_ms = 1762425000123;

TEST(LogLine, json_has_time_level_room_message_and_typed_fields) {
  const std::vector<Field> fields{{"image", "nginx:1.25"}, {"tries", 3}, {"ratio", 0.5}, {"forced", true}};
  EXPECT_EQ(json_line(time_ms, Level::warn, "update", "held", fields),
            R"({"ts":"2025-11-06T10:30:00.123Z","level":"warn","room":"update","message":"held",)"
            R"("fields":{"image":"nginx:1.25","tries":3,"ratio":0.5,"forced":true}})");
}

TEST(LogLine, json_without_fields_has_no_fields_key) {
  EXPECT_EQ(json_line(time_ms, Level::info, "app", "started", {}),
            R"({"ts":"2025-11-06T10:30:00.123Z","level":"info","room":"app","message":"started"})");
}

TEST(LogLine, foreign_text_cannot_forge_a_second_line) {
  const std::vector<Field> fields{{"tag", "1.0\n{\"level\":\"info\"}"}, {"bytes", std::string_view("\xff\xfe ok")}};
  for (const std::string& line : {json_line(time_ms, Level::error, "kube", "bad\nmessage", fields),
                                  text_line(time_ms, Level::error, "kube", "bad\nmessage", fields)}) {
    EXPECT_THAT(line, Not(HasSubstr("\n")));
  }
  const auto parsed = nlohmann::json::parse(json_line(time_ms, Level::error, "kube", "m", fields));
  EXPECT_EQ(parsed["fields"]["tag"], "1.0\n{\"level\":\"info\"}");
}

TEST(LogLine, a_value_is_cut_at_four_kibibytes) {
  const std::vector<Field> fields{{"body", std::string(100000, 'x')}};
  EXPECT_LT(json_line(time_ms, Level::info, "api", "m", fields).size(), 5000U);
  EXPECT_LT(text_line(time_ms, Level::info, "api", "m", fields).size(), 5000U);
}

TEST(LogLine, text_quotes_only_what_needs_it) {
  const std::vector<Field> fields{{"kind", "Deployment"}, {"reason", "two words"}, {"empty", ""}, {"n", 7}};
  EXPECT_EQ(text_line(time_ms, Level::info, "kube", "listed", fields),
            "2025-11-06T10:30:00.123Z INFO  kube: listed kind=Deployment reason=\"two words\" empty=\"\" n=7");
}

std::string captured(const LogOptions& options, const std::function<void()>& speak) {
  testing::internal::CaptureStderr();
  EXPECT_TRUE(init_log(options));
  speak();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, a_level_hides_what_lies_below_it) {
  const std::string text = captured({.json = false, .level = "warn"}, [] {
    info("app", "hidden");
    warn("app", "shown", {{"braces", "{}"}});
    EXPECT_FALSE(log_enabled(Level::info));
    EXPECT_TRUE(log_enabled(Level::error));
  });
  EXPECT_THAT(text, Not(HasSubstr("hidden")));
  EXPECT_THAT(text, HasSubstr("WARN  app: shown braces={}\n"));
}

TEST(Log, the_form_of_RUST_LOG_sets_a_level_per_room) {
  const std::string text = captured({.json = true, .level = "headwind=warn,kube=debug"}, [] {
    debug("kube", "kube speaks");
    info("update", "update is quiet");
    warn("update", "update warns");
  });
  EXPECT_THAT(text, HasSubstr("kube speaks"));
  EXPECT_THAT(text, Not(HasSubstr("update is quiet")));
  EXPECT_THAT(text, HasSubstr("update warns"));
}

TEST(Log, an_override_counts_until_it_ends_or_the_configuration_has_another_level) {
  ASSERT_TRUE(init_log({.json = false, .level = "error"}));
  ASSERT_TRUE(override_log_filter("update=debug,warn"));
  EXPECT_TRUE(log_enabled(Level::debug));
  EXPECT_EQ(log_filter().in_force, "update=debug,warn");
  EXPECT_EQ(log_filter().configured, "error");
  ASSERT_TRUE(init_log({.json = true, .level = "error"}));
  EXPECT_TRUE(log_filter().overridden) << "only the format has changed";
  EXPECT_FALSE(override_log_filter("loud"));
  EXPECT_EQ(log_filter().in_force, "update=debug,warn") << "what is refused changes nothing";
  end_log_override();
  EXPECT_FALSE(log_enabled(Level::warn));
  EXPECT_FALSE(log_filter().overridden);
  ASSERT_TRUE(override_log_filter("trace"));
  ASSERT_TRUE(init_log({.json = false, .level = "warn"}));
  EXPECT_EQ(log_filter().in_force, "warn");
}

TEST(Log, repeats_are_told_with_a_count_and_counted) {
  const std::uint64_t before = repeats_held_back(Level::error);
  const std::string text = captured({.json = false, .level = "info"}, [] {
    for (int i = 0; i < 8; ++i) error("kube", "cannot reach it", {{"host", "h"}, {"error", i}});
    tell_repeats();  // the minute is not over
    warn("kube", "the end of the test");
    tell_repeats(true);
  });
  EXPECT_EQ(repeats_held_back(Level::error) - before, 3U);
  EXPECT_THAT(text, HasSubstr("cannot reach it host=h error=4\n"));
  EXPECT_THAT(text, Not(HasSubstr("error=5")));
  EXPECT_GT(text.find("ERROR kube: cannot reach it host=h error=7 repeated=3\n"), text.find("the end of the test"));
}

TEST(Log, a_line_that_was_held_back_belongs_to_its_trace_when_it_is_told) {
  Metrics metrics;
  set_tracer(std::make_shared<Tracer>(TracerOptions{}, metrics));
  std::string trace;
  const std::string text = captured({.json = false, .level = "info"}, [&] {
    const LocalThread place(nullptr);  // for the current span
    for (int i = 0; i < 6; ++i) {
      const Span span("look up");
      trace = Current::context().value_or(TraceContext{}).trace_id;
      error("kube", "cannot look it up", {{"host", "h"}, {"error", i}});
    }
    tell_repeats(true);  // outside of the span
  });
  set_tracer(nullptr);
  ASSERT_FALSE(trace.empty());
  EXPECT_THAT(text, HasSubstr("cannot look it up host=h error=5 trace_id=" + trace + " span_id="));
  EXPECT_THAT(text, HasSubstr(" repeated=1\n"));
}

TEST(Log, an_unknown_level_is_refused_with_a_sentence_and_changes_nothing) {
  ASSERT_TRUE(init_log({.json = false, .level = "error"}));
  const auto refused = init_log({.json = true, .level = "loud"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("'loud' is unknown"));
  EXPECT_FALSE(log_enabled(Level::warn));
}

}  // namespace
}  // namespace headwind::telemetry
