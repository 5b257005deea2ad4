// SPDX-License-Identifier: Apache-2.0
#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

class Bulk : public ApprovalTest {
 protected:
  Bulk() {
    for (const char* name : {"api", "shop"})
      store.deploy("Deployment", name, {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
    world.watch();
    propose();
  }
  static json keys(const std::vector<std::string>& names) {
    json list = json::array();
    for (const std::string& name : names) list.push_back({{"namespace", "prod"}, {"name", name}});
    return list;
  }
  json answer(const std::string& verb, const json& order, const net::Headers& headers = {}) {
    const auto response = call(post("/api/v1/updates/" + verb, order.dump(), headers));
    EXPECT_EQ(response.status, 200U) << response.body;
    return body(response);
  }
};

TEST_F(Bulk, T110_one_that_fails_stops_none_of_the_others) {
  const json report = answer("approve", {{"updates", keys({"web-app-1-26-0", "nope", "shop-app-1-26-0"})},
                                         {"approver", "a@x"},
                                         {"comment", "all tested"}});
  EXPECT_EQ(report["success_count"], 2);
  EXPECT_EQ(report["failed_count"], 1);
  EXPECT_EQ(report["errors"], json::array({"prod/nope: HTTP 404 Not Found"}));
  ASSERT_EQ(report["results"].size(), 3U) << "in the order of the question";
  EXPECT_EQ(report["results"][0],
            json({{"namespace", "prod"}, {"name", "web-app-1-26-0"}, {"status", 200}, {"phase", "Completed"}}));
  EXPECT_EQ(report["results"][1]["status"], 404);
  EXPECT_EQ(report["results"][1]["error"], "UpdateRequest not found: prod/nope");
  EXPECT_EQ(report["results"][2]["name"], "shop-app-1-26-0");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(store.image("shop"), "nginx:1.26.0");
  EXPECT_EQ(store.image("api"), "nginx:1.25.0");
  EXPECT_EQ(store.request("web-app-1-26-0").approved_by, "a@x");
  EXPECT_EQ(store.request("web-app-1-26-0").approvals.at(0).comment, "all tested");
}

TEST_F(Bulk, many_are_rejected_with_one_reason) {
  const json report =
      answer("reject", {{"updates", keys({"web-app-1-26-0", "api-app-1-26-0"})}, {"approver", "a"}, {"reason", "r"}});
  EXPECT_EQ(report["success_count"], 2);
  EXPECT_EQ(report["errors"], json::array());
  EXPECT_EQ(report["results"][1]["phase"], "Rejected");
  EXPECT_EQ(store.request("api-app-1-26-0").message, "r");
}

TEST_F(Bulk, what_is_over_and_what_fails_is_told_of_each) {
  ASSERT_EQ(answer("reject", {{"updates", keys({"api-app-1-26-0"})}})["success_count"], 1);
  store.remove(update::testing::deployment("shop"));
  const json report = answer("approve", {{"updates", keys({"api-app-1-26-0", "shop-app-1-26-0"})}});
  EXPECT_EQ(report["failed_count"], 2);
  EXPECT_EQ(report["errors"][0], "prod/api-app-1-26-0: HTTP 409 Conflict");
  EXPECT_EQ(report["results"][0]["phase"], "Rejected");
  EXPECT_EQ(report["results"][1]["status"], 200) << "as for one alone: it was tried, and failed";
  EXPECT_EQ(report["results"][1]["phase"], "Failed");
  EXPECT_TRUE(report["results"][1]["error"].get<std::string>().starts_with("Update failed: "));
}

TEST_F(Bulk, bodies_of_another_shape_are_422) {
  for (const json& wrong : std::vector<json>{json::object(),
                                             {{"updates", 1}},
                                             {{"updates", {1}}},
                                             {{"updates", {{{"namespace", "prod"}}}}},
                                             {{"updates", {{{"namespace", ""}, {"name", "x"}}}}},
                                             {{"updates", json::array()}, {"approver", 1}}}) {
    const auto response = call(post("/api/v1/updates/approve", wrong.dump()));
    EXPECT_EQ(response.status, 422U) << wrong;
    EXPECT_NE(sentence(response), "");
  }
  EXPECT_EQ(call(request("POST", "/api/v1/updates/approve", "{}")).status, 415U);
  EXPECT_EQ(call(post("/api/v1/updates/approve", "{")).status, 400U);
  const auto too_many =
      call(post("/api/v1/updates/approve", json({{"updates", keys(std::vector<std::string>(201, "x"))}}).dump()));
  EXPECT_EQ(too_many.status, 422U);
  EXPECT_NE(sentence(too_many).find("200"), std::string::npos);
  EXPECT_EQ(answer("approve", {{"updates", json::array()}})["results"], json::array());
}

TEST_F(Bulk, each_is_permitted_by_itself) {
  handler = make_approval(*world.engine, token_gate);
  const net::Headers alice{{"Authorization", "Bearer alice-token"}};
  EXPECT_EQ(call(post("/api/v1/updates/approve", "{")).status, 401U) << "a stranger learns nothing about bodies";
  auth.permissions = {{"approve", "prod", "web-app-1-26-0"}};
  const json report = answer("approve", {{"updates", keys({"web-app-1-26-0", "shop-app-1-26-0"})}}, alice);
  EXPECT_EQ(report["success_count"], 1);
  EXPECT_EQ(report["errors"], json::array({"prod/shop-app-1-26-0: HTTP 403 Forbidden"}));
  EXPECT_NE(report["results"][1]["error"].get<std::string>().find("\"approve\""), std::string::npos);
  EXPECT_EQ(store.request("web-app-1-26-0").approved_by, "alice");
  EXPECT_EQ(store.image("shop"), "nginx:1.25.0");
}

TEST_F(Bulk, whoever_may_approve_a_whole_namespace_is_asked_about_once) {
  handler = make_approval(*world.engine, token_gate);
  auth.permissions = {{"approve", "prod", ""}};
  const json report = answer("approve", {{"updates", keys({"web-app-1-26-0", "shop-app-1-26-0", "api-app-1-26-0"})}},
                             {{"Authorization", "Bearer alice-token"}});
  EXPECT_EQ(report["success_count"], 3);
  EXPECT_EQ(auth.authorizations, 1);
}

}  // namespace
}  // namespace headwind::api
