// SPDX-License-Identifier: Apache-2.0
#include "api/auth.hpp"

#include <gtest/gtest.h>

#include "api/auth_world.hpp"
#include "api/run.hpp"

namespace headwind::api {
namespace {

class GateTest : public testing::Test {
 protected:
  Admission admit(const std::string& authorization, Access access = {"get", "prod", "web-1"}) {
    net::Headers headers;
    if (!authorization.empty()) headers.push_back({"Authorization", authorization});
    return run(gate.admit(headers, std::move(access)));
  }
  AuthWorld world;
  Gate gate{world, world, world.clock};
};

TEST_F(GateTest, without_ports_everybody_may_and_nobody_has_a_name) {
  Gate none;
  const Admission admission = run(none.admit({}, {"approve", "prod", "x"}));
  EXPECT_FALSE(admission.refusal);
  EXPECT_EQ(admission.identity.user, "");
}

TEST_F(GateTest, a_missing_a_malformed_and_a_wrong_token_are_401_in_one_sentence) {
  const auto body = [this](const std::string& authorization) {
    const auto refusal = admit(authorization).refusal.value();
    EXPECT_EQ(refusal.status, 401U);
    EXPECT_EQ(header(refusal, "WWW-Authenticate"), "Bearer");
    return sentence(refusal);
  };
  EXPECT_EQ(body(""), "Missing Authorization header");
  const std::string malformed = "Invalid Authorization header format. Expected: Bearer <token>";
  EXPECT_EQ(body("Basic eDp5"), malformed);
  EXPECT_EQ(body("Bearer"), malformed);
  EXPECT_EQ(body("Bearer a b"), malformed);
  EXPECT_EQ(body("Bearer " + std::string(20'000, 'x')), malformed);
  EXPECT_EQ(world.authentications, 0);
  EXPECT_EQ(body("Bearer wrong"), "Token validation failed: no such token.");
}

TEST_F(GateTest, a_token_that_came_through_the_API_server_counts_where_no_other_is_shown) {
  world.permissions = {{"get", "prod", "web-1"}};
  const net::Headers passed_on{{"Headwind-Authorization", "Bearer alice-token"}};
  EXPECT_EQ(run(gate.admit(passed_on, {"get", "prod", "web-1"})).identity.user, "alice");
  const net::Headers both{{"Headwind-Authorization", "Bearer alice-token"}, {"Authorization", "Bearer wrong"}};
  EXPECT_EQ(run(gate.admit(both, {"get", "prod", "web-1"})).refusal.value().status, 401U);
}

TEST_F(GateTest, the_authorizer_sees_the_whole_identity) {
  world.permissions = {{"get", "prod", "web-1"}};
  const Admission admission = admit("bearer alice-token");
  ASSERT_FALSE(admission.refusal);
  EXPECT_EQ(admission.identity.user, "alice");
  EXPECT_EQ(world.last_asked.uid, "uid-alice");
  EXPECT_EQ(world.last_asked.groups, std::vector<std::string>{"team"});
  EXPECT_EQ(world.last_asked.extra.at("scopes"), std::vector<std::string>{"all"});
}

TEST_F(GateTest, a_missing_permission_is_403_and_named) {
  EXPECT_EQ(
      sentence(*admit("Bearer alice-token", {"approve", "prod", "web-1"}).refusal),
      "User alice needs the verb \"approve\" on updaterequests.headwind.sh in namespace prod: bind a ClusterRole that "
      "grants it; of a default installation it is headwind-approver.");
  const auto refusal = admit("Bearer alice-token", {"list", "", ""}).refusal.value();
  EXPECT_EQ(refusal.status, 403U);
  EXPECT_NE(refusal.body.find("in all namespaces: bind a ClusterRole that grants it; of a "
                              "default installation it is headwind-viewer."),
            std::string::npos);
}

TEST_F(GateTest, who_calls_is_told_without_asking_for_a_right) {
  net::Headers headers{{"Authorization", "Bearer alice-token"}};
  const Admission admission = run(gate.recognise(headers));
  ASSERT_FALSE(admission.refusal);
  EXPECT_EQ(admission.identity.user, "alice");
  EXPECT_EQ(world.authorizations, 0);
  EXPECT_EQ(run(gate.recognise({})).refusal->status, 401U);
  Gate none;
  EXPECT_FALSE(run(none.recognise({})).refusal);
}

TEST_F(GateTest, answers_are_remembered_for_ten_seconds) {
  world.permissions = {{"get", "prod", "web-1"}};
  for (int round = 0; round < 3; ++round) EXPECT_FALSE(admit("Bearer alice-token").refusal);
  for (int round = 0; round < 3; ++round) EXPECT_TRUE(admit("Bearer wrong").refusal);
  EXPECT_EQ(world.authentications, 2);
  EXPECT_EQ(world.authorizations, 1);
  EXPECT_TRUE(admit("Bearer alice-token", {"get", "prod", "other"}).refusal);
  EXPECT_EQ(world.authentications, 2);
  EXPECT_EQ(world.authorizations, 2);

  world.permissions.clear();
  world.clock.now += 9'999;
  EXPECT_FALSE(admit("Bearer alice-token").refusal);
  world.clock.now += 1;
  EXPECT_EQ(admit("Bearer alice-token").refusal->status, 403U);
  EXPECT_EQ(world.authentications, 3);
}

TEST_F(GateTest, an_outage_is_503_and_not_remembered) {
  world.outage = true;
  const auto refusal = admit("Bearer alice-token").refusal.value();
  EXPECT_EQ(refusal.status, 503U);
  EXPECT_EQ(header(refusal, "Retry-After"), "1");
  world.outage = false;
  world.permissions = {{"get", "prod", "web-1"}};
  EXPECT_FALSE(admit("Bearer alice-token").refusal);
}

TEST_F(GateTest, a_flood_of_wrong_tokens_is_bounded_and_drops_the_oldest_first) {
  world.permissions = {{"get", "prod", "web-1"}};
  EXPECT_FALSE(admit("Bearer alice-token").refusal);
  for (std::size_t round = 0; round < Gate::kMostRemembered; ++round) {
    world.clock.now += 1;
    EXPECT_TRUE(admit("Bearer wrong" + std::to_string(round)).refusal);
  }
  const int before = world.authentications;
  EXPECT_FALSE(admit("Bearer alice-token").refusal);
  EXPECT_EQ(world.authentications, before + 1);
}

}  // namespace
}  // namespace headwind::api
