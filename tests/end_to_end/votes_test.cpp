// SPDX-License-Identifier: Apache-2.0
// Updates that more than one person must approve, and what their approvals are bound to.
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;

class Votes : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    for (const char* user : {"alice", "bob"}) bind(user, "headwind-approver", "approve");
    bind("carol", "headwind-viewer", "get");
    OperatorSettings guarded = settings();
    guarded.auth = "token", guarded.token = testbed::ControlPlane::token("alice");
    registry().push(repository(), "1.0.0");
    start(guarded);
    auto annotations = on_approval();
    annotations.emplace_back("approvals", "2");
    deploy({"Deployment", "web", {{"app", image("1.0.0")}}, annotations});
    registry().push(repository(), "1.1.0");
    ASSERT_TRUE(request_for("web-app-1-1-0", "Pending").is_object());
  }
  Reply approve(const std::string& user, const std::string& comment = {}) {
    return headwind->api_as(testbed::ControlPlane::token(user), "POST",
                            "/api/v1/updates/" + space + "/web-app-1-1-0/approve", {{"comment", comment}});
  }
  Json request() const { return get(requests_path(space, "web-app-1-1-0")); }
  std::vector<std::string> voters() const {
    std::vector<std::string> names;
    for (const Json& one : request().value("/status/approvals"_json_pointer, Json::array()))
      names.push_back(one.value("by", ""));
    return names;
  }
};

TEST_F(Votes, two_people_are_needed_and_each_counts_once) {
  EXPECT_EQ(request()["spec"].value("requiredApprovals", 0), 2);
  for (int i = 0; i < 2; ++i) {
    const Reply first = approve("alice", "tested on staging");
    ASSERT_EQ(first.status, 200u) << first.body;
    EXPECT_EQ(phase_of(first.json()), "Pending");
    EXPECT_THAT(first.json()["status"].value("message", ""), HasSubstr("1 of 2 approvals"));
  }
  EXPECT_EQ(approve("carol").status, 403u) << "she may look only";
  EXPECT_EQ(voters(), std::vector<std::string>{"alice"});
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  // What was counted outlives us.
  headwind->kill();
  headwind->start();
  const Reply second = approve("bob");
  ASSERT_EQ(second.status, 200u) << second.body;
  EXPECT_EQ(phase_of(second.json()), "Completed");
  EXPECT_EQ(voters(), (std::vector<std::string>{"alice", "bob"}));
  EXPECT_EQ(image_of(workload()), image("1.1.0"));
  EXPECT_THAT(history_of(workload())[0].value("approvedBy", ""), HasSubstr("alice"));
}

TEST_F(Votes, a_tag_that_moves_voids_what_was_approved) {
  const std::string before = request()["spec"].value("digest", "");
  ASSERT_EQ(approve("alice").status, 200u);
  const std::string after = registry().push(repository(), "1.1.0", "moved");
  ASSERT_NE(after, before);
  // The push tells it; and where it had not, the second vote would.
  const Json over = request_for("web-app-1-1-0", "Superseded");
  ASSERT_TRUE(over.is_object()) << Json(requests(space));
  EXPECT_THAT(over["status"].value("message", ""), HasSubstr("1 approval is void"));
  EXPECT_EQ(approve("bob").status, 409u);
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  // The new push is a proposal of its own, and begins with none.
  Json anew;
  ASSERT_TRUE(eventually([&] {
    for (const Json& one : requests(space))
      if (phase_of(one) == "Pending") anew = one;
    return anew.is_object();
  })) << Json(requests(space));
  EXPECT_EQ(anew["spec"].value("digest", ""), after);
  EXPECT_TRUE(anew.value("/status/approvals"_json_pointer, Json::array()).empty());
}

}  // namespace
}  // namespace headwind::end_to_end
