// SPDX-License-Identifier: Apache-2.0
#include "cluster.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "core/hash.hpp"
#include "core/text.hpp"

namespace headwind::end_to_end {
namespace {

void prepare(testbed::ControlPlane& plane) {
  const auto applied =
      testbed::run({(testbed::binaries() / "kubectl").string(), "--kubeconfig", plane.kubeconfig().string(), "apply",
                    "-f", (source_directory() / "deploy").string()});
  if (!applied) throw std::runtime_error(applied.error().message);
  if (!plane.wait_until("/apis/headwind.sh/v1alpha1/updaterequests?limit=1",
                        [](const testbed::Answer& answer) { return answer.ok(); }))
    throw std::runtime_error("the server does not serve UpdateRequests");
}

void put(const std::string& collection, const Json& object) {
  const std::string name = object.at("/metadata/name"_json_pointer);
  auto made = plane().call("POST", collection, object.dump());
  if (made.status == 409) made = plane().call("PATCH", collection + "/" + name, object.dump());
  if (!made.ok()) throw std::runtime_error(name + ": " + made.body);
}

}  // namespace

std::filesystem::path source_directory() {
  const char* given = std::getenv("HEADWIND_SOURCE");
  return given != nullptr ? given : ".";
}

testbed::ControlPlane& plane() {
  static testbed::ControlPlane& prepared = []() -> testbed::ControlPlane& {
    testbed::ControlPlane& made = testbed::shared({.controllers = true, .nodes = true});
    prepare(made);
    return made;
  }();
  return prepared;
}

std::string kubectl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {(testbed::binaries() / "kubectl").string(), "--kubeconfig", plane().kubeconfig().string()});
  auto printed = testbed::run(arguments);
  if (!printed) throw std::runtime_error(printed.error().message);
  return std::string(trim(*printed));
}

void install_definitions(const std::filesystem::path& file) {
  kubectl({"apply", "--server-side", "-f", file.string()});
  wait_until_served({"-f", file.string()});
}

// kubectl's wait fails at once where a definition is so young that the server has not given it conditions yet.
void wait_until_served(const std::vector<std::string>& what) {
  std::vector<std::string> arguments{"wait", "--for=condition=Established", "--timeout=30s"};
  arguments.insert(arguments.end(), what.begin(), what.end());
  std::string failure;
  const bool served = eventually([&] {
    try {
      kubectl(arguments);
      return true;
    } catch (const std::exception& error) {
      failure = error.what();
      return false;
    }
  });
  if (!served) throw std::runtime_error(failure);
}

std::vector<std::pair<std::string, std::string>> automatic() {
  return {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}};
}
std::vector<std::pair<std::string, std::string>> on_approval() {
  return {{"policy", "minor"}, {"min-update-interval", "0"}};
}

void create(const std::string& name_space, const Workload& workload) {
  Json pod{{"nodeName", "node-0"}, {"containers", Json::array()}};  // there is no scheduler
  for (const Container& container : workload.containers)
    pod["containers"].push_back({{"name", container.name}, {"image", container.image}, {"env", Json::array()}});
  for (const std::string& secret : workload.pull_secrets) pod["imagePullSecrets"].push_back({{"name", secret}});
  if (!workload.service_account.empty()) pod["serviceAccountName"] = workload.service_account;
  const Json labels{{"app", workload.name}};
  Json object{{"apiVersion", "apps/v1"},
              {"kind", workload.kind},
              {"metadata", {{"name", workload.name}, {"annotations", Json::object()}}},
              {"spec",
               {{"selector", {{"matchLabels", labels}}},
                {"template", {{"metadata", {{"labels", labels}}}, {"spec", std::move(pod)}}}}}};
  if (workload.kind != "DaemonSet") object["spec"]["replicas"] = 1;
  if (workload.kind == "StatefulSet") object["spec"]["serviceName"] = workload.name;
  for (const auto& [key, value] : workload.annotations) object["metadata"]["annotations"]["headwind.sh/" + key] = value;
  if (workload.adjust) workload.adjust(object);
  const auto made = plane().call("POST", path_of(workload.kind, name_space), object.dump());
  if (!made.ok()) throw std::runtime_error(workload.kind + " " + workload.name + ": " + made.body);
}

std::string path_of(const std::string& kind, const std::string& name_space, const std::string& name) {
  return "/apis/apps/v1/namespaces/" + name_space + "/" + to_lower(kind) + "s" + (name.empty() ? "" : "/" + name);
}

std::string requests_path(const std::string& name_space, const std::string& name) {
  return "/apis/headwind.sh/v1alpha1/namespaces/" + name_space + "/updaterequests" + (name.empty() ? "" : "/" + name);
}

Json get(const std::string& path) {
  const auto answer = plane().call("GET", path);
  return answer.ok() ? Json::parse(answer.body) : Json();
}

std::string image_of(const Json& workload, const std::string& container) {
  if (!workload.is_object()) return {};
  for (const Json& one : workload.at("/spec/template/spec/containers"_json_pointer))
    if (one.at("name") == container) return one.at("image");
  return {};
}

std::string annotation_of(const Json& workload, const std::string& key) {
  if (!workload.is_object()) return {};
  return workload.value("/metadata/annotations"_json_pointer, Json::object()).value("headwind.sh/" + key, "");
}

Json history_of(const Json& workload) {
  const Json history = Json::parse(annotation_of(workload, "update-history"), nullptr, false);
  return history.is_array() ? history : Json::array();
}

void put_pull_secret(const std::string& name_space, const std::string& name, const std::string& host,
                     const std::string& user, const std::string& password) {
  const Json config{{"auths", {{host, {{"auth", base64_encode(user + ":" + password)}}}}}};
  put("/api/v1/namespaces/" + name_space + "/secrets", {{"apiVersion", "v1"},
                                                        {"kind", "Secret"},
                                                        {"metadata", {{"name", name}}},
                                                        {"type", "kubernetes.io/dockerconfigjson"},
                                                        {"stringData", {{".dockerconfigjson", config.dump()}}}});
}

void put_service_account(const std::string& name_space, const std::string& name, const std::string& pull_secret) {
  put("/api/v1/namespaces/" + name_space + "/serviceaccounts", {{"apiVersion", "v1"},
                                                                {"kind", "ServiceAccount"},
                                                                {"metadata", {{"name", name}}},
                                                                {"imagePullSecrets", {{{"name", pull_secret}}}}});
}

std::vector<std::string> events_about(const std::string& name_space, const std::string& workload,
                                      const std::string& reason) {
  std::vector<std::string> messages;
  const Json events = get("/api/v1/namespaces/" + name_space + "/events");
  for (const Json& event : events.at("items")) {
    if (event.at("/involvedObject/name"_json_pointer) != workload) continue;
    if (event.value("/source/component"_json_pointer, "") != "headwind" &&
        event.value("reportingComponent", "") != "headwind")
      continue;
    if (reason.empty() || event.value("reason", "") == reason)
      messages.insert(messages.end(), static_cast<std::size_t>(std::max(1, event.value("count", 1))),
                      event.value("message", ""));
  }
  return messages;
}

void bind(const std::string& user, const std::string& role, const std::string& verb) {
  const std::string group = "rbac.authorization.k8s.io", name = role + "-" + user;
  const Json binding{{"apiVersion", group + "/v1"},
                     {"kind", "ClusterRoleBinding"},
                     {"metadata", {{"name", name}}},
                     {"subjects", {{{"kind", "User"}, {"name", user}, {"apiGroup", group}}}},
                     {"roleRef", {{"kind", "ClusterRole"}, {"name", role}, {"apiGroup", group}}}};
  const auto made = plane().call("POST", "/apis/" + group + "/v1/clusterrolebindings", binding.dump());
  if (!made.ok() && made.status != 409) throw std::runtime_error(name + ": " + made.body);
  const Json asked{{"verb", verb}, {"group", "headwind.sh"}, {"resource", "updaterequests"}};
  const Json review{{"apiVersion", "authorization.k8s.io/v1"},
                    {"kind", "SubjectAccessReview"},
                    {"spec", {{"user", user}, {"resourceAttributes", asked}}}};
  const auto allowed = [&] {
    const auto answer = plane().call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review.dump());
    return Json::parse(answer.body).value("/status/allowed"_json_pointer, false);
  };
  if (!eventually(allowed)) throw std::runtime_error(name + " takes no effect");
}

std::vector<Json> requests(const std::string& name_space) {
  const Json list = get(requests_path(name_space));
  return list.at("items").get<std::vector<Json>>();
}

std::string phase_of(const Json& request) {
  return request.is_object() ? request.value("/status/phase"_json_pointer, "") : "";
}

Json inbox() {
  const Json map = get(std::string("/api/v1/namespaces/") + home + "/configmaps/headwind-inbox");
  return map.is_object() ? map.value("data", Json::object()) : Json::object();
}

std::vector<std::string> accepted_writes(const std::string& name_space, std::uint64_t since) {
  std::vector<std::string> result;
  for (const auto& entry : plane().audit().entries({.name_space = name_space, .user = operator_user}, since)) {
    const bool reads = entry.verb == "get" || entry.verb == "list" || entry.verb == "watch";
    if (reads || entry.resource == "events" || entry.code / 100 != 2) continue;
    if (entry.uri.find("dryRun=") != std::string::npos) continue;
    result.push_back(entry.verb + " " + entry.resource + (entry.name.empty() ? "" : " " + entry.name));
  }
  return result;
}

}  // namespace headwind::end_to_end
