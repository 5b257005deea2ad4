// SPDX-License-Identifier: Apache-2.0
#include "app/cluster.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "kube/paths.hpp"
#include "kube/reviews.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

// Some sixty questions: they must not stand before the lists that a start waits for.
constexpr std::chrono::milliseconds kListsFirst{1000};
constexpr std::uintmax_t largest_kubeconfig = 4U << 20U;

Result<kube::Access> from_file(const Executor& executor, const std::string& file, const std::string& context) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(file, failure);
  if (failure) return make_error(Code::invalid, "kubeconfig " + file + " cannot be read: " + failure.message());
  if (size > largest_kubeconfig) return make_error(Code::invalid, "kubeconfig " + file + " is larger than 4 MiB");
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  const Result<std::string> json = config::yaml_to_json(text.str());
  if (!json) return in_context(json.error(), "kubeconfig " + file);
  const auto base = std::filesystem::absolute(file).parent_path().string();
  Result<kube::Access> access = kube::access_from_kubeconfig(executor, *json, base, context);
  if (!access) return in_context(access.error(), "kubeconfig " + file);
  return access;
}

std::string variable(const TextMap& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string{} : found->second;
}

// What the ClusterRole of deploy/ grants, and why: each rule is used.
struct Need {
  kube::AccessQuestion question;
  const char* why;
};

std::vector<Need> needs(const std::string& name_space) {
  std::vector<Need> list;
  for (const char* kind : {"deployments", "statefulsets", "daemonsets"})
    for (const char* verb : {"get", "list", "watch", "patch"})
      list.push_back({{verb, "apps", kind}, "to follow and update workloads"});
  for (const char* verb : {"list", "watch"}) {
    list.push_back({{verb, "apps", "replicasets"}, "to see what a Deployment ran before, and its rollouts"});
    list.push_back({{verb, "", "pods"}, "to see whether an update comes up"});
  }
  for (const char* verb : {"get", "list", "watch", "patch"})
    list.push_back({{verb, "batch", "cronjobs"}, "to follow and update CronJobs"});
  for (const char* verb : {"list", "watch"})
    list.push_back({{verb, "", "namespaces"}, "to honour headwind.sh/suspend on a namespace"});
  for (const char* kind : {"validatingadmissionpolicies", "validatingadmissionpolicybindings"})
    list.push_back({{"get", "admissionregistration.k8s.io", kind, "", "", "approvals-v1.headwind.sh"},
                    "to count approvals by kubectl"});
  list.push_back({{"delete", "", "pods"}, "to roll a StatefulSet back that waits for a broken pod"});
  for (const char* verb : {"list", "watch", "create", "patch", "delete"})
    list.push_back({{verb, "headwind.sh", "updaterequests"}, "to propose updates"});
  list.push_back({{"patch", "headwind.sh", "updaterequests", "status"}, "to record what became of a proposal"});
  const char* const inbox = "to keep what webhooks announced";
  const char* const state = "to know what notifiers were told";
  list.push_back({{"create", "", "configmaps", "", name_space}, inbox});
  list.push_back({{"get", "", "configmaps", "", name_space, "headwind-config"}, "to honour the settings of 0.1.x"});
  for (const char* verb : {"get", "patch"}) {
    list.push_back({{verb, "", "configmaps", "", name_space, "headwind-inbox"}, inbox});
    list.push_back({{verb, "", "configmaps", "", name_space, "headwind-state"}, state});
  }
  const char* const pulls = "to read registries as the workloads do; without it, only configured accounts are used";
  for (const char* kind : {"secrets", "serviceaccounts"}) list.push_back({{"get", "", kind}, pulls});
  list.push_back({{"create", "authentication.k8s.io", "tokenreviews"}, "to know who calls the API port"});
  list.push_back({{"create", "authorization.k8s.io", "subjectaccessreviews"}, "to know what callers may do"});
  for (const char* verb : {"create", "patch"}) list.push_back({{verb, "", "events"}, "to tell what happened"});
  return list;
}

// Where one namespace alone is watched, rights in that one do. What belongs to no namespace stays as it is.
void limit_to(const std::string& name_space, std::vector<Need>& list) {
  constexpr std::array<std::string_view, 3> of_no_namespace{"admissionregistration.k8s.io", "authentication.k8s.io",
                                                            "authorization.k8s.io"};
  for (Need& need : list) {
    kube::AccessQuestion& question = need.question;
    if (question.resource == "namespaces") {
      question.name = name_space;
    } else if (question.name_space.empty() &&
               std::find(of_no_namespace.begin(), of_no_namespace.end(), question.group) == of_no_namespace.end()) {
      question.name_space = name_space;
    }
  }
}

// The same for charts, of what this cluster serves of Flux.
Task<std::vector<Need>> flux_needs(std::shared_ptr<kube::Client> client) {
  const std::string releases = "helm.toolkit.fluxcd.io", sources = "source.toolkit.fluxcd.io";
  std::vector<Need> list;
  const Result<std::string> helm = co_await client->get("/apis/" + releases);
  if (!helm) co_return list;
  for (const char* verb : {"get", "list", "watch", "patch"})
    list.push_back({{verb, releases, "helmreleases"}, "to follow and update charts"});
  const Result<std::string> source = co_await client->get("/apis/" + sources);
  if (!source) co_return list;
  for (const char* kind : {"helmrepositories", "ocirepositories"})
    for (const char* verb : {"list", "watch"})
      list.push_back({{verb, sources, kind}, "to know where the charts of HelmReleases come from"});
  list.push_back({{"patch", sources, "ocirepositories"}, "to update charts that HelmReleases refer to"});
  co_return list;
}

// A request as we would write it, in a dry run: refused by the definition of 0.1.x, which knows neither field.
std::string probe_request(const std::string& name_space) {
  using nlohmann::json;
  return json({{"apiVersion", "headwind.sh/v1alpha1"},
               {"kind", "UpdateRequest"},
               {"metadata", {{"generateName", "headwind-probe-"}, {"namespace", name_space}}},
               {"spec",
                {{"targetRef",
                  {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "probe"}, {"namespace", name_space}}},
                 {"updateType", "image"},
                 {"containerName", "probe"},
                 {"currentImage", "probe:1"},
                 {"newImage", "probe:2"},
                 {"policy", "all"},
                 {"requiredApprovals", 1},
                 {"digest", "sha256:" + std::string(64, '0')},
                 {"action", "rollback"},
                 {"rollback", {{"image", "probe:1"}}}}}})
      .dump();
}

}  // namespace

Result<kube::Access> find_cluster(const Executor& executor, const config::Config& config, const TextMap& environment) {
  if (!config.kubeconfig.empty()) return from_file(executor, config.kubeconfig, config.context);
  if (!variable(environment, "KUBERNETES_SERVICE_HOST").empty()) return kube::access_in_cluster();
  if (const std::string file = variable(environment, "KUBECONFIG"); !file.empty())
    return from_file(executor, file, config.context);
  const std::string file = variable(environment, "HOME") + "/.kube/config";
  if (std::filesystem::exists(file)) return from_file(executor, file, config.context);
  return make_error(Code::invalid,
                    "no cluster: set kubernetes.kubeconfig or KUBECONFIG, or run in a pod with a service account");
}

Task<Result<kube::ConfigMap>> read_patiently(std::shared_ptr<kube::Client> client, std::string name_space,
                                             std::string name) {
  constexpr int most_tries = 6;
  for (int tries = 1;; ++tries) {
    Result<kube::ConfigMap> stored = co_await kube::read_config_map(client, name_space, name);
    if (stored || !stored.error().retryable || tries == most_tries) co_return stored;
    co_await sleep_for(std::chrono::seconds(1 << (tries - 1)));
  }
}

namespace {

Task<Result<std::vector<std::string>>> check_cluster(std::shared_ptr<kube::Client> client, config::Config config) {
  const std::string& name_space = config.name_space;
  std::vector<std::string> missing;
  std::vector<Need> wanted = needs(name_space);
  const std::vector<Need> of_flux = co_await flux_needs(client);
  wanted.insert(wanted.end(), of_flux.begin(), of_flux.end());
  if (!config.watch_namespace.empty()) limit_to(config.watch_namespace, wanted);
  for (const Need& need : wanted) {
    const kube::AccessQuestion question = need.question;
    const Result<kube::Decision> decision = co_await kube::review_own_access(client, question);
    if (!decision && decision.error().code == Code::unavailable) co_return decision.error();
    if (!decision || decision->allowed) continue;  // what cannot be asked shows when it is needed
    const std::string resource = question.resource + (question.subresource.empty() ? "" : "/" + question.subresource);
    missing.push_back("Headwind may not " + question.verb + " " + resource + " (" + need.why +
                      "); apply deploy/20-rbac.yaml");
  }
  const std::string path = kube::with_query(kube::collection_path(kube::kUpdateRequests, name_space),
                                            {{"dryRun", "All"}, {"fieldValidation", "Strict"}});
  const Result<std::string> probed = co_await client->create(path, probe_request(name_space));
  if (!probed && probed.error().code != Code::denied && probed.error().code != Code::unavailable)
    missing.push_back("the cluster's UpdateRequest definition is missing or older than this Headwind (" +
                      probed.error().message + "); apply deploy/10-crd.yaml");
  co_return missing;
}

}  // namespace

Task<> tell_what_is_missing(std::shared_ptr<kube::Client> client, config::Config config) {
  co_await sleep_for(kListsFirst);
  const Result<std::vector<std::string>> missing = co_await check_cluster(std::move(client), std::move(config));
  if (!missing) co_return;  // the watches say so
  if (missing->empty()) telemetry::info("app", "cluster is prepared", {{"rights", "all are there"}});
  for (const std::string& sentence : *missing) telemetry::error("app", "cluster not prepared", {{"error", sentence}});
}

std::string path_of_namespaces(const std::string& only) {
  const std::string selector = only.empty() ? std::string() : "metadata.name=" + only;
  return kube::with_query(kube::collection_path(kube::kNamespaces), {{"fieldSelector", selector}});
}

}  // namespace headwind::app
