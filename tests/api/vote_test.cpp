// SPDX-License-Identifier: Apache-2.0
// Approvals of more than one person over the API.
#include "api/approval_world.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

class Votes : public ApprovalTest {
 protected:
  Votes() {
    store.edit(update::testing::deployment("web"),
               [](json& object) { object["metadata"]["annotations"]["headwind.sh/approvals"] = "2"; });
    world.watch();
    auth.permissions = {{"approve", "prod", "web-app-1-26-0"}, {"get", "prod", "web-app-1-26-0"}};
  }
  net::ServerResponse approve_as(const std::string& user, const std::string& said) {
    handler = make_approval(*world.engine, token_gate);
    return call(post(kApprove, said, {{"Authorization", "Bearer " + user + "-token"}}));
  }
  const std::string kApprove = std::string(kOne) + "/approve";
};

TEST_F(Votes, the_first_is_200_and_says_how_many_it_waits_for) {
  propose();
  const auto first = approve_as("alice", R"({"comment":"tested"})");
  EXPECT_EQ(first.status, 200U);
  EXPECT_EQ(header(first, "Headwind-Result"), "pending");
  const json status = body(first)["status"];
  EXPECT_EQ(status["phase"], "Pending");
  EXPECT_EQ(status["message"], "1 of 2 approvals; waits for 1 more");
  EXPECT_EQ(status["approvals"][0]["by"], "alice");
  EXPECT_EQ(status["approvals"][0]["comment"], "tested");
  EXPECT_EQ(status["approvals"][0]["digest"], body(first)["spec"]["digest"]);
  EXPECT_EQ(approve_as("alice", "{}").status, 200U) << "said twice, counted once";
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  const auto second = approve_as("bob", "{}");
  EXPECT_EQ(second.status, 200U);
  EXPECT_EQ(body(second)["status"]["phase"], "Completed");
  EXPECT_EQ(body(second)["status"]["approvedBy"], "alice, bob");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Votes, in_mode_none_nobody_is_one_of_two) {
  propose();
  const auto refused = call(post(kApprove, R"({"approver":"alice"})"));
  EXPECT_EQ(refused.status, 409U);
  EXPECT_EQ(body(refused)["current_phase"], "Pending");
  EXPECT_NE(sentence(refused).find("set auth.mode: token"), std::string::npos);
}

TEST_F(Votes, whoever_says_which_digest_they_saw_approves_no_other) {
  propose();
  const auto misspelled = approve_as("alice", R"({"digset":"sha256:00"})");
  EXPECT_EQ(misspelled.status, 422U) << "what guards an approval must not get lost";
  EXPECT_NE(misspelled.body.find("'digset' is not known; did you mean 'digest'?"), std::string::npos);
  const auto refused = approve_as("alice", R"({"digest":"sha256:00"})");
  EXPECT_EQ(refused.status, 409U);
  EXPECT_EQ(body(refused)["current_phase"], "Pending");
  const std::string digest = store.request("web-app-1-26-0").digest;
  EXPECT_EQ(approve_as("alice", json({{"digest", digest}}).dump()).status, 200U);
}

TEST_F(Votes, a_tag_that_moved_is_409_and_the_request_is_superseded) {
  propose();
  ASSERT_EQ(approve_as("alice", "{}").status, 200U);
  store.push(kNginx, "1.26.0", "sha256:" + std::string(64, 'f'));
  const auto refused = approve_as("bob", "{}");
  EXPECT_EQ(refused.status, 409U);
  EXPECT_EQ(body(refused)["current_phase"], "Superseded");
  EXPECT_NE(sentence(refused).find("was pushed again"), std::string::npos) << refused.body;
}

TEST_F(Votes, comments_and_digests_that_are_no_text_are_422) {
  propose();
  for (const std::string& wrong :
       {std::string(R"({"comment":1})"), std::string(R"({"digest":[]})"),
        R"({"comment":")" + std::string(4097, 'x') + "\"}", R"({"digest":")" + std::string(201, 'x') + "\"}"})
    EXPECT_EQ(approve_as("alice", wrong).status, 422U);
  EXPECT_TRUE(store.request("web-app-1-26-0").approvals.empty());
}

TEST_F(Votes, a_comment_is_the_reason_of_a_rejection_that_gives_none) {
  propose();
  const auto response = call(post(std::string(kOne) + "/reject", R"({"comment":"too soon"})"));
  EXPECT_EQ(body(response)["status"]["message"], "too soon");
}

}  // namespace
}  // namespace headwind::api
