// SPDX-License-Identifier: Apache-2.0
#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

TEST_F(ApprovalTest, T63_history_is_newest_first_and_filtered_in_the_same_order) {
  approve();
  const json entries = body(get(kRollback))["entries"];
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0]["image"], "nginx:1.26.0");
  EXPECT_EQ(entries[0]["container"], "app");
  EXPECT_EQ(entries[0]["updateRequestName"], "web-app-1-26-0");
  EXPECT_FALSE(entries[0].contains("approvedBy"));
  EXPECT_EQ(entries[1]["image"], "nginx:1.25.0");
  EXPECT_EQ(body(get(std::string(kRollback) + "?container=app"))["entries"], entries);
  EXPECT_EQ(body(get(std::string(kRollback) + "?container=other"))["entries"], json::array());
  EXPECT_EQ(body(get(std::string(kRollback) + "/history")), entries);  // T65: what is documented
}

TEST_F(ApprovalTest, T63_a_missing_workload_is_404) {
  for (const char* path :
       {"/api/v1/rollback/prod/nope", "/api/v1/rollback/nowhere/web", "/api/v1/rollback/prod/web?kind=Nope",
        "/api/v1/rollback/prod/web?kind=StatefulSet", "/api/v1/rollback/prod/nope/history"}) {
    const auto response = get(path);
    EXPECT_EQ(response.status, 404U) << path;
    EXPECT_TRUE(body(response).contains("error")) << path;
  }
  EXPECT_EQ(call(post("/api/v1/rollback/prod/nope", R"({"container":"app"})")).status, 404U);
}

TEST_F(ApprovalTest, what_strangers_ask_for_is_never_interned) {
  get("/api/v1/rollback/a-namespace-nobody-has/web?kind=AKindNobodyHas");
  EXPECT_FALSE(Symbol::exists("a-namespace-nobody-has"));
  EXPECT_FALSE(Symbol::exists("AKindNobodyHas"));
}

TEST_F(ApprovalTest, T64_rollback_by_body) {
  approve();
  const auto response = call(post(kRollback, R"({"container":"app","user":"bob","reason":"slow"})"));
  EXPECT_EQ(response.status, 200U);
  const json answer = body(response);
  EXPECT_EQ(answer["message"], "Rollback successful");
  EXPECT_EQ(answer["deployment"], "web");
  EXPECT_EQ(answer["namespace"], "prod");
  EXPECT_EQ(answer["container"], "app");
  EXPECT_EQ(answer["image"], "nginx:1.25.0");
  EXPECT_EQ(answer["user"], "bob");
  EXPECT_EQ(answer["reason"], "slow");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(body(get(kOne))["status"]["phase"], "RolledBack");
}

TEST_F(ApprovalTest, T64_an_index_that_is_not_there_is_404_and_a_body_with_a_wrong_container_422) {
  approve();
  const auto response = call(post(kRollback, R"({"container":"app","index":9})"));
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(header(response, "Content-Type"), "application/json") << "as 0.1.x";
  EXPECT_EQ(sentence(response),
            "No history entry found at index 9: the history of Deployment prod/web, app has the indexes 0 to 1; choose "
            "one that kubectl headwind history shows");
  EXPECT_EQ(body(response)["deployment"], "web");
  EXPECT_EQ(body(response)["container"], "app");
  EXPECT_EQ(body(response)["index"], 9);
  for (const char* wrong :
       {"{}", R"({"index":1})", R"({"container":""})", R"({"container":1})", R"({"container":"app","index":-1})",
        R"({"container":"app","index":1.5})", R"({"container":"app","index":4294967296})"}) {
    EXPECT_EQ(call(post(kRollback, wrong)).status, 422U) << wrong;
  }
  EXPECT_EQ(call(post(kRollback, R"({"container":"app","index":9.0})")).status, 404U);  // 9.0 is whole
  EXPECT_EQ(call(request("POST", kRollback, "{}")).status, 415U);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(ApprovalTest, an_order_that_names_no_container_is_told_which_there_are) {
  store.deploy("Deployment", "two", {{"app", "redis:7.0"}, {"side", "busybox:1.0"}}, {{"policy", "minor"}});
  world.watch();
  for (const char* none : {"{}", R"({"container":null})", R"({"index":1})"}) {
    const auto response = call(post("/api/v1/rollback/prod/two", none));
    EXPECT_EQ(response.status, 422U) << none;
    EXPECT_EQ(sentence(response), "container: name one of Deployment prod/two: app, side.") << none;
  }
}

TEST_F(ApprovalTest, a_wrong_kind_is_told_as_one) {
  for (const auto& [kind, said] : {std::pair{"deploymnt", "did you mean Deployment?"},
                                   {"deployment", "did you mean Deployment?"},
                                   {"STATEFULSET", "did you mean StatefulSet?"},
                                   {"po", "there are "}})
    for (const std::string& path :
         {"/api/v1/history/prod/" + std::string(kind) + "/web", "/api/v1/explain/prod/" + std::string(kind) + "/web",
          "/api/v1/rollback/prod/web?kind=" + std::string(kind),
          "/api/v1/rollback/prod/web/history?kind=" + std::string(kind)}) {
      const auto response = get(path);
      EXPECT_EQ(response.status, 404U) << path;
      EXPECT_TRUE(sentence(response).starts_with("There is no kind '" + std::string(kind) + "' here: " + said))
          << path << " " << sentence(response);
    }
  const auto order = call(post("/api/v1/rollback/prod/web?kind=deploy", "{}"));
  EXPECT_EQ(order.status, 404U);
  EXPECT_TRUE(sentence(order).starts_with("There is no kind 'deploy' here: there are ")) << sentence(order);
  EXPECT_EQ(sentence(get("/api/v1/history/prod/Deployment/nope")),
            "Deployment not found, or it has no headwind.sh/policy: prod/nope");
}

TEST_F(ApprovalTest, a_misspelled_query_parameter_is_refused) {
  for (const char* path :
       {"/api/v1/updates?namespce=prod", "/api/v1/history/prod/Deployment/web?contaner=app",
        "/api/v1/explain/prod/Deployment/web?fmt=text", "/api/v1/rollouts?kind=x", "/api/v1/notifications?limt=1",
        "/api/v1/events?name=x", "/api/v1/rollback/prod/web/history?knd=x", "/api/v1/plugins?x=1",
        "/api/v1/loglevel?x=1", "/api/v1/updates/prod/web-app-1-26-0?fields=status", "/openapi.json?x=1"})
    EXPECT_EQ(get(path).status, 400U) << path;
  EXPECT_EQ(sentence(get("/api/v1/updates?namespce=prod")),
            "The query parameter namespce is unknown here; did you mean namespace?");
  EXPECT_EQ(get("/health?x=1").status, 200U) << "probes add what they like";
}

TEST_F(ApprovalTest, T65_the_documented_route_takes_an_empty_body) {
  approve();
  const auto response = call(request("POST", std::string(kRollback) + "/app"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(body(response)["user"], nullptr);
  EXPECT_EQ(body(response)["reason"], nullptr);
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(ApprovalTest, T67_rolling_back_to_a_bad_version_is_409) {
  approve();
  call(request("POST", std::string(kRollback) + "/app"));
  const auto response = call(post(std::string(kRollback) + "/app", R"({"index":1})"));  // nginx:1.26.0, now bad
  EXPECT_EQ(response.status, 409U);
  EXPECT_EQ(body(response)["container"], "app");
  EXPECT_EQ(body(response)["deployment"], "web");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(ApprovalTest, T68_a_container_that_is_not_there_is_404) {
  approve();
  const auto response = call(post(kRollback, R"({"container":"renamed"})"));
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(body(response)["index"], 1);
}

TEST_F(ApprovalTest, a_rollback_that_the_cluster_refuses_is_500_with_its_words) {
  approve();
  world.patch_error = make_error(Code::denied, "admission webhook says no.");
  const auto response = call(post(kRollback, R"({"container":"app"})"));
  EXPECT_EQ(response.status, 500U);
  EXPECT_TRUE(body(response)["error"].get<std::string>().starts_with("Rollback failed: ")) << response.body;
  EXPECT_NE(response.body.find("admission webhook says no."), std::string::npos);
}

TEST_F(ApprovalTest, other_kinds_are_named_in_the_query) {
  store.deploy("StatefulSet", "db", {{"app", "redis:7.0"}},
               {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
  world.watch();
  ASSERT_TRUE(world.push("docker.io/library/redis", "7.1"));
  const std::string path = "/api/v1/rollback/prod/db";
  EXPECT_EQ(get(path).status, 404U);
  EXPECT_EQ(body(get(path + "?kind=StatefulSet"))["entries"].size(), 2U);
  EXPECT_EQ(call(request("POST", path + "/app?kind=StatefulSet")).status, 200U);
  EXPECT_EQ(store.image("db", "app", "StatefulSet"), "redis:7.0");
}

}  // namespace
}  // namespace headwind::api
