// SPDX-License-Identifier: Apache-2.0
// The contract with dashboards written for Headwind 0.1.x, as a table of its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "telemetry/metrics.hpp"

namespace headwind::telemetry {
namespace {

struct Row {
  const char* name;  // without "headwind_"
  const char* type;
  const char* help;
};

constexpr std::array<Row, 40> contract{{
    {"webhook_events_total", "counter", "Total number of webhook events received"},
    {"webhook_events_processed", "counter", "Total number of webhook events successfully processed"},
    {"updates_pending", "gauge", "Number of updates pending approval"},
    {"updates_approved_total", "counter", "Total number of updates approved"},
    {"updates_rejected_total", "counter", "Total number of updates rejected"},
    {"updates_applied_total", "counter", "Total number of updates successfully applied"},
    {"updates_failed_total", "counter", "Total number of updates that failed to apply"},
    {"reconcile_duration_seconds", "histogram", "Time spent reconciling resources"},
    {"reconcile_errors_total", "counter", "Total number of reconciliation errors"},
    {"deployments_watched", "gauge", "Number of Deployments being watched"},
    {"helm_releases_watched", "gauge", "Number of Helm releases being watched"},
    {"statefulsets_watched", "gauge", "Number of StatefulSets being watched"},
    {"daemonsets_watched", "gauge", "Number of DaemonSets being watched"},
    {"polling_cycles_total", "counter", "Total number of registry polling cycles"},
    {"polling_errors_total", "counter", "Total number of registry polling errors"},
    {"polling_images_checked_total", "counter", "Total number of images checked during polling"},
    {"polling_new_tags_found_total", "counter", "Total number of new tags discovered via polling"},
    {"polling_helm_charts_checked_total", "counter", "Total number of Helm charts checked during polling"},
    {"polling_helm_new_versions_found_total", "counter",
     "Total number of new Helm chart versions discovered via polling"},
    {"polling_resources_filtered_total", "counter",
     "Total number of resources filtered out from polling due to event-source annotation"},
    {"helm_chart_versions_checked_total", "counter", "Total number of Helm chart version checks performed"},
    {"helm_updates_found_total", "counter", "Total number of Helm chart updates discovered"},
    {"helm_updates_approved_total", "counter", "Total number of Helm chart updates approved by policy"},
    {"helm_updates_rejected_total", "counter", "Total number of Helm chart updates rejected by policy"},
    {"helm_updates_applied_total", "counter", "Total number of Helm chart updates successfully applied"},
    {"helm_repository_queries_total", "counter", "Total number of Helm repository index queries performed"},
    {"helm_repository_errors_total", "counter", "Total number of Helm repository query errors"},
    {"helm_repository_query_duration_seconds", "histogram",
     "Time spent querying Helm repositories for available versions"},
    {"rollbacks_total", "counter", "Total number of rollback operations performed"},
    {"rollbacks_manual_total", "counter", "Total number of manual rollback operations"},
    {"rollbacks_automatic_total", "counter", "Total number of automatic rollback operations"},
    {"rollbacks_failed_total", "counter", "Total number of failed rollback operations"},
    {"deployment_health_checks_total", "counter", "Total number of deployment health checks performed"},
    {"deployment_health_failures_total", "counter", "Total number of deployment health check failures detected"},
    {"notifications_sent_total", "counter", "Total number of notifications sent"},
    {"notifications_failed_total", "counter", "Total number of failed notification attempts"},
    {"notifications_slack_sent_total", "counter", "Total number of notifications sent to Slack"},
    {"notifications_teams_sent_total", "counter", "Total number of notifications sent to Microsoft Teams"},
    {"notifications_webhook_sent_total", "counter", "Total number of notifications sent via generic webhook"},
    {"updates_skipped_interval_total", "counter",
     "Total number of updates skipped due to minimum interval not elapsed"},
}};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool has(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST(CompatMetrics, T116_all_forty_names_have_their_type_and_help_and_no_others_are_there) {
  Metrics metrics;
  const CompatMetrics compat(metrics);
  const auto lines = lines_of(metrics.text());
  for (const Row& row : contract) {
    const std::string name = std::string("headwind_") + row.name;
    EXPECT_TRUE(has(lines, "# HELP " + name + " " + row.help)) << name;
    EXPECT_TRUE(has(lines, "# TYPE " + name + " " + row.type)) << name;
  }
  const auto types = std::count_if(lines.begin(), lines.end(), [](const auto& l) { return l.starts_with("# TYPE "); });
  EXPECT_EQ(types, 40);
}

TEST(CompatMetrics, every_series_without_labels_shows_zero_before_anything_happened) {
  Metrics metrics;
  const CompatMetrics compat(metrics);
  const auto lines = lines_of(metrics.text());
  for (const Row& row : contract) {
    const std::string name = std::string("headwind_") + row.name;
    const bool histogram = std::string_view(row.type) == "histogram";
    EXPECT_TRUE(has(lines, name + (histogram ? "_count 0" : " 0"))) << name;
  }
}

TEST(CompatMetrics, the_histograms_have_the_buckets_of_0_1) {
  Metrics metrics;
  const CompatMetrics compat(metrics);
  compat.reconcile_duration_seconds.observe(0.07);
  const auto lines = lines_of(metrics.text());
  const std::string name = "headwind_reconcile_duration_seconds";
  std::vector<std::string> buckets;
  for (const auto& line : lines) {
    if (line.starts_with(name + "_bucket")) buckets.push_back(line.substr(name.size() + 7));
  }
  const std::vector<std::string> wanted{"{le=\"0.01\"} 0", "{le=\"0.05\"} 0", "{le=\"0.1\"} 1", "{le=\"0.5\"} 1",
                                        "{le=\"1\"} 1",    "{le=\"5\"} 1",    "{le=\"10\"} 1",  "{le=\"+Inf\"} 1"};
  EXPECT_EQ(buckets, wanted);
  for (const char* le : {"0.1", "0.5", "1", "2", "5", "10", "30", "+Inf"}) {
    EXPECT_TRUE(has(lines, "headwind_helm_repository_query_duration_seconds_bucket{le=\"" + std::string(le) + "\"} 0"))
        << le;
  }
}

TEST(CompatMetrics, each_handle_moves_the_series_that_bears_its_name) {
  Metrics metrics;
  const CompatMetrics compat(metrics);
  compat.updates_pending.set(3);
  compat.updates_pending.add(-1);
  compat.updates_skipped_interval_total.add();
  compat.notifications_teams_sent_total.add(2);
  compat.rollbacks_manual_total.add();
  const auto lines = lines_of(metrics.text());
  EXPECT_TRUE(has(lines, "headwind_updates_pending 2"));
  EXPECT_TRUE(has(lines, "headwind_updates_skipped_interval_total 1"));
  EXPECT_TRUE(has(lines, "headwind_notifications_teams_sent_total 2"));
  EXPECT_TRUE(has(lines, "headwind_rollbacks_manual_total 1"));
}

}  // namespace
}  // namespace headwind::telemetry
