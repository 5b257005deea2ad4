// SPDX-License-Identifier: Apache-2.0
// An image is pushed; the workloads that may be updated at once are, by one write each.
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

TEST_F(EndToEnd, T13_T14_a_push_updates_all_three_kinds_by_one_write_each) {
  registry().crane_push(repository(), "1.0.0");
  start();
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"Deployment", "web"}, {"StatefulSet", "store"}, {"DaemonSet", "agent"}};
  for (const auto& [kind, name] : kinds)
    deploy({kind, name, {{"side", "busybox:1.36.0"}, {"app", image("1.0.0")}}, automatic()});
  const std::uint64_t mark = plane().audit().mark();
  const double events = headwind->metric("headwind_webhook_events_total");

  registry().crane_push(repository(), "1.1.0");

  for (const auto& [kind, name] : kinds) {
    ASSERT_TRUE(runs(image("1.1.0"), name, kind)) << kind << "\n" << headwind->log();
    const Json now = workload(name, kind);
    EXPECT_EQ(image_of(now, "side"), "busybox:1.36.0");
    const Json history = history_of(now);
    ASSERT_EQ(history.size(), 2u) << history;
    EXPECT_EQ(history[0]["container"], "app");
    EXPECT_EQ(history[0]["image"], image("1.1.0"));
    EXPECT_EQ(history[1]["image"], image("1.0.0"));
    EXPECT_THAT(annotation_of(now, "last-update"), testing::MatchesRegex("20..-..-..T..:..:...*"));
  }
  EXPECT_TRUE(eventually([] { return inbox().empty(); })) << inbox();
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "update_completed") == 3; }));
  EXPECT_THAT(accepted_writes(space, mark),
              UnorderedElementsAre("patch deployments web", "patch statefulsets store", "patch daemonsets agent"));
  EXPECT_TRUE(requests(space).empty());

  std::vector<std::string> told;
  for (const Json& body : receiver->about(space)) {
    if (body["event"] != "update_completed") continue;
    told.push_back(body["deployment"]["resourceKind"]);
    EXPECT_EQ(body["deployment"]["currentImage"], image("1.0.0"));
    EXPECT_EQ(body["deployment"]["newImage"], image("1.1.0"));
    EXPECT_EQ(body["requiresApproval"], false);
  }
  EXPECT_THAT(told, UnorderedElementsAre("Deployment", "StatefulSet", "DaemonSet"));

  EXPECT_GT(headwind->metric("headwind_webhook_events_total"), events);
  EXPECT_EQ(headwind->metric("headwind_updates_applied_total"), 3);
  EXPECT_GE(headwind->metric("headwind_notifications_webhook_sent_total"), 3);
  EXPECT_GE(headwind->metric("headwind_deployments_watched"), 1);
  // The pods follow: the rollout is the cluster's own business.
  kubectl({"-n", space, "rollout", "status", "deployment/web", "--timeout=60s"});
}

TEST_F(EndToEnd, an_update_tells_itself_as_an_event_that_kubectl_shows) {
  registry().push(repository(), "1.0.0");
  start();
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, automatic()});
  registry().push(repository(), "1.0.1");
  ASSERT_TRUE(runs(image("1.0.1")));
  EXPECT_TRUE(eventually([&] {
    return kubectl({"-n", space, "get", "events", "--no-headers"}).find("Updated") != std::string::npos;
  })) << kubectl({"-n", space, "get", "events"});
}

TEST_F(EndToEnd, T11_a_downgrade_and_the_same_tag_write_nothing) {
  for (const char* tag : {"1.0.0", "1.1.0"}) registry().push(repository(), tag);
  start();
  deploy({"Deployment", "web", {{"app", image("1.1.0")}}, automatic()});
  const std::uint64_t mark = plane().audit().mark();
  EXPECT_EQ(headwind->announce(registry().host() + "/" + repository(), "1.0.0").status, 200u);
  EXPECT_EQ(headwind->announce(registry().host() + "/" + repository(), "1.1.0").status, 200u);
  // A push that counts, behind the two that do not: once it is applied, they have been decided.
  registry().push(repository(), "1.1.1");
  ASSERT_TRUE(runs(image("1.1.1")));
  EXPECT_TRUE(eventually([] { return inbox().empty(); }));
  EXPECT_THAT(accepted_writes(space, mark), ElementsAre("patch deployments web"));
}

}  // namespace
}  // namespace headwind::end_to_end
