// SPDX-License-Identifier: Apache-2.0
// Users and objects that tests make again and again.
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/text.hpp"
#include "testbed/control_plane.hpp"

namespace headwind::testbed {
namespace {

using Json = nlohmann::json;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect(const Answer& answer, const std::string& what, std::initializer_list<unsigned> allowed = {}) {
  if (answer.ok()) return;
  for (const unsigned status : allowed)
    if (answer.status == status) return;
  throw std::runtime_error(what + ": HTTP " + std::to_string(answer.status) + " " + answer.body);
}

std::vector<std::string> documents_of(const std::string& yaml) {
  std::vector<std::string> result(1);
  for (const std::string_view line : split(yaml, '\n')) {
    if (line.starts_with("---")) {
      result.emplace_back();
    } else {
      result.back() += std::string(line) + "\n";
    }
  }
  return result;
}

std::string base_of(const std::string& api_version) {
  return (api_version.find('/') == std::string::npos ? "/api/" : "/apis/") + api_version;
}

// The question whose answer turns to "allowed" when the authorizer has seen a new role.
Json review_of(const std::string& subject, bool group, const Json& rule) {
  const auto first = [&rule](const char* key, const char* otherwise) {
    const std::string value = rule.value(key, Json::array()).empty() ? otherwise : rule[key][0].get<std::string>();
    return value == "*" ? std::string(otherwise) : value;
  };
  const std::string resource = first("resources", "pods");
  const std::size_t slash = resource.find('/');
  Json attributes{
      {"verb", first("verbs", "get")}, {"group", first("apiGroups", "")}, {"resource", resource.substr(0, slash)}};
  if (slash != std::string::npos) attributes["subresource"] = resource.substr(slash + 1);
  if (rule.contains("resourceNames")) attributes["name"] = rule["resourceNames"][0];
  Json spec{{"user", group ? "testbed-member" : subject}, {"resourceAttributes", attributes}};
  if (group) spec["groups"] = Json::array({subject});
  return {{"apiVersion", "authorization.k8s.io/v1"}, {"kind", "SubjectAccessReview"}, {"spec", std::move(spec)}};
}

}  // namespace

std::filesystem::path ControlPlane::kubeconfig(const std::string& user, const std::string& name_space) {
  const Json config{
      {"apiVersion", "v1"},
      {"kind", "Config"},
      {"current-context", "testbed"},
      {"contexts", {{{"name", "testbed"}, {"context", {{"cluster", "c"}, {"user", user}, {"namespace", name_space}}}}}},
      {"clusters",
       {{{"name", "c"},
         {"cluster",
          {{"server", url()}, {"certificate-authority", (directory_ / "certs" / "apiserver.crt").string()}}}}}},
      {"users", {{{"name", user}, {"user", {{"token", token(user)}}}}}}};
  const std::filesystem::path path = directory_ / ("kubeconfig-" + user + "-" + name_space + ".json");
  std::ofstream(path) << config.dump(2);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return path;
}

std::string ControlPlane::service_account_token(const std::string& name_space, const std::string& name, int seconds) {
  const std::string accounts = "/api/v1/namespaces/" + name_space + "/serviceaccounts";
  expect(call("POST", accounts,
              Json{{"apiVersion", "v1"}, {"kind", "ServiceAccount"}, {"metadata", {{"name", name}}}}.dump()),
         "service account", {409});
  const Answer answer = call("POST", accounts + "/" + name + "/token",
                             Json{{"apiVersion", "authentication.k8s.io/v1"},
                                  {"kind", "TokenRequest"},
                                  {"spec", {{"expirationSeconds", seconds}, {"audiences", Json::array()}}}}
                                 .dump());
  expect(answer, "token of " + name);
  return Json::parse(answer.body)["status"]["token"];
}

std::pair<std::string, std::string> ControlPlane::client_certificate(const std::string& user,
                                                                     const std::vector<std::string>& groups) {
  const std::string name = "client-" + std::to_string(++certificates_);
  std::string subject;
  for (const std::string& group : groups) subject += "/O=" + group;
  subject += "/CN=" + user;
  for (const std::vector<std::string>& command : std::initializer_list<std::vector<std::string>>{
           {"openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            name + ".key", "-out", name + ".csr", "-subj", subject},
           {"openssl", "x509", "-req", "-in", name + ".csr", "-CA", "client-ca.crt", "-CAkey", "client-ca.key",
            "-set_serial", std::to_string(1000 + certificates_), "-days", "30", "-out", name + ".crt"}})
    if (auto result = run(command, directory_); !result) throw std::runtime_error(result.error().message);
  return {read_file(directory_ / (name + ".crt")), read_file(directory_ / (name + ".key"))};
}

std::string ControlPlane::path_of(const std::string& api_version, const std::string& kind,
                                  const std::string& name_space, const std::string& name) {
  const Answer discovery = call("GET", base_of(api_version));
  expect(discovery, "discovery of " + api_version);
  const Json listed = Json::parse(discovery.body);
  for (const Json& resource : listed.at("resources")) {
    const std::string plural = resource.at("name");
    if (resource.at("kind") != kind || plural.find('/') != std::string::npos) continue;
    const std::string scope =
        resource.at("namespaced").get<bool>() ? "/namespaces/" + (name_space.empty() ? "default" : name_space) : "";
    return base_of(api_version) + scope + "/" + plural + "/" + name;
  }
  throw std::runtime_error("the server knows no " + kind + " in " + api_version);
}

void ControlPlane::apply(const std::filesystem::path& file) {
  for (const std::string& document : documents_of(read_file(file))) {
    const YAML::Node node = YAML::Load(document);
    if (!node.IsMap()) continue;  // comments only
    const auto kind = node["kind"].as<std::string>();
    const auto name = node["metadata"]["name"].as<std::string>();
    const std::string path =
        path_of(node["apiVersion"].as<std::string>(), kind, node["metadata"]["namespace"].as<std::string>(""), name);
    expect(call("PATCH", path + "?fieldManager=testbed&force=true", document, {}, "application/apply-patch+yaml"),
           file.string() + ": " + kind + " " + name);
    if (kind != "CustomResourceDefinition") continue;
    const std::string served = "/apis/" + node["spec"]["group"].as<std::string>() + "/" +
                               node["spec"]["versions"][0]["name"].as<std::string>() + "/" +
                               node["spec"]["names"]["plural"].as<std::string>() + "?limit=1";
    if (!wait_until(served, [](const Answer& answer) { return answer.ok(); }))
      throw std::runtime_error(file.string() + ": " + name + " is not served: " + call("GET", path).body);
  }
}

void ControlPlane::apply_crd() { apply(std::string(HEADWIND_TESTBED_SOURCE) + "/deploy/10-crd.yaml"); }

void ControlPlane::create_namespace(const std::string& name) {
  const Json body{{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}};
  expect(call("POST", "/api/v1/namespaces", body.dump()), "namespace " + name, {409});
}

void ControlPlane::create_deployments(const Deployments& what) {
  std::vector<Call> calls;
  for (std::size_t i = 0; i < what.count; ++i) {
    const std::string name = what.prefix + "-" + std::to_string(i);
    Json pod{{"containers", {{{"name", what.container}, {"image", what.image}}}}};
    // There is no scheduler: the template names the node itself.
    if (options_.nodes) pod["nodeName"] = "node-0";
    Json object{{"apiVersion", "apps/v1"},
                {"kind", "Deployment"},
                {"metadata", {{"name", name}, {"namespace", what.name_space}, {"annotations", Json::object()}}},
                {"spec",
                 {{"replicas", what.replicas},
                  {"selector", {{"matchLabels", {{"app", name}}}}},
                  {"template", {{"metadata", {{"labels", {{"app", name}}}}}, {"spec", std::move(pod)}}}}}};
    for (const auto& [key, value] : what.annotations) object["metadata"]["annotations"][key] = value;
    std::string body = object.dump();
    if (what.adjust) body = what.adjust(i, std::move(body));
    calls.push_back({"POST", "/apis/apps/v1/namespaces/" + what.name_space + "/deployments", std::move(body)});
  }
  call_all(std::move(calls));
}

void ControlPlane::grant(const std::string& subject, const std::string& rules, SubjectKind kind) {
  const bool group = kind == SubjectKind::group;
  const std::string rbac = "/apis/rbac.authorization.k8s.io/v1/";
  const Json role{{"apiVersion", "rbac.authorization.k8s.io/v1"},
                  {"kind", "ClusterRole"},
                  {"metadata", {{"generateName", "testbed-"}}},
                  {"rules", Json::parse(rules)}};
  const Answer made = call("POST", rbac + "clusterroles", role.dump());
  expect(made, "role for " + subject);
  const std::string name = Json::parse(made.body)["metadata"]["name"];
  const Json binding{
      {"apiVersion", "rbac.authorization.k8s.io/v1"},
      {"kind", "ClusterRoleBinding"},
      {"metadata", {{"name", name}}},
      {"subjects",
       {{{"kind", group ? "Group" : "User"}, {"name", subject}, {"apiGroup", "rbac.authorization.k8s.io"}}}},
      {"roleRef", {{"kind", "ClusterRole"}, {"name", name}, {"apiGroup", "rbac.authorization.k8s.io"}}}};
  expect(call("POST", rbac + "clusterrolebindings", binding.dump()), "binding for " + subject);
  if (!role["rules"][0].contains("resources")) return;
  const std::string question = review_of(subject, group, role["rules"][0]).dump();
  const bool seen = wait_until("/readyz", [&](const Answer&) {
    const Answer answer = call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", question);
    return answer.ok() && Json::parse(answer.body)["status"].value("allowed", false);
  });
  if (!seen) throw std::runtime_error("the role for " + subject + " takes no effect");
}

}  // namespace headwind::testbed
