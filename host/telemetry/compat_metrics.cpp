// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

namespace headwind::telemetry {

CompatMetrics::CompatMetrics(Metrics& m) {
  webhook_events_total = m.counter("headwind_webhook_events_total", "Total number of webhook events received");
  webhook_events_processed =
      m.counter("headwind_webhook_events_processed", "Total number of webhook events successfully processed");

  updates_pending = m.gauge("headwind_updates_pending", "Number of updates pending approval");
  updates_approved_total = m.counter("headwind_updates_approved_total", "Total number of updates approved");
  updates_rejected_total = m.counter("headwind_updates_rejected_total", "Total number of updates rejected");
  updates_applied_total = m.counter("headwind_updates_applied_total", "Total number of updates successfully applied");
  updates_failed_total = m.counter("headwind_updates_failed_total", "Total number of updates that failed to apply");
  updates_skipped_interval_total = m.counter("headwind_updates_skipped_interval_total",
                                             "Total number of updates skipped due to minimum interval not elapsed");

  reconcile_duration_seconds = m.histogram("headwind_reconcile_duration_seconds", "Time spent reconciling resources",
                                           {0.01, 0.05, 0.1, 0.5, 1, 5, 10});
  reconcile_errors_total = m.counter("headwind_reconcile_errors_total", "Total number of reconciliation errors");

  deployments_watched = m.gauge("headwind_deployments_watched", "Number of Deployments being watched");
  statefulsets_watched = m.gauge("headwind_statefulsets_watched", "Number of StatefulSets being watched");
  daemonsets_watched = m.gauge("headwind_daemonsets_watched", "Number of DaemonSets being watched");
  helm_releases_watched = m.gauge("headwind_helm_releases_watched", "Number of Helm releases being watched");

  polling_cycles_total = m.counter("headwind_polling_cycles_total", "Total number of registry polling cycles");
  polling_errors_total = m.counter("headwind_polling_errors_total", "Total number of registry polling errors");
  polling_images_checked_total =
      m.counter("headwind_polling_images_checked_total", "Total number of images checked during polling");
  polling_new_tags_found_total =
      m.counter("headwind_polling_new_tags_found_total", "Total number of new tags discovered via polling");
  polling_helm_charts_checked_total =
      m.counter("headwind_polling_helm_charts_checked_total", "Total number of Helm charts checked during polling");
  polling_helm_new_versions_found_total = m.counter("headwind_polling_helm_new_versions_found_total",
                                                    "Total number of new Helm chart versions discovered via polling");
  polling_resources_filtered_total =
      m.counter("headwind_polling_resources_filtered_total",
                "Total number of resources filtered out from polling due to event-source annotation");

  helm_chart_versions_checked_total =
      m.counter("headwind_helm_chart_versions_checked_total", "Total number of Helm chart version checks performed");
  helm_updates_found_total =
      m.counter("headwind_helm_updates_found_total", "Total number of Helm chart updates discovered");
  helm_updates_approved_total =
      m.counter("headwind_helm_updates_approved_total", "Total number of Helm chart updates approved by policy");
  helm_updates_rejected_total =
      m.counter("headwind_helm_updates_rejected_total", "Total number of Helm chart updates rejected by policy");
  helm_updates_applied_total =
      m.counter("headwind_helm_updates_applied_total", "Total number of Helm chart updates successfully applied");
  helm_repository_queries_total =
      m.counter("headwind_helm_repository_queries_total", "Total number of Helm repository index queries performed");
  helm_repository_errors_total =
      m.counter("headwind_helm_repository_errors_total", "Total number of Helm repository query errors");
  helm_repository_query_duration_seconds =
      m.histogram("headwind_helm_repository_query_duration_seconds",
                  "Time spent querying Helm repositories for available versions", {0.1, 0.5, 1, 2, 5, 10, 30});

  rollbacks_total = m.counter("headwind_rollbacks_total", "Total number of rollback operations performed");
  rollbacks_manual_total = m.counter("headwind_rollbacks_manual_total", "Total number of manual rollback operations");
  rollbacks_automatic_total =
      m.counter("headwind_rollbacks_automatic_total", "Total number of automatic rollback operations");
  rollbacks_failed_total = m.counter("headwind_rollbacks_failed_total", "Total number of failed rollback operations");
  deployment_health_checks_total =
      m.counter("headwind_deployment_health_checks_total", "Total number of deployment health checks performed");
  deployment_health_failures_total = m.counter("headwind_deployment_health_failures_total",
                                               "Total number of deployment health check failures detected");

  notifications_sent_total = m.counter("headwind_notifications_sent_total", "Total number of notifications sent");
  notifications_failed_total =
      m.counter("headwind_notifications_failed_total", "Total number of failed notification attempts");
  notifications_slack_sent_total =
      m.counter("headwind_notifications_slack_sent_total", "Total number of notifications sent to Slack");
  notifications_teams_sent_total =
      m.counter("headwind_notifications_teams_sent_total", "Total number of notifications sent to Microsoft Teams");
  notifications_webhook_sent_total =
      m.counter("headwind_notifications_webhook_sent_total", "Total number of notifications sent via generic webhook");
}

}  // namespace headwind::telemetry
