// SPDX-License-Identifier: Apache-2.0
#include "approval_policy_cluster.hpp"

#include <cstdlib>
#include <stdexcept>

namespace headwind::deploy {
namespace {

std::string rules(std::initializer_list<std::string> verbs, const std::string& resource = "updaterequests") {
  return Json::array({{{"apiGroups", {"headwind.sh"}}, {"resources", {resource}}, {"verbs", verbs}}}).dump();
}

testbed::ControlPlane& prepare(testbed::ControlPlane& plane) {
  plane.apply_crd();
  for (const char* who : {"alice", "bob"}) plane.grant(who, rules({"get", "approve", "patch"}));
  plane.grant("carol", rules({"get", "patch", "create"}));
  plane.grant("dora", rules({"get", "patch", "update"}));
  plane.grant("operator", rules({"create", "patch"}));
  plane.grant("operator", rules({"patch"}, "updaterequests/status"));
  return plane;
}

}  // namespace

testbed::ControlPlane& PolicyCluster::plane() {
  static testbed::ControlPlane& prepared = prepare(testbed::shared(
      {.users = {{"alice", {}}, {"bob", {}}, {"carol", {}}, {"dora", {}}, {"operator", {}}, {"eve", {}}}}));
  return prepared;
}

std::string PolicyCluster::source() {
  const char* root = std::getenv("HEADWIND_SOURCE");
  if (root == nullptr) throw std::runtime_error("HEADWIND_SOURCE is not set: run this by ctest");
  return root;
}

void PolicyCluster::SetUp() {
  HEADWIND_NEEDS_CONTROL_PLANE();
  plane().call("DELETE", kRequests);
}

void PolicyCluster::remove_policy() {
  for (const char* collection : {kPolicies, kBindings}) plane().call("DELETE", std::string(collection) + kName);
}

void PolicyCluster::make_policy() {
  remove_policy();
  plane().apply(source() + "/deploy/15-approval-policy.yaml");
  create("probe");
  for (int tries = 0; tries < 600; ++tries) {
    if (annotate("probe?dryRun=All", "admin", {{"headwind.sh/approve", "nobody"}}).status == 403) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  FAIL() << "the server does not enforce the policy";
}

testbed::Answer PolicyCluster::create(const std::string& name, const std::string& who, const Json& metadata) {
  Json object{
      {"apiVersion", "headwind.sh/v1alpha1"},
      {"kind", "UpdateRequest"},
      {"metadata", {{"name", name}}},
      {"spec",
       {{"targetRef", {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "web"}, {"namespace", "default"}}},
        {"updateType", "image"},
        {"currentImage", "nginx:1.25.0"},
        {"newImage", "nginx:1.26.0"},
        {"policy", "minor"}}}};
  if (metadata.is_object()) object["metadata"].update(metadata);
  return plane().call("POST", kRequests, object.dump(), testbed::ControlPlane::token(who));
}

testbed::Answer PolicyCluster::patch(const std::string& name, const std::string& who, const Json& merge,
                                     const std::string& subresource) {
  return plane().call("PATCH", std::string(kRequests) + "/" + name + subresource, merge.dump(),
                      testbed::ControlPlane::token(who));
}

testbed::Answer PolicyCluster::annotate(const std::string& name, const std::string& who, const Json& annotations) {
  return patch(name, who, {{"metadata", {{"annotations", annotations}}}});
}

std::string PolicyCluster::annotation(const std::string& name, const std::string& key) {
  const Json object = Json::parse(plane().call("GET", std::string(kRequests) + "/" + name).body);
  return object["metadata"].value("annotations", Json::object()).value("headwind.sh/" + key, "");
}

}  // namespace headwind::deploy
