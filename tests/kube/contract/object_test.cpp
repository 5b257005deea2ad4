// SPDX-License-Identifier: Apache-2.0
// Create, read, patch, delete: what each answers.
#include <nlohmann/json.hpp>

#include "kube/config_map.hpp"
#include "kube/events.hpp"
#include "kube/paths.hpp"
#include "kube/reviews.hpp"
#include "server_under_test.hpp"

namespace headwind::kube::test {
namespace {

using Json = nlohmann::json;
using std::string;
using ObjectContract = ContractTest;
HEADWIND_CONTRACT(ObjectContract);

Json deployment(const string& name_space, const string& image = "nginx:1.25.0") {
  const Json labels{{"app", "web"}};
  return {
      {"apiVersion", "apps/v1"},
      {"kind", "Deployment"},
      {"metadata", {{"name", "web"}, {"namespace", name_space}, {"annotations", {{"headwind.sh/policy", "minor"}}}}},
      {"spec",
       {{"replicas", 0},
        {"selector", {{"matchLabels", labels}}},
        {"template",
         {{"metadata", {{"labels", labels}}}, {"spec", {{"containers", {{{"name", "web"}, {"image", image}}}}}}}}}}};
}

TEST_P(ObjectContract, ConfigMapsAreCreatedPatchedByKeyAndDeleted) {
  const auto c = client();
  EXPECT_EQ(run(read_config_map(c, name_space(), "inbox")).error().code, Code::not_found);
  const auto made =
      run(create_config_map(c, {.name_space = name_space(), .name = "inbox", .data = {{"a", "1"}, {"b", "2"}}}));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(run(create_config_map(c, {.name_space = name_space(), .name = "inbox"})).error().code, Code::conflict);

  const auto patched =
      run(patch_config_map(c, name_space(), "inbox", {{"a", std::nullopt}, {"c", "3"}}, made->resource_version));
  ASSERT_TRUE(patched) << patched.error().message;
  EXPECT_EQ(patched->data, (TextMap{{"b", "2"}, {"c", "3"}}));
  const auto stale = run(patch_config_map(c, name_space(), "inbox", {{"d", "4"}}, made->resource_version));
  EXPECT_EQ(stale.error().code, Code::conflict) << stale.error().message;
  EXPECT_EQ(run(read_config_map(c, name_space(), "inbox"))->data, patched->data);
  EXPECT_EQ(run(patch_config_map(c, name_space(), "gone", {{"d", "4"}})).error().code, Code::not_found);

  const string path = object_path(kConfigMaps, name_space(), "inbox");
  const auto other = run(c->remove(path, R"({"preconditions":{"uid":"another"}})"));
  EXPECT_EQ(other.error().code, Code::conflict) << "a delete may insist on the uid";
  expect(c->remove(path, R"({"preconditions":{"uid":")" + made->uid + "\"}}"));
  EXPECT_EQ(run(c->remove(path)).error().code, Code::not_found);
}

TEST_P(ObjectContract, AStoreOfOurOwnIsMadeByItsFirstWrite) {
  const auto c = client();
  const auto first = run(keep_in_config_map(c, name_space(), "state", {{"a", "1"}, {"gone", std::nullopt}}));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->data, (TextMap{{"a", "1"}}));
  EXPECT_EQ(first->labels.at("app.kubernetes.io/managed-by"), "headwind");
  const auto second = run(keep_in_config_map(c, name_space(), "state", {{"a", std::nullopt}, {"b", "2"}}));
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->data, (TextMap{{"b", "2"}}));
}

TEST_P(ObjectContract, AJsonPatchWhoseTestFailsIsAConflictAndChangesNothing) {
  const auto c = client();
  expect(c->create(collection_path(kDeployments, name_space()), deployment(name_space()).dump()));
  const string path = object_path(kDeployments, name_space(), "web");
  const string image = "/spec/template/spec/containers/0/image";
  const auto patch = [&](const string& expected, const string& pointer) {
    return run(c->json_patch(path, Json::array({{{"op", "test"}, {"path", pointer}, {"value", expected}},
                                                {{"op", "replace"}, {"path", image}, {"value", "nginx:1.26.0"}}})
                                       .dump()));
  };
  EXPECT_EQ(patch("nginx:9", image).error().code, Code::conflict);
  EXPECT_EQ(patch("nginx:1.25.0", "/spec/template/spec/containers/3/image").error().code, Code::conflict);
  EXPECT_EQ(Json::parse(expect(c->get(path)))["metadata"]["generation"], 1);
  const auto done = patch("nginx:1.25.0", image);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(Json::parse(*done).at(Json::json_pointer(image)), "nginx:1.26.0");
  EXPECT_EQ(Json::parse(*done)["metadata"]["generation"], 2);
}

TEST_P(ObjectContract, ATestOfAnAbsentAnnotationAgainstNullHolds) {
  const auto c = client();
  expect(c->create(collection_path(kDeployments, name_space()), deployment(name_space()).dump()));
  const string pointer = "/metadata/annotations/headwind.sh~1update-history";
  const string patch = Json::array({{{"op", "test"}, {"path", pointer}, {"value", nullptr}},
                                    {{"op", "add"}, {"path", pointer}, {"value", "[]"}}})
                           .dump();
  const string path = object_path(kDeployments, name_space(), "web");
  expect(c->json_patch(path, patch));
  EXPECT_EQ(run(c->json_patch(path, patch)).error().code, Code::conflict) << "now it is there";
}

TEST_P(ObjectContract, AnObjectThatTheSchemaRefusesIsInvalid) {
  const auto c = client();
  expect(c->create(collection_path(kDeployments, name_space()), deployment(name_space()).dump()));
  const auto result =
      run(c->json_patch(object_path(kDeployments, name_space(), "web"),
                        R"([{"op":"replace","path":"/spec/template/spec/containers/0/name","value":""}])"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::invalid) << result.error().message;
}

TEST_P(ObjectContract, AMissingObjectAndAMissingKindAreNotFound) {
  const auto c = client();
  EXPECT_EQ(run(c->get(object_path(kDeployments, name_space(), "none"))).error().code, Code::not_found);
  EXPECT_EQ(run(c->get("/apis/none.example/v1/things")).error().code, Code::not_found);
}

TEST_P(ObjectContract, ABadTokenIsOurOwnTrouble) {
  EXPECT_EQ(run(client("nonsense")->get(collection_path(kDeployments, name_space()))).error().code, Code::unavailable);
}

TEST_P(ObjectContract, ATokenReviewSaysWhoItIs) {
  const auto c = client();
  const Person carol = server->carol();
  const auto identity = run(review_token(c, carol.token));
  ASSERT_TRUE(identity) << identity.error().message;
  EXPECT_TRUE(identity->authenticated);
  EXPECT_EQ(identity->user, "carol");
  EXPECT_EQ(identity->uid, "uid-carol");
  EXPECT_NE(std::find(identity->groups.begin(), identity->groups.end(), "team"), identity->groups.end());
  const auto nobody = run(review_token(c, "nonsense \xff"));
  ASSERT_TRUE(nobody) << nobody.error().message;
  EXPECT_FALSE(nobody->authenticated);
}

TEST_P(ObjectContract, AnAccessReviewCountsTheGroups) {
  const auto c = client();
  Identity carol = *run(review_token(c, server->carol().token));
  const AccessQuestion question{
      .verb = "approve", .group = "headwind.sh", .resource = "updaterequests", .name_space = name_space()};
  EXPECT_FALSE(run(review_access(c, carol, question))->allowed);
  server->allow_group("team", "approve");
  EXPECT_TRUE(run(review_access(c, carol, question))->allowed);
  Identity alone = carol;
  alone.groups.clear();
  EXPECT_FALSE(run(review_access(c, alone, question))->allowed) << "measured: allowed through a group alone";
}

TEST_P(ObjectContract, AnAccessReviewOfOurselvesIsOfTheCaller) {
  const AccessQuestion question{.verb = "delete", .group = "headwind.sh", .resource = "updaterequests"};
  EXPECT_TRUE(run(review_own_access(client(), question))->allowed);
  EXPECT_FALSE(run(review_own_access(client(server->carol().token), question))->allowed);
}

TEST_P(ObjectContract, EventsAreWrittenAndCounted) {
  const auto c = client();
  EventWriter events(executor(), c, metrics);
  const Involved web{"apps/v1", "Deployment", name_space(), "web", "0b8f2578-5315-4c87-a38a-575071ec2c5a"};
  for (int i = 0; i < 2; ++i) {
    events.record(web, true, "InvalidPolicy", "no such policy");
    run(events.flush(net::test::patience));
  }
  const Json list = Json::parse(expect(c->get(collection_path(kEvents, name_space()))));
  ASSERT_EQ(list["items"].size(), 1U);
  EXPECT_EQ(list["items"][0]["count"], 2);
  EXPECT_EQ(list["items"][0]["type"], "Warning");
  EXPECT_EQ(list["items"][0]["involvedObject"]["name"], "web");
  EXPECT_EQ(list["items"][0]["reason"], "InvalidPolicy");
}

}  // namespace
}  // namespace headwind::kube::test
