// SPDX-License-Identifier: Apache-2.0
// Faults, the request log, and the controllers that the fake plays.
#include "harness.hpp"

namespace headwind::fake {
namespace {

class Control : public ApiTest {
 protected:
  void SetUp() override { start(); }
  Json stored(const char* resource, const std::string& name) {
    return Json::parse(api_->get(resource, "default", name));
  }
  std::vector<Json> replica_sets() {
    std::vector<Json> out;
    for (const std::string& text : api_->list("replicasets")) out.push_back(Json::parse(text));
    return out;
  }
  Reply set_image(const std::string& image) {
    return call("PATCH", std::string(kDeployments) + "/web",
                R"({"spec":{"template":{"spec":{"containers":[{"name":"web","image":")" + image + R"("}]}}}})",
                kStrategicPatch);
  }
};

TEST_F(Control, faults_hit_the_verb_and_resource_asked_for_and_are_used_up) {
  api_->fail_next("create", "configmaps", 429, 2, 7);
  EXPECT_EQ(call("GET", kConfigMaps).status, 200U);
  const Reply slow = call("POST", kConfigMaps, config_map("a"));
  EXPECT_EQ(slow.status, 429U);
  EXPECT_EQ(net::find_header(slow.headers, "Retry-After"), "7");
  EXPECT_EQ(call("POST", kConfigMaps, config_map("a")).status, 429U);
  EXPECT_EQ(call("POST", kConfigMaps, config_map("a")).status, 201U);
}

TEST_F(Control, a_lost_answer_has_taken_effect) {
  api_->lose_answers("create", "*");
  EXPECT_EQ(call("POST", kConfigMaps, config_map("a")).status, 504U);
  EXPECT_NE(api_->get("configmaps", "default", "a"), "");
}

TEST_F(Control, the_log_tells_verb_resource_agent_and_status) {
  call("POST", kConfigMaps, config_map("a"));
  call("PATCH", std::string(kConfigMaps) + "/a", "{}", kMergePatch);
  call("GET", "/api/v1/configmaps");
  call("PATCH", std::string(kDeployments) + "/none/status", "{}", kMergePatch);
  EXPECT_EQ(api_->count("create", "configmaps"), 1U);
  EXPECT_EQ(api_->count("*", "configmaps"), 3U);
  EXPECT_EQ(api_->count("patch", "deployments/status"), 1U);
  EXPECT_EQ(api_->requests()[0].user_agent, "fake-test");
  EXPECT_EQ(api_->requests()[3].status, 404U);
  EXPECT_EQ(api_->requests()[3].name, "none");
  api_->clear_requests();
  EXPECT_EQ(api_->count("*", "*"), 0U);
}

TEST_F(Control, an_observer_may_change_the_object_between_a_read_and_a_write) {
  ASSERT_TRUE(api_->put(config_map("a")));
  const std::string version = text_at(stored("configmaps", "a"), {"metadata", "resourceVersion"});
  api_->on_request([&](const LoggedRequest& request) {
    if (request.verb == "patch") ASSERT_TRUE(api_->merge("configmaps", "default", "a", R"({"data":{"x":"y"}})"));
  });
  const Reply late = call("PATCH", std::string(kConfigMaps) + "/a",
                          R"({"metadata":{"resourceVersion":")" + version + R"("},"data":{"a":"c"}})", kMergePatch);
  EXPECT_EQ(late.status, 409U);
}

TEST_F(Control, put_makes_the_namespace_and_keeps_the_status) {
  ASSERT_TRUE(api_->put(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"far"},"status":{"phase":"Running"}})"));
  EXPECT_EQ(Json::parse(api_->get("pods", "far", "p"))["status"]["phase"], "Running");
  EXPECT_EQ(call("GET", "/api/v1/namespaces/far").status, 200U);
  EXPECT_FALSE(api_->put(R"({"apiVersion":"v1","kind":"Bogus","metadata":{"name":"p"}})"));
  EXPECT_FALSE(api_->put(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"p"}})"));
}

TEST_F(Control, a_deployment_gets_a_replica_set_per_template_and_a_finished_status) {
  ASSERT_EQ(call("POST", kDeployments, deployment("web", "nginx:1.25.0")).status, 201U);
  settle();
  ASSERT_EQ(replica_sets().size(), 1U);
  ASSERT_EQ(set_image("nginx:1.26.0").status, 200U);
  settle();
  ASSERT_EQ(replica_sets().size(), 2U);
  const Json web = stored("deployments", "web");
  EXPECT_EQ(text_at(web, {"metadata", "annotations", "deployment.kubernetes.io/revision"}), "2");
  EXPECT_EQ(web["status"]["observedGeneration"], web["metadata"]["generation"]);
  EXPECT_EQ(web["status"]["updatedReplicas"], 2);
  for (const Json& replica_set : replica_sets()) {
    EXPECT_EQ(replica_set["metadata"]["ownerReferences"][0]["uid"], web["metadata"]["uid"]);
    const bool current = replica_set["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:1.26.0";
    EXPECT_EQ(replica_set["spec"]["replicas"], current ? 2 : 0);
    EXPECT_EQ(text_at(replica_set, {"metadata", "annotations", "deployment.kubernetes.io/revision"}),
              current ? "2" : "1");
  }
}

TEST_F(Control, a_template_that_comes_back_takes_its_old_replica_set_to_the_newest_revision) {
  ASSERT_TRUE(api_->put(deployment("web", "nginx:1.25.0")));
  settle();
  set_image("nginx:1.26.0");
  settle();
  set_image("nginx:1.25.0");
  settle();
  const auto all = replica_sets();
  ASSERT_EQ(all.size(), 2U);
  for (const Json& replica_set : all) {
    const bool current = replica_set["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:1.25.0";
    EXPECT_EQ(text_at(replica_set, {"metadata", "annotations", "deployment.kubernetes.io/revision"}),
              current ? "3" : "2");
  }
}

TEST_F(Control, what_a_deleted_deployment_owned_goes_with_it) {
  ASSERT_TRUE(api_->put(deployment("web", "nginx:1.25.0")));
  settle();
  ASSERT_EQ(call("DELETE", std::string(kDeployments) + "/web").status, 200U);
  settle();
  EXPECT_TRUE(replica_sets().empty());
}

TEST_F(Control, the_controllers_come_to_rest) {
  ASSERT_TRUE(api_->put(deployment("web", "nginx:1.25.0")));
  settle();
  const std::uint64_t before = api_->resource_version();
  settle();
  EXPECT_EQ(api_->resource_version(), before);
}

}  // namespace
}  // namespace headwind::fake
