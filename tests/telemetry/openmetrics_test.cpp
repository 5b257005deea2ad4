// SPDX-License-Identifier: Apache-2.0
// What OpenMetrics 1.0 asks of its text, and that Python's reader, which is strict about it, takes it.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>

#include "telemetry/exemplars.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/process_metrics.hpp"

namespace headwind::telemetry {
namespace {

const std::string trace = "0af7651916cd43dd8448eb211c80319c";

std::string line_with(const std::string& text, const std::string& what) {
  const std::size_t at = text.find(what);
  if (at == std::string::npos) return {};
  return text.substr(at, text.find('\n', at) - at);
}

TEST(OpenMetrics, it_ends_with_EOF_and_names_counters_without_their_ending) {
  Metrics metrics;
  metrics.counter("ant_total", "Ants\nseen \"here\"").add(2);
  metrics.gauge("bee", "B", {{"kind", "a \"b\"\n\\"}}).set(1.5);
  EXPECT_EQ(metrics.openmetrics(),
            "# TYPE ant counter\n# HELP ant Ants\\nseen \\\"here\\\"\nant_total 2\n"
            "# TYPE bee gauge\n# HELP bee B\nbee{kind=\"a \\\"b\\\"\\n\\\\\"} 1.5\n# EOF\n");
}

TEST(OpenMetrics, a_counter_of_0_1_that_does_not_end_in_total_keeps_its_name) {
  Metrics metrics;
  const CompatMetrics compat(metrics);
  const std::string text = metrics.openmetrics();
  EXPECT_NE(text.find("# TYPE headwind_webhook_events_processed unknown\n"), std::string::npos);
  EXPECT_NE(text.find("\nheadwind_webhook_events_processed 0\n"), std::string::npos);
}

TEST(OpenMetrics, two_families_never_get_one_name) {
  Metrics metrics;
  metrics.gauge("cat", "C").set(1);
  metrics.counter("cat_total", "C").add();
  EXPECT_NE(metrics.openmetrics().find("# TYPE cat_total unknown\n"), std::string::npos);
}

TEST(OpenMetrics, the_newest_trace_of_a_bucket_is_its_exemplar) {
  Metrics metrics;
  const Histogram seconds = metrics.histogram("wait_seconds", "W", {0.5, 1});
  seconds.observe(0.2, std::string(31, '0') + "1");
  seconds.observe(0.5, trace);
  seconds.observe(0.7);
  seconds.observe(9, trace);
  const std::string text = metrics.openmetrics();
  EXPECT_NE(text.find("# UNIT wait_seconds seconds\n"), std::string::npos);
  const std::string first = line_with(text, "wait_seconds_bucket{le=\"0.5\"}");
  EXPECT_TRUE(first.starts_with("wait_seconds_bucket{le=\"0.5\"} 2 # {trace_id=\"" + trace + "\"} 0.5 1")) << first;
  EXPECT_EQ(line_with(text, "wait_seconds_bucket{le=\"1.0\"}"), "wait_seconds_bucket{le=\"1.0\"} 3");
  const std::string last = line_with(text, "wait_seconds_bucket{le=\"+Inf\"}");
  EXPECT_TRUE(last.starts_with("wait_seconds_bucket{le=\"+Inf\"} 4 # {trace_id=\"" + trace + "\"} 9 1")) << last;
  EXPECT_EQ(metrics.text().find(trace), std::string::npos) << "text/plain has no exemplars";
}

TEST(OpenMetrics, what_is_no_trace_id_is_no_exemplar) {
  Metrics metrics;
  const Histogram seconds = metrics.histogram("wait_seconds", "W", {1});
  for (const std::string& none : {std::string("x"), std::string(32, '0'), std::string(32, 'A'), std::string(32, '"')})
    seconds.observe(0.1, none);
  EXPECT_EQ(metrics.openmetrics().find(" # {"), std::string::npos) << metrics.openmetrics();
  EXPECT_EQ(trace_id_within("00-" + trace + "-b7ad6b7169203331-01"), trace);
  for (const std::string& none : {std::string(), trace, "00-" + trace, "00-" + trace + "x", "00x" + trace + "-"})
    EXPECT_EQ(trace_id_within(none), "") << none;
}

TEST(OpenMetrics, the_process_tells_of_itself_what_proc_says) {
  Metrics metrics;
  tell_process(metrics);
  metrics.text();
  const auto value = [&](const char* name) { return metrics.gauge(name, "").value(); };
  EXPECT_GT(value("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(value("process_virtual_memory_bytes"), value("process_resident_memory_bytes"));
  EXPECT_GE(value("process_max_fds"), value("process_open_fds"));
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_NEAR(value("process_start_time_seconds"), now, 600);
  const double open = value("process_open_fds");
  const std::ifstream one_more("/proc/self/stat");
  metrics.text();
  EXPECT_EQ(value("process_open_fds"), open + 1);
  const double cpu = metrics.counter("process_cpu_seconds_total", "").value();
  for (const std::clock_t until = std::clock() + CLOCKS_PER_SEC / 10; std::clock() < until;) {
  }
  metrics.text();
  EXPECT_GE(metrics.counter("process_cpu_seconds_total", "").value(), cpu + 0.05);
}

// Python's prometheus_client refuses what OpenMetrics forbids: a missing EOF, names that clash, metadata that comes
// late.
TEST(OpenMetrics, a_strict_reader_takes_all_of_it) {
  Metrics metrics;
  const CompatMetrics compat(metrics);
  tell_process(metrics);
  compat.reconcile_duration_seconds.observe(0.02, trace);
  metrics.histogram("tiny_seconds", "T", {0.00001, 0.5, 60}, {{"a", "x\\\"\n"}}).observe(1e-6, trace);
  metrics.gauge("cat", "C").set(1);
  metrics.counter("cat_total", "C").add();
  const std::string file = testing::TempDir() + "openmetrics.txt";
  std::ofstream(file) << metrics.openmetrics();
  const std::string command =
      "/usr/bin/python3 -c 'import sys\n"
      "from prometheus_client.openmetrics.parser import text_string_to_metric_families as read\n"
      "families = list(read(open(sys.argv[1], newline=\"\").read()))\n"
      "print(len(families), sum(1 for f in families for s in f.samples if s.exemplar))' " +
      file + " 2>&1";
  FILE* const python = ::popen(command.c_str(), "r");
  ASSERT_NE(python, nullptr);
  std::string said;
  std::array<char, 4096> chunk{};
  while (const std::size_t read = std::fread(chunk.data(), 1, chunk.size(), python)) said.append(chunk.data(), read);
  ::pclose(python);
  EXPECT_EQ(said, "49 2\n");
}

}  // namespace
}  // namespace headwind::telemetry
