// SPDX-License-Identifier: Apache-2.0
#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

TEST_F(ApprovalTest, the_history_of_any_kind_has_digests_and_traces) {
  store.push(kNginx, "1.26.0");
  update::Hint hint;
  hint.repository = kNginx, hint.tag = "1.26.0";
  hint.trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  std::vector<update::Hint> hints{hint};
  ASSERT_TRUE(world.run(world.engine->take(hints)));
  world.settle();
  ASSERT_EQ(call(post(std::string(kOne) + "/approve", R"({"approver":"a@x"})")).status, 200U);
  const json history = body(get("/api/v1/history/prod/Deployment/web"));
  EXPECT_EQ(history["namespace"], "prod");
  EXPECT_EQ(history["kind"], "Deployment");
  EXPECT_EQ(history["name"], "web");
  ASSERT_EQ(history["entries"].size(), 2U);
  EXPECT_EQ(history["entries"][0]["image"], "nginx:1.26.0");
  EXPECT_EQ(history["entries"][0]["approvedBy"], "a@x");
  EXPECT_EQ(history["entries"][0]["digest"], store.registry.at(std::string(kNginx) + ":1.26.0"));
  EXPECT_EQ(history["entries"][0]["trace"], hint.trace);
  EXPECT_EQ(history["entries"][1]["image"], "nginx:1.25.0");
  EXPECT_FALSE(history["entries"][1].contains("digest")) << "what is not known is not said";
  EXPECT_EQ(body(get("/api/v1/history/prod/Deployment/web?container=app"))["entries"], history["entries"]);
  EXPECT_EQ(body(get("/api/v1/history/prod/Deployment/web?container=other"))["entries"], json::array());
  EXPECT_EQ(body(get(kRollback))["entries"], history["entries"]);
}

TEST_F(ApprovalTest, the_history_of_what_is_not_there_is_a_problem) {
  for (const char* path : {"/api/v1/history/prod/Deployment/nope", "/api/v1/history/prod/StatefulSet/web",
                           "/api/v1/history/nowhere/Deployment/web"}) {
    const auto response = get(path);
    EXPECT_EQ(response.status, 404U) << path;
    EXPECT_EQ(header(response, "Content-Type"), "application/problem+json");
    EXPECT_NE(sentence(response).find("not found, or it has no headwind.sh/policy"), std::string::npos);
  }
  const auto no_kind = get("/api/v1/history/prod/AKindThatNobodyHas/web");
  EXPECT_EQ(no_kind.status, 404U);
  EXPECT_EQ(header(no_kind, "Content-Type"), "application/problem+json");
  EXPECT_FALSE(Symbol::exists("AKindThatNobodyHas"));
  EXPECT_EQ(get("/api/v1/history/prod/Deployment/web?container=%f").status, 400U);
}

}  // namespace
}  // namespace headwind::api
