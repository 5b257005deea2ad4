// SPDX-License-Identifier: Apache-2.0
// Who may approve, in auth.mode token: the API server says who somebody is and what they may do.
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

class Token : public EndToEnd {
 protected:
  static std::string token(const std::string& user) { return testbed::ControlPlane::token(user); }
  void SetUp() override {
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    bind("alice", "headwind-approver", "approve");
    bind("carol", "headwind-viewer", "get");
    OperatorSettings guarded = settings();
    guarded.auth = "token", guarded.token = token("alice");
    registry().push(repository(), "1.0.0");
    start(guarded);
    deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
    registry().push(repository(), "1.1.0");
    ASSERT_TRUE(request_for("web-app-1-1-0", "Pending").is_object());
  }
  const std::string updates = "/api/v1/updates";
  std::string one() const { return updates + "/" + space + "/web-app-1-1-0"; }
};

TEST_F(Token, T61_only_who_is_known_and_allowed_may_see_and_approve) {
  const Json someone{{"approver", "the-boss"}};
  EXPECT_EQ(headwind->api_as("", "GET", updates).status, 401u);
  EXPECT_EQ(headwind->api_as("", "POST", one() + "/approve", someone).status, 401u);
  EXPECT_EQ(headwind->api_as("not-a-token", "POST", one() + "/approve", someone).status, 401u);
  const Reply refused = headwind->api_as(token("bob"), "POST", one() + "/approve", someone);
  EXPECT_EQ(refused.status, 403u);
  EXPECT_THAT(refused.json().value("error", ""), testing::HasSubstr("headwind-approver"));
  EXPECT_EQ(headwind->api_as(token("bob"), "GET", one()).status, 403u);

  EXPECT_EQ(headwind->api_as(token("carol"), "GET", one()).status, 200u);
  EXPECT_EQ(headwind->api_as(token("carol"), "GET", updates).status, 200u);
  EXPECT_EQ(headwind->api_as(token("carol"), "POST", one() + "/approve", someone).status, 403u);
  EXPECT_EQ(
      headwind->api_as(token("carol"), "POST", "/api/v1/rollback/" + space + "/web", {{"container", "app"}}).status,
      403u);
  EXPECT_EQ(headwind->api_as("", "GET", "/api/v1/rollback/" + space + "/web").status, 401u);
  EXPECT_EQ(headwind->api_as(token("carol"), "POST", one() + "/reject", someone).status, 403u);
  EXPECT_EQ(image_of(workload()), image("1.0.0"));

  const Reply approved = headwind->api_as(token("alice"), "POST", one() + "/approve", someone);
  ASSERT_EQ(approved.status, 200u) << approved.body;
  EXPECT_EQ(approved.json()["status"]["approvedBy"], "alice") << "who asked, not who the body names";
  EXPECT_EQ(phase_of(approved.json()), "Completed");
  EXPECT_EQ(image_of(workload()), image("1.1.0"));
  const Reply back = headwind->api_as(token("alice"), "POST", "/api/v1/rollback/" + space + "/web",
                                      {{"container", "app"}, {"user", "the-boss"}});
  ASSERT_EQ(back.status, 200u) << back.body;
  EXPECT_EQ(back.json()["user"], "alice");
  EXPECT_EQ(history_of(workload())[0]["approvedBy"], "alice");
  EXPECT_THAT(headwind->log(), testing::Not(testing::HasSubstr(token("alice"))));
}

TEST_F(EndToEnd, T61_a_port_that_others_can_reach_asks_for_a_token_unless_told_otherwise) {
  OperatorSettings reachable = settings();  // as in a cluster, where it listens on all addresses
  reachable.auth = "auto";
  reachable.environment.emplace_back("HEADWIND_PORTS_API_ADDRESS=0.0.0.0");
  start(reachable);
  for (const char* path : {"/api/v1/updates", "/api/v1/rollback/ns/web"}) {
    EXPECT_EQ(headwind->api("GET", path).status, 401u) << path;
    EXPECT_EQ(headwind->api_as(testbed::ControlPlane::token("bob"), "GET", path).status, 403u) << path;
  }
}

TEST_F(EndToEnd, T61_mode_none_is_open_and_says_so_at_start) {
  start();
  EXPECT_EQ(headwind->api("GET", "/api/v1/updates").status, 200u);
  EXPECT_THAT(headwind->log(), testing::ContainsRegex(R"("level":"warn".*auth\.mode is none)"));
}

}  // namespace
}  // namespace headwind::end_to_end
