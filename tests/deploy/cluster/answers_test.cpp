// SPDX-License-Identifier: Apache-2.0
// Who may write which answer on a request.
#include <gmock/gmock.h>

#include "approval_policy_cluster.hpp"

namespace headwind::deploy {
namespace {

using testing::HasSubstr;

constexpr const char* kApprove = "headwind.sh/approve";
constexpr const char* kReject = "headwind.sh/reject";
constexpr const char* kComment = "headwind.sh/comment";

class Answers : public PolicyCluster {
 protected:
  void SetUp() override {
    PolicyCluster::SetUp();
    if (IsSkipped()) return;
    static const bool made = (make_policy(), true);
    static_cast<void>(made);
    ASSERT_TRUE(create("a").ok());
  }
  // The words of a refusal; empty where there was none.
  static std::string refusal(const testbed::Answer& answer) {
    if (answer.ok()) return {};
    EXPECT_EQ(answer.status, 403U) << answer.body;
    const std::string message = Json::parse(answer.body).value("message", "");
    EXPECT_THAT(message, HasSubstr(kName));
    return message;
  }
};

TEST_F(Answers, a_person_writes_their_own_name_and_no_other) {
  EXPECT_THAT(refusal(annotate("a", "bob", {{kApprove, "alice"}})), HasSubstr("take your own user name, bob"));
  EXPECT_THAT(refusal(annotate("a", "bob", {{kReject, "alice"}})), HasSubstr("take your own user name, bob"));
  EXPECT_THAT(refusal(annotate("a", "admin", {{kApprove, "alice"}})), HasSubstr("take your own user name, admin"));
  EXPECT_THAT(refusal(annotate("a", "operator", {{kApprove, "alice"}})), HasSubstr("operator")) << "Headwind neither";
  EXPECT_EQ(refusal(annotate("a", "bob", {{kApprove, "bob"}, {kComment, "tested"}})), "");
  EXPECT_EQ(annotation("a", "approve"), "bob");
}

TEST_F(Answers, only_who_may_approve_answers) {
  EXPECT_THAT(refusal(annotate("a", "carol", {{kApprove, "carol"}})),
              HasSubstr("carol needs the verb \"approve\" on updaterequests.headwind.sh in namespace default"));
  EXPECT_THAT(refusal(annotate("a", "carol", {{kReject, "carol"}})), HasSubstr("needs the verb \"approve\""));
}

TEST_F(Answers, an_answer_changes_nothing_else) {
  for (const Json& more : std::vector<Json>{{{"spec", {{"reason", "x"}}}},
                                            {{"metadata", {{"labels", {{"a", "b"}}}}}},
                                            {{"metadata", {{"annotations", {{"a", "b"}}}}}},
                                            {{"metadata", {{"finalizers", {"example.com/a"}}}}}}) {
    Json merge{{"metadata", {{"annotations", {{kApprove, "bob"}}}}}};
    merge.merge_patch(more);
    EXPECT_THAT(refusal(patch("a", "bob", merge)), HasSubstr("an answer changes nothing else")) << more;
  }
}

TEST_F(Answers, the_verb_patch_is_no_more_than_the_right_to_answer) {
  const Json change{{"spec", {{"expiresAt", "2030-01-01T00:00:00Z"}}}};
  EXPECT_THAT(refusal(patch("a", "bob", change)), HasSubstr("needs the verb \"update\""));
  EXPECT_THAT(refusal(patch("a", "carol", {{"spec", {{"action", "rollback"}, {"rollback", {{"image", "nginx:1"}}}}}})),
              HasSubstr("needs the verb \"update\""));
  EXPECT_EQ(refusal(patch("a", "dora", change)), "");
  EXPECT_EQ(refusal(patch("a", "operator", {{"spec", {{"reason", "Headwind's own"}}}})), "");
}

TEST_F(Answers, an_answer_stays_until_headwind_has_taken_it_up) {
  ASSERT_EQ(refusal(annotate("a", "bob", {{kApprove, "bob"}, {kComment, "mine"}})), "");
  EXPECT_THAT(refusal(annotate("a", "alice", {{kApprove, "alice"}})), HasSubstr("bob answered just now"));
  EXPECT_THAT(refusal(annotate("a", "alice", {{kApprove, nullptr}})), HasSubstr("bob answered just now"));
  EXPECT_THAT(refusal(annotate("a", "alice", {{kReject, "alice"}})), HasSubstr("approved or rejected, not both"));
  EXPECT_THAT(refusal(annotate("a", "alice", {{kComment, "his words"}})), HasSubstr("an answer of your own"));
  EXPECT_THAT(refusal(annotate("a", "carol", {{kComment, nullptr}})), HasSubstr("an answer of your own"));
  EXPECT_EQ(refusal(annotate("a", "bob", {{kComment, "better words"}})), "") << "their own";
  EXPECT_EQ(refusal(annotate("a", "bob", {{kApprove, nullptr}, {kReject, "bob"}})), "") << "a second thought";
  EXPECT_EQ(refusal(annotate("a", "operator", {{kApprove, nullptr}, {kReject, nullptr}, {kComment, nullptr}})), "");
  EXPECT_EQ(refusal(annotate("a", "alice", {{kApprove, "alice"}})), "");
}

TEST_F(Answers, nobody_says_both_yes_and_no) {
  EXPECT_THAT(refusal(annotate("a", "bob", {{kApprove, "bob"}, {kReject, "bob"}})), HasSubstr("not both"));
}

TEST_F(Answers, a_comment_needs_an_answer_and_an_end) {
  EXPECT_THAT(refusal(annotate("a", "bob", {{kComment, "hello"}})), HasSubstr("an answer of your own"));
  EXPECT_THAT(refusal(annotate("a", "bob", {{kApprove, "bob"}, {kComment, std::string(4097, 'x')}})),
              HasSubstr("4096 characters"));
}

TEST_F(Answers, what_is_over_is_not_answered) {
  ASSERT_TRUE(patch("a", "operator", {{"status", {{"phase", "Completed"}}}}, "/status").ok());
  EXPECT_THAT(refusal(annotate("a", "bob", {{kApprove, "bob"}})),
              HasSubstr("UpdateRequest is in Completed state, cannot approve"));
  EXPECT_THAT(refusal(annotate("a", "bob", {{kReject, "bob"}})), HasSubstr("cannot reject"));
  ASSERT_TRUE(create("b", "operator").ok());
  ASSERT_TRUE(patch("b", "operator", {{"spec", {{"action", "rollback"}, {"rollback", {{"image", "nginx:1"}}}}}}).ok());
  EXPECT_THAT(refusal(annotate("b", "bob", {{kApprove, "bob"}})), HasSubstr("remembers a rollback"));
}

TEST_F(Answers, a_new_request_brings_no_answer_and_says_truly_who_made_it) {
  EXPECT_THAT(refusal(create("c", "carol", {{"annotations", {{kApprove, "carol"}}}})), HasSubstr("comes after"));
  EXPECT_THAT(refusal(create("c", "carol", {{"annotations", {{"headwind.sh/requested-by", "alice"}}}})),
              HasSubstr("takes your own user name, carol"));
  EXPECT_THAT(refusal(create("c", "carol", {{"labels", {{"headwind.sh/identity", "abc"}}}})),
              HasSubstr("Headwind's own"));
  EXPECT_EQ(refusal(create("c", "carol", {{"annotations", {{"headwind.sh/requested-by", "carol"}}}})), "");
  EXPECT_THAT(refusal(annotate("c", "admin", {{"headwind.sh/requested-by", "admin"}})), HasSubstr("and stays"));
  EXPECT_THAT(refusal(annotate("c", "operator", {{"headwind.sh/requested-by", nullptr}})), HasSubstr("and stays"));
  EXPECT_EQ(refusal(create("d", "operator", {{"labels", {{"headwind.sh/identity", "abc"}}}})), "");
  EXPECT_EQ(refusal(create("e", "carol")), "") << "as with 0.1.x";
}

TEST_F(Answers, the_status_is_no_way_around) {
  EXPECT_EQ(patch("a", "bob", {{"status", {{"phase", "Approved"}}}}, "/status").status, 403U);
  ASSERT_TRUE(patch("a", "operator",
                    {{"metadata", {{"annotations", {{kApprove, "alice"}}}}}, {"status", {{"message", "x"}}}}, "/status")
                  .ok());
  EXPECT_EQ(annotation("a", "approve"), "") << "a write of the status leaves the metadata alone";
}

TEST_F(Answers, the_line_of_the_documentation_works_with_kubectl) {
  const std::string kubectl = (testbed::binaries() / "kubectl").string();
  const auto config = plane().kubeconfig("alice").string();
  const auto who =
      testbed::run({kubectl, "--kubeconfig", config, "auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"});
  ASSERT_TRUE(who) << who.error().message;
  EXPECT_EQ(*who, "alice");
  const auto done =
      testbed::run({kubectl, "--kubeconfig", config, "annotate", "ur", "a", std::string(kApprove) + "=" + *who});
  EXPECT_TRUE(done) << done.error().message;
  EXPECT_EQ(annotation("a", "approve"), "alice");
}

}  // namespace
}  // namespace headwind::deploy
