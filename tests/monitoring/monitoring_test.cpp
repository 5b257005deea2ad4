// SPDX-License-Identifier: Apache-2.0
// One run that moves all forty families of 0.1.x, and what Prometheus and the reader find of it.
#include <algorithm>
#include <ctime>
#include <set>

#include "core/text.hpp"
#include "documents.hpp"
#include "prometheus.hpp"
#include "story.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::monitoring {
namespace {

using namespace end_to_end;

// Families that only a fault of a plugin, or hours, bring about: their names are looked for in the sources instead.
const std::set<std::string> seldom{"headwind_plugin_quarantined", "headwind_plugin_misuses_total",
                                   "headwind_webhook_gap_total",  "headwind_polling_doubted_total",
                                   "headwind_plugin_refused",     "headwind_plugin_crashes_total",
                                   "headwind_trace_spans_total"};

std::filesystem::path monitoring_directory() { return source_directory() / "deploy/monitoring"; }

std::set<std::string> forty() {
  telemetry::Metrics metrics;
  const telemetry::CompatMetrics compat(metrics);
  std::set<std::string> names;
  for (const auto& [name, family] : served(metrics.text())) names.insert(name.substr(std::string("headwind_").size()));
  return names;
}

class MonitoringTest : public Monitoring {
 protected:
  // Does the step, and waits until everything that it should move has moved.
  void take(const Step& step) const {
    std::vector<double> before;
    for (const Moved& moved : step.moved) before.push_back(value(moved.series));
    step.act();
    for (std::size_t i = 0; i < step.moved.size(); ++i) {
      const Moved& moved = step.moved[i];
      const auto by = [&] { return value(moved.series) - before[i]; };
      EXPECT_TRUE(eventually([&] { return moved.by > 0 ? by() >= moved.by : by() > 0; }))
          << step.name << ": " << moved.series << " did not move";
      if (moved.by > 0) EXPECT_EQ(by(), moved.by) << step.name << ": " << moved.series;
    }
  }

  static void check_forty(const std::vector<Step>& steps) {
    std::set<std::string> left = forty();
    EXPECT_EQ(left.size(), 40U);
    for (const Step& step : steps)
      for (const Moved& moved : step.moved) left.erase(moved.series);
    EXPECT_TRUE(left.empty()) << Json(left) << ": no step moves these";
  }

  static void check_queries(Prometheus& prometheus) {
    const auto queries = dashboard_queries(read_text(monitoring_directory() / "dashboard.json"));
    EXPECT_GE(queries.size(), 40U);
    for (const std::string& query : queries) {
      const Json result = prometheus.query(query);
      EXPECT_TRUE(result.is_array() && !result.empty()) << query << "\n"
                                                        << (result.is_null() ? prometheus.error() : "");
    }
  }

  static void check_rules(Prometheus& prometheus) {
    std::size_t rules = 0;
    ASSERT_TRUE(eventually([&] { return prometheus.query("headwind_build_info").size() == 1; }));
    const Json groups = prometheus.get("rules");
    for (const Json& group : groups.at("groups"))
      for (const Json& rule : group.at("rules")) {
        ++rules;
        EXPECT_EQ(rule.at("health"), "ok") << rule;
        EXPECT_NE(rule.value("state", "") + rule.value("name", ""), "firingHeadwindDown");
      }
    EXPECT_GE(rules, 10U);
    // The run had these for sure: what a rule is for has come through all of it.
    for (const char* alert : {"HeadwindUpdatesFailing", "HeadwindRollbackFailed", "HeadwindAutomaticRollback",
                              "HeadwindNotificationsFailing"}) {
      const std::string firing = "ALERTS{alertstate=\"firing\",alertname=\"" + std::string(alert) + "\"}";
      EXPECT_TRUE(eventually([&] { return !prometheus.query(firing).empty(); })) << alert << " does not fire";
    }
  }

  // The exemplar of the first push's bucket is its trace, and Prometheus has kept it.
  static void check_exemplars(Prometheus& prometheus) {
    for (const char* family : {"headwind_push_to_patch_seconds_bucket", "headwind_patch_to_ready_seconds_bucket"}) {
      const std::time_t now = std::time(nullptr);
      const Json found = prometheus.get("query_exemplars?query=" + std::string(family) +
                                        "&start=" + std::to_string(now - 3600) + "&end=" + std::to_string(now + 1));
      EXPECT_NE(found.dump().find(trace_id), std::string::npos) << family << ": " << found;
    }
  }

  void check_documents() const {
    const auto has = served(headwind->metrics());
    const auto page = documented(read_text(source_directory() / "docs/operations/metrics.md"));
    for (const auto& [name, family] : has) {
      const auto row = page.find(name);
      if (row == page.end()) {
        ADD_FAILURE() << name << " is not in docs/operations/metrics.md";
        continue;
      }
      EXPECT_EQ(row->second.type, family.type) << name;
      for (const std::string& label : family.labels)
        EXPECT_TRUE(row->second.labels.contains(label)) << name << ": label " << label << " is not in metrics.md";
      if (!family.labels.empty()) EXPECT_EQ(row->second.labels, family.labels) << name;
    }
    std::set<std::string> named;
    for (const auto& [name, family] : page) named.insert(name);
    for (const char* file : {"deploy/monitoring/rules.yaml", "deploy/monitoring/dashboard.json"})
      named.merge(families_in(read_text(source_directory() / file)));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_directory() / "docs/operations"))
      if (entry.path().extension() == ".md") named.merge(families_in(read_text(entry.path())));
    const std::set<std::string> ours = literals();
    for (const std::string& name : named) {
      if (name == "headwind_plugin") continue;  // the beginning of the plugins' own
      EXPECT_TRUE(has.contains(name) || (seldom.contains(name) && ours.contains(name)))
          << name << " is in rules, dashboard or documents, and not in /metrics";
    }
  }

  // The names of families in the sources.
  static std::set<std::string> literals() {
    std::set<std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_directory() / "host"))
      if (entry.path().extension() == ".cpp") all.merge(families_in(read_text(entry.path())));
    return all;
  }
};

TEST_F(MonitoringTest, T116_T117_one_run_moves_all_forty_and_answers_every_query) {
  begin();
  Prometheus prometheus(headwind->metrics_host(), std::filesystem::absolute(monitoring_directory() / "rules.yaml"));
  const std::vector<Step> all = steps();
  check_forty(all);
  for (const Step& step : all) {
    SCOPED_TRACE(step.name);
    take(step);
    if (HasFatalFailure()) return;
  }
  const double applied = value("updates_applied_total");
  ASSERT_TRUE(eventually([&] {
    const Json seen = prometheus.query("headwind_updates_applied_total");
    return seen.size() == 1 && std::stod(seen[0].at("value").at(1).get<std::string>()) == applied;
  })) << "Prometheus does not scrape: "
      << prometheus.get("targets");
  check_rules(prometheus);
  check_queries(prometheus);
  check_exemplars(prometheus);
  check_documents();
}

}  // namespace
}  // namespace headwind::monitoring
