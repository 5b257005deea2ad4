// SPDX-License-Identifier: Apache-2.0
#include "fake/update_request.hpp"

#include <yaml-cpp/yaml.h>

#include <cstdlib>

#include "harness.hpp"

namespace headwind::fake {
namespace {

constexpr const char* kRequests = "/apis/headwind.sh/v1alpha1/namespaces/default/updaterequests";

std::string request(const std::string& name, const std::string& more = {}) {
  return R"({"apiVersion":"headwind.sh/v1alpha1","kind":"UpdateRequest","metadata":{"name":")" + name +
         R"("},"spec":{"targetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web","namespace":"default"},)"
         R"("updateType":"image","containerName":"web","currentImage":"a:1","newImage":"a:2","policy":"minor")" +
         more + R"(},"status":{"phase":"RolledBack"}})";
}

class UpdateRequestType : public ApiTest {
 protected:
  void SetUp() override { start(); }
  Reply patch(const std::string& body, const std::string& sub = {}) {
    return call("PATCH", std::string(kRequests) + "/a" + sub, body, kMergePatch);
  }
};

TEST_F(UpdateRequestType, a_create_drops_the_status_and_defaults_the_phase) {
  const Reply made = call("POST", kRequests, request("a"));
  ASSERT_EQ(made.status, 201U) << made.text;
  EXPECT_EQ(made.body["status"].dump(), R"({"phase":"Pending"})");
  EXPECT_EQ(made.body["spec"]["requireApproval"], true);
  EXPECT_EQ(made.body["spec"]["action"], "update");
  EXPECT_EQ(made.body["metadata"]["generation"], 1);
  const Reply nulls = call("POST", kRequests, request("b", R"(,"reason":null,"requireApproval":null)"));
  ASSERT_EQ(nulls.status, 201U) << nulls.text;
  EXPECT_FALSE(nulls.body["spec"].contains("reason"));
  EXPECT_EQ(nulls.body["spec"]["requireApproval"], true);
}

TEST_F(UpdateRequestType, status_and_spec_are_written_apart) {
  ASSERT_EQ(call("POST", kRequests, request("a")).status, 201U);
  const Reply status =
      patch(R"({"metadata":{"labels":{"x":"y"}},"spec":{"reason":"no"},"status":{"phase":"Approved"}})", "/status");
  ASSERT_EQ(status.status, 200U) << status.text;
  EXPECT_EQ(status.body["status"]["phase"], "Approved");
  EXPECT_FALSE(status.body["spec"].contains("reason"));
  EXPECT_FALSE(status.body["metadata"].contains("labels"));
  EXPECT_EQ(status.body["metadata"]["generation"], 1);
  const Reply spec = patch(R"({"spec":{"reason":"yes"},"status":{"phase":"Failed"}})");
  EXPECT_EQ(spec.body["status"]["phase"], "Approved");
  EXPECT_EQ(spec.body["spec"]["reason"], "yes");
  EXPECT_EQ(spec.body["metadata"]["generation"], 2);
}

TEST_F(UpdateRequestType, what_the_schema_refuses_is_422_with_causes) {
  const Reply refused = call("POST", kRequests,
                             R"({"apiVersion":"headwind.sh/v1alpha1","kind":"UpdateRequest","metadata":{"name":"b"},)"
                             R"("spec":{"updateType":"x","newImage":3,"policy":"MINOR!","expiresAt":"soon"}})");
  ASSERT_EQ(refused.status, 422U);
  std::vector<std::string> fields;
  for (const Json& cause : refused.body["details"]["causes"]) fields.push_back(cause["field"]);
  for (const char* field : {"spec.newImage", "spec.policy", "spec.updateType", "spec.expiresAt", "spec.targetRef",
                            "spec.currentImage", "<nil>"}) {
    EXPECT_NE(std::find(fields.begin(), fields.end(), field), fields.end()) << field;
  }
  ASSERT_EQ(call("POST", kRequests, request("a")).status, 201U);
  EXPECT_EQ(patch(R"({"status":{"phase":"Bogus"}})", "/status").status, 422U);
  EXPECT_EQ(patch(R"({"spec":{"newImage":null}})").status, 422U);
  EXPECT_EQ(patch(R"({"status":{"conditions":[{"type":"RolledOut"}]}})", "/status").status, 422U);
}

TEST_F(UpdateRequestType, what_identifies_a_request_cannot_change) {
  ASSERT_EQ(call("POST", kRequests, request("a")).status, 201U);
  for (const char* body : {R"({"spec":{"newImage":"a:3"}})", R"({"spec":{"currentImage":"a:0"}})",
                           R"({"spec":{"containerName":null}})", R"({"spec":{"targetRef":{"name":"other"}}})",
                           R"({"spec":{"requireApproval":false}})", R"({"spec":{"action":"rollback"}})"}) {
    const Reply refused = patch(body);
    EXPECT_EQ(refused.status, 422U) << body;
    EXPECT_EQ(refused.body["details"]["causes"][0]["field"], "spec") << body;
  }
  const std::string digest = "sha256:" + std::string(64, 'a');
  EXPECT_EQ(patch(R"({"spec":{"digest":")" + digest + R"("}})").status, 200U);
  EXPECT_EQ(patch(R"({"spec":{"digest":null}})").status, 422U);
  const Reply both = patch(R"({"spec":{"digest":"sha256:zz"}})");
  ASSERT_EQ(both.body["details"]["causes"].size(), 2U) << "a wrong pattern does not hide the rules";
  EXPECT_EQ(both.body["details"]["causes"][0]["field"], "spec.digest");
  EXPECT_EQ(patch(R"({"spec":{"action":"rollback","rollback":{"image":"a:1"}}})").status, 200U);
  EXPECT_EQ(patch(R"({"spec":{"action":"update"}})").status, 422U);
}

TEST_F(UpdateRequestType, the_number_of_approvals_is_bounded_and_never_lowered) {
  const Reply made = call("POST", kRequests, request("a"));
  ASSERT_EQ(made.status, 201U) << made.text;
  EXPECT_EQ(made.body["spec"]["requiredApprovals"], 1);
  EXPECT_EQ(patch(R"({"spec":{"requiredApprovals":2}})").status, 200U);
  for (const char* wrong : {"1", "null", "0", "11", "1.5", "\"2\""})
    EXPECT_EQ(patch(std::string(R"({"spec":{"requiredApprovals":)") + wrong + "}}").status, 422U) << wrong;
}

TEST_F(UpdateRequestType, an_approval_has_a_name_and_a_time) {
  ASSERT_EQ(call("POST", kRequests, request("a")).status, 201U);
  const auto approve = [&](const std::string& list) {
    return patch(R"({"status":{"approvals":)" + list + "}}", "/status").status;
  };
  EXPECT_EQ(approve(R"([{"by":"a","at":"2026-01-02T03:04:05Z","comment":"c","digest":"d"}])"), 200U);
  EXPECT_EQ(approve(R"([{"by":"","at":"2026-01-02T03:04:05Z"}])"), 422U);
  EXPECT_EQ(approve(R"([{"by":"a"}])"), 422U);
  EXPECT_EQ(approve(R"([{"at":"2026-01-02T03:04:05Z"}])"), 422U);
  std::string many;
  for (int i = 0; i < 11; ++i)
    many += (i > 0 ? "," : "") + (R"({"by":")" + std::to_string(i) + R"(","at":"2026-01-02T03:04:05Z"})");
  EXPECT_EQ(approve("[" + many + "]"), 422U);
}

TEST_F(UpdateRequestType, unknown_fields_are_dropped_with_a_warning_or_refused_when_strict) {
  const Reply dropped = call("POST", kRequests, request("a", R"(,"bogus":1)"));
  EXPECT_EQ(dropped.status, 201U);
  EXPECT_FALSE(dropped.body["spec"].contains("bogus"));
  EXPECT_EQ(net::find_header(dropped.headers, "Warning"), R"(299 - "unknown field \"spec.bogus\"")");
  const Reply strict =
      call("POST", std::string(kRequests) + "?fieldValidation=Strict&dryRun=All", request("b", R"(,"bogus":1)"));
  EXPECT_EQ(strict.status, 400U);
  EXPECT_NE(text_at(strict.body, {"message"}).find("strict decoding error: unknown field \"spec.bogus\""),
            std::string::npos);
}

TEST_F(UpdateRequestType, a_replacement_needs_the_resource_version_and_no_strategic_patch_is_spoken) {
  ASSERT_EQ(call("POST", kRequests, request("a")).status, 201U);
  const std::string path = std::string(kRequests) + "/a";
  EXPECT_EQ(call("PUT", path, request("a")).status, 422U);
  EXPECT_EQ(call("PATCH", path, "{}", kStrategicPatch).status, 415U);
  const Reply list = call("GET", kRequests);
  EXPECT_EQ(list.body["items"][0]["kind"], "UpdateRequest");
}

Json to_json(const YAML::Node& node) {
  if (node.IsMap()) {
    Json out = Json::object();
    for (const auto& pair : node) out[pair.first.as<std::string>()] = to_json(pair.second);
    return out;
  }
  if (node.IsSequence()) {
    Json out = Json::array();
    for (const auto& item : node) out.push_back(to_json(item));
    return out;
  }
  const auto text = node.as<std::string>();
  const bool quoted = node.Tag() == "!";
  Json plain;
  return !quoted && parse_json(text, plain) ? plain : Json(text);
}

// What the fake does not need to know.
void strip(Json& schema, bool names = false) {
  if (!schema.is_structured()) return;
  if (schema.is_object() && !names) {
    for (const char* key :
         {"description", "x-kubernetes-validations", "x-kubernetes-list-type", "x-kubernetes-list-map-keys"}) {
      schema.erase(key);
    }
  }
  for (auto member = schema.begin(); member != schema.end(); ++member) {
    strip(*member, schema.is_object() && !names && member.key() == "properties");
  }
}

TEST(UpdateRequestDefinition, is_that_of_the_manifest) {
  const char* source = std::getenv("HEADWIND_SOURCE");
  ASSERT_NE(source, nullptr) << "run it with ctest, or set HEADWIND_SOURCE";
  const YAML::Node file = YAML::LoadFile(std::string(source) + "/deploy/10-crd.yaml");
  Json schema = to_json(file["spec"]["versions"][0]["schema"]["openAPIV3Schema"]);
  std::vector<std::string> messages;
  for (const Json& rule : schema["properties"]["spec"]["x-kubernetes-validations"]) messages.push_back(rule["message"]);
  EXPECT_EQ(messages, update_request_rule_messages());
  strip(schema);
  EXPECT_EQ(schema.dump(1), update_request_schema().dump(1));
}

}  // namespace
}  // namespace headwind::fake
