// SPDX-License-Identifier: Apache-2.0
// What must wait: proposed as an UpdateRequest, decided by a person over 8081.
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

TEST_F(Approval, what_is_approved_waits_while_its_workload_is_suspended) {
  const Json pending = propose();
  ASSERT_TRUE(pending.is_object()) << pending;
  kubectl({"-n", space, "annotate", "deployment", "web", "headwind.sh/suspend=true"});
  const std::uint64_t mark = plane().audit().mark();
  const Reply approved = say(pending, "approve", {{"approver", "a@x"}});
  ASSERT_EQ(approved.status, 200u) << approved.body;
  const Json waits = request_for(name_of(pending), "Approved");
  ASSERT_TRUE(waits.is_object()) << get(requests_path(space, name_of(pending)));
  EXPECT_EQ(waits["status"].value("message", ""),
            "Approved; waits until headwind.sh/suspend is taken off Deployment " + space + "/web");
  EXPECT_TRUE(eventually([&] { return events_about(space, "web", "UpdateWaits").size() == 1; }));
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  // Over a restart, too.
  headwind->kill();
  headwind->start();
  ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", space, "web"); }));
  EXPECT_EQ(phase_of(get(requests_path(space, name_of(pending)))), "Approved");
  kubectl({"-n", space, "annotate", "deployment", "web", "headwind.sh/suspend-"});
  EXPECT_TRUE(runs(image("1.1.0")));
  const Json done = request_for(name_of(pending), "Completed");
  ASSERT_TRUE(done.is_object()) << get(requests_path(space, name_of(pending)));
  EXPECT_EQ(done["status"].value("approvedBy", ""), "a@x");
  const auto writes = accepted_writes(space, mark);
  EXPECT_EQ(std::count(writes.begin(), writes.end(), "patch deployments web"), 1);
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
  EXPECT_TRUE(eventually([&] { return events_about(space, "web", "UpdateSuperseded").size() == 1; }));
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

}  // namespace
}  // namespace headwind::end_to_end
