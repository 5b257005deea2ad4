// SPDX-License-Identifier: Apache-2.0
// What must wait: proposed as an UpdateRequest, decided by a person over 8081, rolled back, remembered.
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::ElementsAre;

class Approval : public EndToEnd {
 protected:
  // A Deployment on 1.0.0, and the request that the push of `tag` makes.
  Json propose(const std::string& tag = "1.1.0") {
    registry().push(repository(), "1.0.0");
    start();
    deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
    registry().push(repository(), tag);
    return request_in("Pending");
  }
  Reply say(const Json& request, const std::string& verb, const Json& body) {
    return headwind->api("POST", "/api/v1/updates/" + space + "/" + name_of(request) + "/" + verb, body);
  }
};

TEST_F(Approval, T42_T54_an_update_waits_for_a_person_and_is_then_applied_once) {
  registry().push(repository(), "1.0.0");
  start();
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
  const std::uint64_t mark = plane().audit().mark();
  registry().push(repository(), "1.1.0");
  const Json pending = request_in("Pending");
  ASSERT_TRUE(pending.is_object()) << pending;
  EXPECT_EQ(name_of(pending), "web-app-1-1-0");
  EXPECT_EQ(pending["spec"]["newImage"], image("1.1.0"));
  EXPECT_EQ(pending["spec"]["currentImage"], image("1.0.0"));
  // Pending from its creation: no second write was needed for what kubectl shows.
  EXPECT_THAT(accepted_writes(space, mark), ElementsAre("create updaterequests web-app-1-1-0"));
  EXPECT_THAT(kubectl({"-n", space, "get", "ur", "--no-headers"}), testing::ContainsRegex("web-app-1-1-0 .* Pending "));
  EXPECT_TRUE(eventually([] { return inbox().empty(); })) << inbox();
  EXPECT_EQ(image_of(workload()), image("1.0.0"));

  const Reply approved = say(pending, "approve", {{"approver", "a@x"}});
  ASSERT_EQ(approved.status, 200u) << approved.body;
  EXPECT_EQ(phase_of(approved.json()), "Completed");
  EXPECT_EQ(approved.json()["status"]["approvedBy"], "a@x");
  EXPECT_EQ(image_of(workload()), image("1.1.0"));
  EXPECT_EQ(history_of(workload())[0]["updateRequestName"], name_of(pending));
  EXPECT_EQ(phase_of(get(requests_path(space, name_of(pending)))), "Completed");

  const Reply again = say(pending, "approve", Json::object());
  EXPECT_EQ(again.status, 409u);
  EXPECT_EQ(again.json()["current_phase"], "Completed");
  const auto writes = accepted_writes(space, mark);
  EXPECT_EQ(std::count(writes.begin(), writes.end(), "patch deployments web"), 1);
  for (const char* event : {"update_request_created", "update_approved", "update_completed"})
    EXPECT_TRUE(eventually([&] { return receiver->count(space, event) == 1; })) << event;
}

TEST_F(Approval, T46_T49_a_rejected_version_stays_rejected_until_a_newer_one_comes) {
  const Json pending = propose();
  ASSERT_TRUE(pending.is_object()) << pending;
  const Reply rejected = say(pending, "reject", {{"approver", "a"}, {"reason", "too soon"}});
  ASSERT_EQ(rejected.status, 200u) << rejected.body;
  EXPECT_EQ(phase_of(rejected.json()), "Rejected");
  EXPECT_EQ(rejected.json()["status"]["message"], "too soon");
  const std::uint64_t mark = plane().audit().mark();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(headwind->announce(registry().host() + "/" + repository(), "1.1.0").status, 200u);
  registry().push(repository(), "1.2.0");
  ASSERT_TRUE(eventually([&] { return requests(space).size() == 2; }));
  EXPECT_THAT(accepted_writes(space, mark), ElementsAre("create updaterequests web-app-1-2-0"));
  EXPECT_EQ(phase_of(get(requests_path(space, name_of(pending)))), "Rejected");
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "update_rejected") == 1; }));
}

TEST_F(Approval, T51_a_newer_push_supersedes_what_waits) {
  const Json first = propose();
  ASSERT_TRUE(first.is_object()) << first;
  registry().push(repository(), "1.2.0");
  ASSERT_TRUE(eventually([&] { return phase_of(get(requests_path(space, name_of(first)))) == "Superseded"; }));
  EXPECT_EQ(say(first, "approve", Json::object()).status, 409u);
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
}

TEST_F(Approval, T55_twenty_approvals_at_once_apply_once) {
  const Json pending = propose();
  ASSERT_TRUE(pending.is_object()) << pending;
  const std::uint64_t mark = plane().audit().mark();
  std::vector<std::future<unsigned>> approvals;
  for (int i = 0; i < 20; ++i)
    approvals.push_back(std::async(std::launch::async, [&] { return say(pending, "approve", Json::object()).status; }));
  std::map<unsigned, int> statuses;
  for (auto& approval : approvals) ++statuses[approval.get()];
  EXPECT_THAT(statuses, ElementsAre(testing::Pair(200u, 1), testing::Pair(409u, 19)));
  const auto writes = accepted_writes(space, mark);
  EXPECT_EQ(std::count(writes.begin(), writes.end(), "patch deployments web"), 1);
}

TEST_F(Approval, T64_T67_a_rolled_back_version_is_remembered_and_can_be_released) {
  for (const char* tag : {"1.0.0"}) registry().push(repository(), tag);
  start();
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, automatic()});
  registry().push(repository(), "1.1.0");
  ASSERT_TRUE(runs(image("1.1.0")));

  const std::string path = "/api/v1/rollback/" + space + "/web";
  EXPECT_EQ(headwind->api("GET", path).json()["entries"][1]["image"], image("1.0.0"));
  const Reply back = headwind->api("POST", path, {{"container", "app"}, {"user", "op"}, {"reason", "slow"}});
  ASSERT_EQ(back.status, 200u) << back.body;
  EXPECT_EQ(back.json()["image"], image("1.0.0"));
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  const Json remembered = request_in("RolledBack");
  ASSERT_TRUE(remembered.is_object()) << remembered;
  EXPECT_EQ(remembered["spec"]["newImage"], image("1.1.0"));
  EXPECT_EQ(headwind->metric("headwind_rollbacks_manual_total"), 1);
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "rollback_completed") == 1; }));

  // The bad version again, then a restart and once more: it stays where it is.
  const std::uint64_t mark = plane().audit().mark();
  const std::string name = registry().host() + "/" + repository();
  EXPECT_EQ(headwind->announce(name, "1.1.0").status, 200u);
  EXPECT_EQ(headwind->stop(), 0);
  headwind->start();
  EXPECT_EQ(headwind->announce(name, "1.1.0").status, 200u);
  EXPECT_TRUE(eventually([] { return inbox().empty(); })) << inbox();
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  EXPECT_THAT(accepted_writes(space, mark), ElementsAre());

  const Reply released = say(remembered, "release", Json::object());
  ASSERT_EQ(released.status, 200u) << released.body;
  EXPECT_EQ(headwind->announce(name, "1.1.0").status, 200u);
  EXPECT_TRUE(runs(image("1.1.0"))) << "released, so it may come back";
}

TEST_F(Approval, T60_a_request_made_by_hand_without_approval_is_applied) {
  for (const char* tag : {"1.0.0", "1.1.0"}) registry().push(repository(), tag);
  start();
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
  const Json hand{
      {"apiVersion", "headwind.sh/v1alpha1"},
      {"kind", "UpdateRequest"},
      {"metadata", {{"name", "by-hand"}}},
      {"spec",
       {{"targetRef", {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "web"}, {"namespace", space}}},
        {"updateType", "image"},
        {"containerName", "app"},
        {"currentImage", image("1.0.0")},
        {"newImage", image("1.1.0")},
        {"policy", "minor"},
        {"requireApproval", false}}}};
  const auto made = plane().call("POST", requests_path(space), hand.dump());
  ASSERT_TRUE(made.ok()) << made.body;
  EXPECT_TRUE(runs(image("1.1.0")));
  EXPECT_EQ(phase_of(request_in("Completed")), "Completed");
}

}  // namespace
}  // namespace headwind::end_to_end
