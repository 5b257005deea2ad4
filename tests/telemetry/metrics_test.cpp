// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace headwind::telemetry {
namespace {

TEST(Metrics, families_and_their_series_come_out_sorted) {
  Metrics metrics;
  metrics.counter("zebra_total", "Z").add();
  metrics.counter("ant_total", "A", {{"kind", "b"}}).add(2);
  metrics.counter("ant_total", "A", {{"kind", "a"}}).add(1.5);
  EXPECT_EQ(metrics.text(),
            "# HELP ant_total A\n# TYPE ant_total counter\nant_total{kind=\"a\"} 1.5\nant_total{kind=\"b\"} 2\n"
            "# HELP zebra_total Z\n# TYPE zebra_total counter\nzebra_total 1\n");
}

TEST(Metrics, the_same_name_and_labels_are_the_same_series) {
  Metrics metrics;
  metrics.counter("hits_total", "H", {{"host", "x"}}).add();
  metrics.counter("hits_total", "another help", {{"host", "x"}}).add();
  EXPECT_EQ(metrics.counter("hits_total", "H", {{"host", "x"}}).value(), 2);
}

TEST(Metrics, a_counter_never_goes_down) {
  Metrics metrics;
  const Counter counter = metrics.counter("up_total", "U");
  counter.add(5);
  counter.add(-3);
  EXPECT_EQ(counter.value(), 5);
}

TEST(Metrics, a_default_handle_counts_into_nothing) {
  Counter().add();
  Gauge().set(1);
  Histogram().observe(1);
  EXPECT_EQ(Counter().value(), 0);
}

TEST(Metrics, a_name_that_Prometheus_would_refuse_is_dropped_and_the_rest_still_served) {
  Metrics metrics;
  metrics.counter("not a name", "N").add();
  metrics.counter("good_total", "G", {{"bad label", "x"}}).add();
  metrics.histogram("steps", "S", {2, 1}).observe(1);
  metrics.counter("fine_total", "F").add();
  const std::string text = metrics.text();
  EXPECT_EQ(text.find("not a name"), std::string::npos);
  EXPECT_EQ(text.find("bad label"), std::string::npos);
  EXPECT_NE(text.find("fine_total 1\n"), std::string::npos);
}

TEST(Metrics, a_name_keeps_the_type_it_had_first) {
  Metrics metrics;
  metrics.counter("thing_total", "T").add();
  metrics.gauge("thing_total", "T").set(7);
  EXPECT_NE(metrics.text().find("thing_total 1\n"), std::string::npos);
}

TEST(Metrics, a_family_stops_growing_at_a_thousand_series) {
  Metrics metrics;
  for (int i = 0; i < 1200; ++i) metrics.counter("many_total", "M", {{"id", std::to_string(i)}}).add();
  const std::string text = metrics.text();
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find("many_total{", at)) != std::string::npos; ++at) ++count;
  EXPECT_EQ(count, 1000U);
  EXPECT_EQ(metrics.counter("many_total", "M", {{"id", "1199"}}).value(), 0);
  EXPECT_EQ(metrics.counter("many_total", "M", {{"id", "0"}}).value(), 1);
}

TEST(Metrics, label_values_are_escaped) {
  Metrics metrics;
  metrics.gauge("g", "G", {{"why", "a \"quote\"\nand \\"}}).set(1);
  EXPECT_NE(metrics.text().find("g{why=\"a \\\"quote\\\"\\nand \\\\\"} 1\n"), std::string::npos) << metrics.text();
}

TEST(Metrics, threads_may_make_count_and_read_at_once) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics, t] {
      for (int i = 0; i < 250; ++i) {
        metrics.counter("shared_total", "S").add();
        metrics.counter("own_total", "O", {{"thread", std::to_string(t)}}).add();
        if (i % 50 == 0) EXPECT_FALSE(metrics.text().empty());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(metrics.counter("shared_total", "S").value(), 1000);
}

}  // namespace
}  // namespace headwind::telemetry
