// SPDX-License-Identifier: Apache-2.0
// Prometheus metrics. Handles are small, copied freely, valid as long as their Metrics, and safe on any thread.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::telemetry {

using Labels = std::map<std::string, std::string>;

class Counter {
 public:
  Counter() = default;  // counts into nothing
  void add(double by = 1) const;
  double value() const;

 private:
  friend class Metrics;
  explicit Counter(void* series) : series_(series) {}
  void* series_ = nullptr;
};

class Gauge {
 public:
  Gauge() = default;
  void set(double value) const;
  void add(double by) const;
  double value() const;

 private:
  friend class Metrics;
  explicit Gauge(void* series) : series_(series) {}
  void* series_ = nullptr;
};

class Histogram {
 public:
  Histogram() = default;
  // `trace_id`: of the trace that this was part of, 32 hex digits; the newest of each bucket is its exemplar.
  void observe(double value, std::string_view trace_id = {}) const;

 private:
  friend class Metrics;
  explicit Histogram(void* series) : series_(series) {}
  void* series_ = nullptr;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The series of that name and those labels, made at first call. A family keeps its first help text.
  // The number of series of one family is capped (1,000); beyond it the handle counts into nothing.
  Counter counter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram histogram(std::string_view name, std::string_view help, const std::vector<double>& bounds,
                      const Labels& labels = {});

  // Called by text() and openmetrics() before anything is read, on their thread: for what is measured when it is asked
  // for. It must not make series, and not wait.
  void before_reading(std::function<void()> measure);

  // text/plain; version=0.0.4, families sorted by name.
  std::string text() const;
  // application/openmetrics-text; version=1.0.0: the same with exemplars (openmetrics.hpp).
  std::string openmetrics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The 40 families of Headwind 0.1.x: same names, types, units and help (docs/compat: no labels at all).
struct CompatMetrics {
  explicit CompatMetrics(Metrics& metrics);

  Counter webhook_events_total, webhook_events_processed;
  Gauge updates_pending;
  Counter updates_approved_total, updates_rejected_total, updates_applied_total, updates_failed_total;
  Counter updates_skipped_interval_total;
  Histogram reconcile_duration_seconds;
  Counter reconcile_errors_total;
  Gauge deployments_watched, statefulsets_watched, daemonsets_watched, helm_releases_watched;
  Counter polling_cycles_total, polling_errors_total, polling_images_checked_total, polling_new_tags_found_total;
  Counter polling_helm_charts_checked_total, polling_helm_new_versions_found_total, polling_resources_filtered_total;
  Counter helm_chart_versions_checked_total, helm_updates_found_total, helm_updates_approved_total;
  Counter helm_updates_rejected_total, helm_updates_applied_total;
  Counter helm_repository_queries_total, helm_repository_errors_total;
  Histogram helm_repository_query_duration_seconds;
  Counter rollbacks_total, rollbacks_manual_total, rollbacks_automatic_total, rollbacks_failed_total;
  Counter deployment_health_checks_total, deployment_health_failures_total;
  Counter notifications_sent_total, notifications_failed_total;
  Counter notifications_slack_sent_total, notifications_teams_sent_total, notifications_webhook_sent_total;
};

}  // namespace headwind::telemetry
