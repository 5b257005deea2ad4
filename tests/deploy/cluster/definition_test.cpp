// SPDX-License-Identifier: Apache-2.0
// What the definition of UpdateRequests says of approvals, on the real API server.
#include "approval_policy_cluster.hpp"

namespace headwind::deploy {
namespace {

class Definition : public PolicyCluster {
 protected:
  void SetUp() override {
    PolicyCluster::SetUp();
    if (IsSkipped()) return;
    ASSERT_TRUE(create("a").ok());
  }
  unsigned status_with(const Json& approvals) {
    return patch("a", "admin", {{"status", {{"approvals", approvals}}}}, "/status").status;
  }
};

TEST_F(Definition, the_number_of_approvals_is_bounded_and_never_lowered) {
  const Json made = Json::parse(plane().call("GET", std::string(kRequests) + "/a").body);
  EXPECT_EQ(made["spec"]["requiredApprovals"], 1);
  EXPECT_EQ(patch("a", "admin", {{"spec", {{"requiredApprovals", 2}}}}).status, 200U);
  for (const Json& wrong : std::vector<Json>{1, nullptr, 0, 11, "2"})
    EXPECT_EQ(patch("a", "admin", {{"spec", {{"requiredApprovals", wrong}}}}).status, 422U) << wrong;
}

TEST_F(Definition, an_approval_has_a_name_once_and_a_time) {
  const Json alice{{"by", "alice"}, {"at", "2026-01-02T03:04:05Z"}, {"comment", "c"}, {"digest", "d"}};
  EXPECT_EQ(status_with(Json::array({alice})), 200U);
  EXPECT_EQ(status_with(Json::array({alice, alice})), 422U) << "a person counts once";
  EXPECT_EQ(status_with(Json::array({{{"by", ""}, {"at", "2026-01-02T03:04:05Z"}}})), 422U);
  EXPECT_EQ(status_with(Json::array({{{"by", "bob"}}})), 422U);
  EXPECT_EQ(patch("a", "admin", {{"status", {{"approvals", nullptr}}}}, "/status").status, 200U);
}

}  // namespace
}  // namespace headwind::deploy
