// SPDX-License-Identifier: Apache-2.0
#include "story.hpp"

#include "core/text.hpp"

namespace headwind::monitoring {

using namespace end_to_end;

namespace {

Annotations undoing() {
  Annotations all = automatic();
  all.emplace_back("auto-rollback", "true");
  all.emplace_back("health-check-retries", "1");
  return all;
}
Annotations polled() {
  Annotations all = automatic();
  all.emplace_back("event-source", "polling");
  return all;
}

}  // namespace

void Monitoring::begin() {
  OperatorSettings with = settings();
  with.polling = true;
  for (const std::string& host : {silent_registry().host(), limited_.host(), moody_.host()})
    with.registries.push_back({host});
  const auto notifier = [&](const std::string& name, const std::string& plugin, const std::string& url) {
    with.environment.push_back("URL_OF_" + name + "=" + url);
    with.instances.push_back({{"name", name},
                              {"plugin", "headwind.notifier." + plugin},
                              {"secrets", {{"url", {{"environment", "URL_OF_" + name}}}}}});
  };
  notifier("slack", "slack", receiver->url());
  notifier("teams", "teams", receiver->url());
  notifier("gone", "webhook", "http://" + moody_.host() + "/gone");
  EndToEnd::start(with);
}

double Monitoring::value(const std::string& series) const {
  const std::string all = headwind->metrics();
  for (const std::string& name : {"headwind_" + series, "headwind_" + series + "_count"})
    for (const std::string_view line : split(all, '\n'))
      if (line.starts_with(name + " ")) return std::strtod(std::string(line.substr(name.size() + 1)).c_str(), nullptr);
  return 0;
}

std::string Monitoring::here(const std::string& name, const std::string& tag) const {
  return registry().host() + "/" + space + "/" + name + ":" + tag;
}
std::string Monitoring::silent(const std::string& name, const std::string& tag) const {
  return silent_registry().host() + "/" + space + "/" + name + ":" + tag;
}
void Monitoring::push(const std::string& name, const std::string& tag) const {
  registry().push(space + "/" + name, tag);
}

void Monitoring::run(const std::string& name, const std::string& image, Annotations annotations) const {
  deploy({"Deployment", name, {{"app", image}}, std::move(annotations)});
}

void Monitoring::add_source(const std::string& name, const std::string& url) const {
  put(sources("helmrepositories"), {{"apiVersion", "source.toolkit.fluxcd.io/v1"},
                                    {"kind", "HelmRepository"},
                                    {"metadata", {{"name", name}}},
                                    {"spec", {{"url", url}, {"interval", "5m"}}}});
}

bool Monitoring::waits() const {
  std::size_t pending = 0;
  for (const Json& one : requests(space)) pending += phase_of(one) == "Pending" ? 1U : 0U;
  return pending == 1;
}

void Monitoring::decide(const std::string& verb) const {
  ASSERT_TRUE(eventually([&] { return waits(); })) << Json(requests(space));
  for (const Json& one : requests(space)) {
    if (phase_of(one) != "Pending") continue;
    Json order{{"approver", "op"}};
    if (verb == "reject") order["reason"] = "not now";
    const Reply reply = headwind->api("POST", "/api/v1/updates/" + space + "/" + name_of(one) + "/" + verb, order);
    EXPECT_EQ(reply.status, 200u) << reply.body;
  }
}

std::vector<Step> Monitoring::pushes() {
  return {
      {"workloads of each kind are created",
       [this] {
         silent_registry().push(space + "/web", "1.0.0");
         run("web", silent("web", "1.0.0"), automatic());
         deploy({"StatefulSet", "store", {{"app", silent("web", "1.0.0")}}, {{"policy", "none"}}});
         deploy({"DaemonSet", "agent", {{"app", silent("web", "1.0.0")}}, {{"policy", "none"}}});
       },
       {{"deployments_watched", 1},
        {"statefulsets_watched", 1},
        {"daemonsets_watched", 1},
        {"polling_resources_filtered_total", 1}}},
      {"a push is applied at once, and everybody is told",
       [this] {
         silent_registry().push(space + "/web", "1.1.0");
         const Json event{{"action", "push"},
                          {"target",
                           {{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                            {"digest", ""},
                            {"repository", silent_registry().host() + "/" + space + "/web"},
                            {"tag", "1.1.0"}}}};
         const std::string traceparent = std::string("00-") + trace_id + "-00f067aa0ba902b7-01";
         const Reply reply = call("POST", OperatorProcess::webhook_url(), Json({{"events", {event}}}).dump(),
                                  {{"Content-Type", "application/json"}, {"traceparent", traceparent}});
         EXPECT_EQ(reply.status, 200u) << reply.body;
         EXPECT_TRUE(runs(silent("web", "1.1.0")));
       },
       {{"webhook_events_total", 1},
        {"webhook_events_processed", 1},
        {"updates_applied_total", 1},
        {"reconcile_duration_seconds"},
        {"deployment_health_checks_total"},
        {"patch_to_ready_seconds_count{kind=\"Deployment\"}", 1},
        {"notifications_sent_total"},
        {"notifications_slack_sent_total"},
        {"notifications_teams_sent_total"},
        {"notifications_webhook_sent_total"},
        {"notifications_failed_total"}}},
      {"a second push waits for the interval",
       [this] {
         Annotations patient = automatic();
         patient.back().second = "3600";  // min-update-interval
         push("slow", "1.0.0");
         run("slow", here("slow", "1.0.0"), patient);
         push("slow", "1.1.0");
         EXPECT_TRUE(runs(here("slow", "1.1.0"), "slow"));
         push("slow", "1.2.0");
       },
       {{"updates_skipped_interval_total", 1}}},
  };
}

std::vector<Step> Monitoring::answers() {
  return {
      {"a version is proposed",
       [this] {
         push("asked", "1.0.0");
         run("asked", here("asked", "1.0.0"), on_approval());
         push("asked", "1.1.0");
       },
       {{"updates_pending", 1}}},
      {"it is approved", [this] { decide("approve"); }, {{"updates_approved_total", 1}, {"updates_applied_total", 1}}},
      {"the next one is rejected",
       [this] {
         push("asked", "1.2.0");
         decide("reject");
       },
       {{"updates_rejected_total", 1}}}};
}

std::vector<Step> Monitoring::rollouts() {
  return {{"a person rolls back",
           [this] {
             const Reply reply = headwind->api("POST", "/api/v1/rollback/" + space + "/web/app");
             EXPECT_EQ(reply.status, 200u) << reply.body;
           },
           {{"rollbacks_total", 1}, {"rollbacks_manual_total", 1}}},
          {"a version does not come up, and stays",
           [this] {
             Annotations once = automatic();
             once.emplace_back("health-check-retries", "1");
             push("broken", "1.0.0");
             run("broken", here("broken", "1.0.0"), once);
             push("broken", "1.1.901");
           },
           {{"updates_failed_total", 1}, {"deployment_health_failures_total"}}},
          {"a version does not come up, and goes back",
           [this] {
             push("undone", "1.0.0");
             run("undone", here("undone", "1.0.0"), undoing());
             push("undone", "1.1.901");
           },
           {{"rollbacks_total", 1}, {"rollbacks_automatic_total", 1}}},
          {"the version that it goes back to does not come up either",
           [this] {
             push("lost", "1.0.901");
             run("lost", here("lost", "1.0.901"), undoing());
             push("lost", "1.1.901");
           },
           {{"rollbacks_failed_total", 1}}}};
}

std::vector<Step> Monitoring::polls() {
  return {{"a new tag is found in a list",
           [this] {
             for (const char* tag : {"1.0.0", "1.1.0"}) silent_registry().push(space + "/polled", tag);
             run("polled", silent("polled", "1.0.0"), polled());
           },
           {{"polling_cycles_total"}, {"polling_images_checked_total"}, {"polling_new_tags_found_total", 1}}},
          {"a registry says what is left of its limit",
           [this] { run("limited", limited_.host() + "/limited/app:1.0.0", polled()); },
           {{"registry_rate_limit_remaining{host=\"" + limited_.host() + "\"}", 97}}},
          {"a list cannot be read",
           [this] { run("unread", moody_.host() + "/broken/app:1.0.0", polled()); },
           {{"polling_errors_total"}}},
          {"a listed version cannot be looked up",
           [this] { run("unseen", moody_.host() + "/listed/app:1.0.0", polled()); },
           {{"reconcile_errors_total"}}},
          {"an annotation is misspelled",
           [this] { run("misspelled", here("web", "1.0.0"), {{"policy", "minr"}}); },
           {{"annotation_errors_total{annotation=\"headwind.sh/policy\"}", 1}}}};
}

std::vector<Step> Monitoring::charts() {
  const std::string home = "chartrepo/" + space;
  return {{"a new version of a chart is found and applied",
           [this, home] {
             for (const char* version : {"1.2.3", "1.2.4"}) chart_server().publish(home, "app", version);
             add_source("charts", chart_server().url(home));
             HelmRelease wanted;
             wanted.annotations = automatic();
             add_release(wanted);
             EXPECT_TRUE(has_version("1.2.4"));
           },
           {{"helm_releases_watched", 1},
            {"polling_helm_charts_checked_total"},
            {"polling_helm_new_versions_found_total", 1},
            {"helm_chart_versions_checked_total"},
            {"helm_updates_found_total", 1},
            {"helm_updates_approved_total", 1},
            {"helm_updates_applied_total", 1},
            {"helm_repository_queries_total"},
            {"helm_repository_query_duration_seconds"}}},
          {"the policy does not take a version that was pushed",
           [this, home] {
             chart_server().publish(home, "app", "2.0.0");
             const Json chart{{"tag", "2.0.0"}, {"resource_url", chart_server().url(home) + "/charts/app-2.0.0.tgz"}};
             const Json event{{"type", "UPLOAD_CHART"},
                              {"occur_at", 1640000000},
                              {"operator", "admin"},
                              {"event_data",
                               {{"resources", {chart}},
                                {"repository",
                                 {{"name", "app"},
                                  {"namespace", space},
                                  {"repo_full_name", space + "/app"},
                                  {"repo_type", "private"}}}}}};
             EXPECT_EQ(OperatorProcess::webhook("harbor", event).status, 200u);
           },
           {{"helm_updates_rejected_total", 1}}},
          {"a chart repository cannot be read",
           [this] {
             add_source("gone", chart_server().url("nowhere"));
             HelmRelease wanted;
             wanted.name = "gone", wanted.source = "HelmRepository/gone";
             add_release(wanted);
           },
           {{"helm_repository_errors_total"}}}};
}

std::vector<Step> Monitoring::steps() {
  std::vector<Step> all;
  for (auto part : {pushes(), answers(), rollouts(), polls(), charts()})
    for (Step& step : part) all.push_back(std::move(step));
  return all;
}

}  // namespace headwind::monitoring
