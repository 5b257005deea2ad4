// SPDX-License-Identifier: Apache-2.0
// The rules of deploy/10-crd.yaml, each shown to refuse and to accept.
#include <nlohmann/json.hpp>

#include "kube/paths.hpp"
#include "server_under_test.hpp"

namespace headwind::kube::test {
namespace {

using Json = nlohmann::json;
using std::string;

const string kDigest = "sha256:" + string(64, 'a');

class RequestContract : public ContractTest {
 protected:
  Json request(const string& name, const Json& more = Json::object()) const {
    Json object{{"apiVersion", "headwind.sh/v1alpha1"},
                {"kind", "UpdateRequest"},
                {"metadata", {{"name", name}, {"namespace", name_space()}}},
                {"spec",
                 {{"targetRef",
                   {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "web"}, {"namespace", name_space()}}},
                  {"updateType", "image"},
                  {"currentImage", "nginx:1.25.0"},
                  {"newImage", "nginx:1.26.0"},
                  {"policy", "minor"}}}};
    object["spec"].update(more);
    return object;
  }
  Result<string> create(const Json& object) {
    return run(client()->create(collection_path(kUpdateRequests, name_space()), object.dump()));
  }
  Result<string> patch(const string& name, const Json& merge, const string& subresource = {}) {
    return run(client()->merge_patch(object_path(kUpdateRequests, name_space(), name, subresource), merge.dump()));
  }
  Result<string> patch_spec(const string& name, const Json& spec) { return patch(name, {{"spec", spec}}); }
};
HEADWIND_CONTRACT(RequestContract);

TEST_P(RequestContract, OneCreateAnswersWithPhasePendingAndTheDefaults) {
  Json object = request("a");
  object["status"] = {{"phase", "RolledBack"}};
  const auto made = create(object);
  ASSERT_TRUE(made) << made.error().message;
  const Json stored = Json::parse(*made);
  EXPECT_EQ(stored["status"], (Json{{"phase", "Pending"}})) << "the status subresource drops what a create says";
  EXPECT_EQ(stored["spec"]["requireApproval"], true);
  EXPECT_EQ(stored["spec"]["action"], "update");
}

TEST_P(RequestContract, StatusIsWrittenThroughItsSubresourceOnly) {
  ASSERT_TRUE(create(request("a")));
  const auto ignored = patch("a", {{"status", {{"phase", "Approved"}}}});
  ASSERT_TRUE(ignored);
  EXPECT_EQ(Json::parse(*ignored)["status"]["phase"], "Pending");
  const Json status{{"phase", "Approved"},
                    {"approvedBy", "carol"},
                    {"approvedAt", "2026-01-02T03:04:05Z"},
                    {"approvedGeneration", 1},
                    {"notedRevision", 4},
                    {"message", "by hand"},
                    {"lastUpdated", "2026-01-02T03:04:05Z"},
                    {"conditions",
                     {{{"type", "RolledOut"},
                       {"status", "Unknown"},
                       {"reason", "NotWatched"},
                       {"message", ""},
                       {"lastTransitionTime", "2026-01-02T03:04:05Z"}}}}};
  const auto written = patch("a", {{"status", status}, {"spec", {{"reason", "changed"}}}}, "status");
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(Json::parse(*written)["status"], status);
  EXPECT_FALSE(Json::parse(*written)["spec"].contains("reason")) << "a write of the status leaves the spec alone";
}

TEST_P(RequestContract, EveryPhaseIsKnownAndNoOther) {
  ASSERT_TRUE(create(request("a")));
  for (const char* phase :
       {"Approved", "Applying", "Completed", "Failed", "Rejected", "Expired", "Superseded", "RolledBack", "Pending"})
    EXPECT_TRUE(patch("a", {{"status", {{"phase", phase}}}}, "status")) << phase;
  const auto unknown = patch("a", {{"status", {{"phase", "Painted"}}}}, "status");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::invalid) << unknown.error().message;
}

TEST_P(RequestContract, WhatARequestIsAboutIsImmutable) {
  ASSERT_TRUE(create(request("a", {{"containerName", "web"}, {"digest", kDigest}, {"slot", "containers/web"}})));
  const std::pair<const char*, Json> changes[] = {{"targetRef", {{"name", "other"}}},
                                                  {"targetRef", {{"uid", "added"}}},
                                                  {"containerName", "other"},
                                                  {"containerName", nullptr},
                                                  {"currentImage", "nginx:1"},
                                                  {"newImage", "nginx:2"},
                                                  {"digest", "sha256:" + string(64, 'b')},
                                                  {"digest", nullptr},
                                                  {"slot", "containers/other"},
                                                  {"slot", nullptr}};
  for (const auto& [field, value] : changes) {
    const auto refused = patch_spec("a", {{field, value}});
    ASSERT_FALSE(refused) << field << " " << value;
    EXPECT_EQ(refused.error().code, Code::invalid) << refused.error().message;
    EXPECT_NE(refused.error().message.find(string("spec.") + field), string::npos) << refused.error().message;
  }
  EXPECT_TRUE(patch_spec("a", {{"reason", "said otherwise"}, {"expiresAt", "2027-01-01T00:00:00Z"}}));
}

TEST_P(RequestContract, AContainerNameCannotBeAddedLaterButADigestAndASlotCanOnce) {
  ASSERT_TRUE(create(request("a")));
  EXPECT_FALSE(patch_spec("a", {{"containerName", "web"}}));
  EXPECT_TRUE(patch_spec("a", {{"digest", kDigest}, {"slot", "containers/web"}}));
  EXPECT_FALSE(patch_spec("a", {{"digest", "sha256:" + string(64, 'b')}}));
}

TEST_P(RequestContract, ActionGoesFromUpdateToRollbackOnly) {
  ASSERT_TRUE(create(request("a")));
  EXPECT_FALSE(patch_spec("a", {{"action", "rollback"}})) << "without the image to go back to";
  const Json rollback{{"action", "rollback"},
                      {"rollback", {{"image", "nginx:1.25.0"}, {"reason", "bad"}, {"by", "carol"}}}};
  const auto turned = patch_spec("a", rollback);
  ASSERT_TRUE(turned) << turned.error().message;
  EXPECT_EQ(Json::parse(*turned)["spec"]["rollback"]["by"], "carol");
  EXPECT_FALSE(patch_spec("a", {{"action", "update"}}));
  EXPECT_FALSE(patch_spec("a", {{"rollback", nullptr}}));
  EXPECT_FALSE(patch_spec("a", {{"rollback", {{"image", "nginx:1.24.0"}}}})) << "where it goes back to stays";
  EXPECT_TRUE(create(request("b", rollback)));
  EXPECT_FALSE(create(request("c", {{"action", "paint"}})));
}

TEST_P(RequestContract, RequireApprovalIsNeverLowered) {
  ASSERT_TRUE(create(request("a")));
  EXPECT_FALSE(patch_spec("a", {{"requireApproval", false}}));
  ASSERT_TRUE(create(request("b", {{"requireApproval", false}})));
  EXPECT_TRUE(patch_spec("b", {{"requireApproval", true}}));
  EXPECT_FALSE(patch_spec("b", {{"requireApproval", false}}));
}

TEST_P(RequestContract, PolicyTakesTheNamesOfPluginsAndNoText) {
  int number = 0;
  for (const char* policy : {"none", "patch", "minor", "major", "all", "glob", "force", "python/My_Policy.v2", "lua/x"})
    EXPECT_TRUE(create(request("p-" + std::to_string(++number), {{"policy", policy}}))) << policy;
  for (const char* policy : {"", "Minor", "a b", "a/b/c", "/x", "x/", "-x"})
    EXPECT_FALSE(create(request("p-" + std::to_string(++number), {{"policy", policy}}))) << policy;
}

TEST_P(RequestContract, TheObjectsOfTheOldVersionAreTaken) {
  EXPECT_TRUE(create(request("deploy-web-1-26-0", {{"containerName", "web"},
                                                   {"requireApproval", true},
                                                   {"reason", "New version available"},
                                                   {"expiresAt", "2027-01-01T00:00:00Z"}})));
  EXPECT_TRUE(create(
      request("chart", {{"updateType", "helmChart"}, {"currentImage", "app:1.0.0"}, {"newImage", "app:1.1.0"}})));
  for (const char* field : {"targetRef", "updateType", "currentImage", "newImage", "policy"}) {
    Json object = request("missing");
    object["spec"].erase(field);
    EXPECT_FALSE(create(object)) << field;
  }
}

TEST_P(RequestContract, AStatusWriteUnderAnOldVersionIsAConflict) {
  const auto made = create(request("a"));
  ASSERT_TRUE(made);
  const string version = Json::parse(*made)["metadata"]["resourceVersion"];
  ASSERT_TRUE(patch_spec("a", {{"reason", "moved on"}}));
  const auto stale =
      patch("a", {{"metadata", {{"resourceVersion", version}}}, {"status", {{"phase", "Approved"}}}}, "status");
  EXPECT_EQ(stale.error().code, Code::conflict) << stale.error().message;
}

}  // namespace
}  // namespace headwind::kube::test
