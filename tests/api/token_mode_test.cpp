// SPDX-License-Identifier: Apache-2.0
// T61: the approval API behind TokenReview and SubjectAccessReview.
#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

class TokenMode : public ApprovalTest {
 protected:
  TokenMode() { handler = make_approval(*world.engine, token_gate); }
  net::ServerResponse as_alice(net::ServerRequest request) {
    request.headers.push_back({"Authorization", "Bearer alice-token"});
    return call(std::move(request));
  }
  const std::string kApprove = std::string(kOne) + "/approve";
};

TEST_F(TokenMode, T61_every_route_asks_for_its_verb) {
  propose();
  struct Row {
    net::ServerRequest request;
    Access access;
  };
  const std::string rollback = kRollback;
  const std::vector<Row> rows{
      {request("GET", "/api/v1/updates"), {"list", "", ""}},
      {request("GET", "/api/v1/updates?namespace=prod"), {"list", "prod", ""}},
      {request("GET", kOne), {"get", "prod", "web-app-1-26-0"}},
      {post(kApprove, "{}"), {"approve", "prod", "web-app-1-26-0"}},
      {post(std::string(kOne) + "/reject", "{}"), {"approve", "prod", "web-app-1-26-0"}},
      {request("POST", std::string(kOne) + "/release"), {"rollback", "prod", "web-app-1-26-0"}},
      {request("GET", rollback), {"get", "prod", ""}},
      {request("GET", rollback + "/history"), {"get", "prod", ""}},
      {post(rollback, R"({"container":"app"})"), {"rollback", "prod", ""}},
      {request("POST", rollback + "/app"), {"rollback", "prod", ""}},
      {request("GET", "/api/v1/history/prod/Deployment/web"), {"get", "prod", ""}},
      {request("GET", "/api/v1/notifications"), {"list", "", ""}},
      {request("GET", "/api/v1/events"), {"list", "", ""}},
      {request("GET", "/api/v1/plugins"), {"list", "", ""}},
      {request("GET", "/api/v1/loglevel"), {"list", "", ""}},
      {request("DELETE", "/api/v1/loglevel"), {"update", "", "", "loglevels"}},
      {request("GET", "/api/v1/events?namespace=prod"), {"list", "prod", ""}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(call(row.request).status, 401U) << row.request.path;
    auth.permissions.clear();
    auth.clock.now += Gate::kRememberedMs;
    const auto refused = as_alice(row.request);
    EXPECT_EQ(refused.status, 403U) << row.request.path;
    EXPECT_NE(refused.body.find("\\\"" + row.access.verb + "\\\""), std::string::npos) << refused.body;
    auth.permissions = {row.access};
    auth.clock.now += Gate::kRememberedMs;
    const unsigned status = as_alice(row.request).status;
    EXPECT_NE(status, 401U) << row.request.path;
    EXPECT_NE(status, 403U) << row.request.path;
  }
}

TEST_F(TokenMode, T61_the_approver_is_the_authenticated_identity) {
  propose();
  auth.permissions = {{"approve", "prod", "web-app-1-26-0"}};
  const auto response = as_alice(post(kApprove, R"({"approver":"the boss"})"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(body(response)["status"]["approvedBy"], "alice");
}

TEST_F(TokenMode, T61_rejection_and_rollback_carry_the_identity_too) {
  propose();
  auth.permissions = {{"approve", "prod", "web-app-1-26-0"}, {"rollback", "prod", ""}, {"get", "prod", ""}};
  EXPECT_EQ(as_alice(post(kApprove, "{}")).status, 200U);
  const auto rolled_back = as_alice(post(kRollback, R"({"container":"app","user":"the boss"})"));
  EXPECT_EQ(rolled_back.status, 200U);
  EXPECT_EQ(body(rolled_back)["user"], "alice");
  EXPECT_EQ(body(as_alice(request("GET", kRollback)))["entries"][0]["approvedBy"], "alice");
}

TEST_F(TokenMode, a_stranger_learns_nothing_about_bodies_or_objects) {
  propose();
  EXPECT_EQ(call(request("POST", kApprove, "{")).status, 401U);
  EXPECT_EQ(as_alice(request("POST", kApprove, "{")).status, 403U);
  EXPECT_EQ(as_alice(request("GET", "/api/v1/updates/prod/nope")).status, 403U);
}

TEST_F(TokenMode, health_and_the_document_are_open) {
  EXPECT_EQ(get("/health").body, "OK");
  EXPECT_EQ(get("/openapi.json").status, 200U);
}

}  // namespace
}  // namespace headwind::api
