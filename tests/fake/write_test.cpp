// SPDX-License-Identifier: Apache-2.0
#include "harness.hpp"

namespace headwind::fake {
namespace {

class Write : public ApiTest {
 protected:
  void SetUp() override {
    ApiServerOptions options;
    options.roll_out = false;
    start(options);
  }
};

TEST_F(Write, create_fills_in_metadata_and_defaults) {
  const Reply made = call("POST", kDeployments, deployment("web", "nginx:1.25.0"));
  ASSERT_EQ(made.status, 201U) << made.text;
  const Json& metadata = made.body["metadata"];
  EXPECT_EQ(metadata["namespace"], "default");
  EXPECT_EQ(metadata["generation"], 1);
  EXPECT_EQ(text_at(metadata, {"uid"}).size(), 36U);
  EXPECT_EQ(text_at(metadata, {"creationTimestamp"}).size(), 20U);
  EXPECT_EQ(text_at(metadata, {"resourceVersion"}), std::to_string(api_->resource_version()));
  EXPECT_EQ(made.body["spec"]["strategy"]["type"], "RollingUpdate");
  EXPECT_EQ(made.body["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"], "IfNotPresent");
  EXPECT_EQ(made.body["status"], Json::object());
}

TEST_F(Write, create_refuses_what_is_there_or_has_no_namespace_or_names_another) {
  ASSERT_EQ(call("POST", kConfigMaps, config_map("a")).status, 201U);
  const Reply twice = call("POST", kConfigMaps, config_map("a"));
  EXPECT_EQ(twice.status, 409U);
  EXPECT_EQ(twice.body["reason"], "AlreadyExists");
  EXPECT_EQ(twice.body["message"], "configmaps \"a\" already exists");
  const Reply nowhere = call("POST", "/api/v1/namespaces/nope/configmaps", config_map("a"));
  EXPECT_EQ(nowhere.status, 404U);
  EXPECT_EQ(nowhere.body["message"], "namespaces \"nope\" not found");
  const Reply other = call("POST", kConfigMaps, R"({"metadata":{"name":"b","namespace":"other"}})");
  EXPECT_EQ(other.status, 400U);
  EXPECT_EQ(call("POST", kConfigMaps, R"({"metadata":{"name":"b","resourceVersion":"7"}})").status, 500U);
  EXPECT_EQ(call("POST", kConfigMaps, R"({"metadata":)").status, 400U);
  EXPECT_EQ(call("POST", kConfigMaps, R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"b"}})").status, 400U);
}

TEST_F(Write, generate_name_makes_a_name_and_dry_run_stores_nothing) {
  const Reply made = call("POST", kConfigMaps, R"({"metadata":{"generateName":"x-"}})");
  ASSERT_EQ(made.status, 201U);
  EXPECT_EQ(text_at(made.body, {"metadata", "name"}).size(), 7U);
  const std::uint64_t before = api_->resource_version();
  const Reply tried = call("POST", std::string(kConfigMaps) + "?dryRun=All", config_map("tried"));
  EXPECT_EQ(tried.status, 201U);
  EXPECT_FALSE(tried.body["metadata"].contains("resourceVersion"));
  EXPECT_EQ(api_->resource_version(), before);
  EXPECT_EQ(api_->get("configmaps", "default", "tried"), "");
  EXPECT_EQ(call("POST", std::string(kConfigMaps) + "?dryRun=Some", config_map("tried")).status, 422U);
}

TEST_F(Write, an_invalid_workload_is_422_with_a_cause_per_field) {
  const Reply refused = call("POST", kDeployments, R"({"metadata":{"name":"a"},"spec":{}})");
  ASSERT_EQ(refused.status, 422U);
  EXPECT_EQ(refused.body["message"],
            "Deployment.apps \"a\" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid "
            "value: null: `selector` does not match template `labels`, spec.template.spec.containers: Required value]");
  EXPECT_EQ(refused.body["details"]["causes"][2]["field"], "spec.template.spec.containers");
  const Reply name = call("POST", kConfigMaps, R"({"metadata":{"name":"A_b"}})");
  EXPECT_EQ(name.status, 422U);
  EXPECT_EQ(name.body["details"]["causes"][0]["field"], "metadata.name");
}

TEST_F(Write, generation_moves_with_spec_and_annotations_of_a_deployment_but_not_with_its_status) {
  ASSERT_EQ(call("POST", kDeployments, deployment("web", "nginx:1.25.0")).status, 201U);
  const std::string web = std::string(kDeployments) + "/web";
  EXPECT_EQ(call("PATCH", web, R"({"spec":{"replicas":3}})", kMergePatch).body["metadata"]["generation"], 2);
  EXPECT_EQ(call("PATCH", web, R"({"metadata":{"annotations":{"a":"b"}}})", kMergePatch).body["metadata"]["generation"],
            3);
  EXPECT_EQ(call("PATCH", web, R"({"metadata":{"labels":{"a":"b"}}})", kMergePatch).body["metadata"]["generation"], 3);
  const Reply status =
      call("PATCH", web + "/status", R"({"spec":{"replicas":9},"status":{"replicas":3}})", kMergePatch);
  EXPECT_EQ(status.body["metadata"]["generation"], 3);
  EXPECT_EQ(status.body["spec"]["replicas"], 3);
  EXPECT_EQ(status.body["status"]["replicas"], 3);
  const Reply plain = call("PATCH", web, R"({"status":{"replicas":7}})", kMergePatch);
  EXPECT_EQ(plain.body["status"]["replicas"], 3);
}

TEST_F(Write, a_write_that_changes_nothing_makes_no_revision) {
  const Reply made = call("POST", kConfigMaps, config_map("a"));
  const Reply same = call("PATCH", std::string(kConfigMaps) + "/a", R"({"data":{"a":"b"}})", kMergePatch);
  EXPECT_EQ(same.status, 200U);
  EXPECT_EQ(same.body["metadata"]["resourceVersion"], made.body["metadata"]["resourceVersion"]);
}

TEST_F(Write, a_stale_resource_version_is_a_conflict) {
  ASSERT_EQ(call("POST", kConfigMaps, config_map("a")).status, 201U);
  const std::string path = std::string(kConfigMaps) + "/a";
  const Reply patched = call("PATCH", path, R"({"metadata":{"resourceVersion":"1"},"data":{"a":"c"}})", kMergePatch);
  EXPECT_EQ(patched.status, 409U);
  EXPECT_EQ(patched.body["reason"], "Conflict");
  EXPECT_EQ(patched.body["details"]["kind"], "configmaps");
  EXPECT_EQ(call("PUT", path, R"({"metadata":{"name":"a","resourceVersion":"1"}})").status, 409U);
  EXPECT_EQ(call("PUT", path, R"({"metadata":{"name":"a"},"data":{"z":"z"}})").body["data"].dump(), R"({"z":"z"})");
  EXPECT_EQ(call("PUT", path, R"({"metadata":{"name":"b"}})").status, 400U);
  EXPECT_EQ(call("PATCH", path, R"({"metadata":{"uid":"zz"}})", kMergePatch).status, 422U);
}

TEST_F(Write, a_json_patch_guards_name_image_and_uid) {
  const Reply made = call("POST", kDeployments, deployment("web", "nginx:1.25.0"));
  const std::string web = std::string(kDeployments) + "/web";
  const std::string uid = text_at(made.body, {"metadata", "uid"});
  const auto patch = [&](const std::string& id, const std::string& image) {
    return call("PATCH", web,
                R"([{"op":"test","path":"/metadata/uid","value":")" + id +
                    R"("},{"op":"test","path":"/spec/template/spec/containers/0/name","value":"web"},)"
                    R"({"op":"test","path":"/spec/template/spec/containers/0/image","value":")" +
                    image +
                    R"("},{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"nginx:1.25.1"}])",
                kJsonPatch);
  };
  EXPECT_EQ(patch("other", "nginx:1.25.0").status, 422U);
  const Reply applied = patch(uid, "nginx:1.25.0");
  EXPECT_EQ(applied.status, 200U);
  EXPECT_EQ(applied.body["spec"]["template"]["spec"]["containers"][0]["image"], "nginx:1.25.1");
  const Reply again = patch(uid, "nginx:1.25.0");
  EXPECT_EQ(again.status, 422U);
  EXPECT_EQ(again.body["reason"], "Invalid");
  EXPECT_FALSE(again.body["details"].contains("causes"));
  EXPECT_EQ(call("PATCH", web, "{}", "text/plain").status, 415U);
  EXPECT_EQ(call("PATCH", web, "[{", kJsonPatch).status, 400U);
}

TEST_F(Write, a_strategic_patch_merges_containers_by_name) {
  ASSERT_EQ(call("POST", kDeployments, deployment("web", "nginx:1.25.0")).status, 201U);
  const Reply patched = call("PATCH", std::string(kDeployments) + "/web",
                             R"({"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"web"}],)"
                             R"("containers":[{"name":"web","image":"nginx:1.26.0"}]}}}})",
                             kStrategicPatch);
  ASSERT_EQ(patched.status, 200U) << patched.text;
  const Json& containers = patched.body["spec"]["template"]["spec"]["containers"];
  ASSERT_EQ(containers.size(), 1U);
  EXPECT_EQ(containers[0]["image"], "nginx:1.26.0");
  EXPECT_EQ(containers[0]["terminationMessagePolicy"], "File");
  const auto names_after = [&](const std::string& pod) {
    const Reply reply = call("PATCH", std::string(kDeployments) + "/web",
                             R"({"spec":{"template":{"spec":)" + pod + "}}}", kStrategicPatch);
    std::string names;
    for (const Json& container : reply.body["spec"]["template"]["spec"]["containers"]) {
      names += text_at(container, {"name"}) + " ";
    }
    return names;
  };
  EXPECT_EQ(names_after(R"({"containers":[{"name":"new","image":"n:1"}]})"), "new web ");
  EXPECT_EQ(names_after(R"({"$setElementOrder/containers":[{"name":"web"},{"name":"new"},{"name":"log"}],)"
                        R"("containers":[{"name":"log","image":"l:1"}]})"),
            "web new log ");
  EXPECT_EQ(names_after(R"({"containers":[{"name":"new","$patch":"delete"}]})"), "web log ");
}

TEST_F(Write, delete_honours_preconditions_and_finalizers) {
  const Reply made = call("POST", kConfigMaps, R"({"metadata":{"name":"a","finalizers":["x/y"]}})");
  const std::string path = std::string(kConfigMaps) + "/a";
  const Reply refused = call("DELETE", path, R"({"preconditions":{"uid":"abc"}})");
  EXPECT_EQ(refused.status, 409U);
  EXPECT_EQ(refused.body["reason"], "Conflict");
  const Reply going = call("DELETE", path);
  EXPECT_EQ(going.status, 200U);
  EXPECT_TRUE(going.body["metadata"].contains("deletionTimestamp"));
  EXPECT_EQ(call("GET", path).status, 200U);
  EXPECT_EQ(call("PATCH", path, R"({"metadata":{"finalizers":null}})", kMergePatch).status, 200U);
  EXPECT_EQ(call("GET", path).status, 404U);
  const Reply gone = call("DELETE", path);
  EXPECT_EQ(gone.status, 404U);
  EXPECT_EQ(gone.body["details"]["kind"], "configmaps");
  ASSERT_EQ(call("POST", kConfigMaps, config_map("b")).status, 201U);
  const Reply done = call("DELETE", std::string(kConfigMaps) + "/b");
  EXPECT_EQ(done.body["status"], "Success");
  EXPECT_EQ(done.body["details"]["name"], "b");
}

TEST_F(Write, string_data_of_a_secret_becomes_data) {
  const Reply made =
      call("POST", "/api/v1/namespaces/default/secrets", R"({"metadata":{"name":"s"},"stringData":{"k":"abc"}})");
  ASSERT_EQ(made.status, 201U);
  EXPECT_EQ(made.body["data"]["k"], "YWJj");
  EXPECT_FALSE(made.body.contains("stringData"));
}

}  // namespace
}  // namespace headwind::fake
