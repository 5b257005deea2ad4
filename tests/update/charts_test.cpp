// SPDX-License-Identifier: Apache-2.0
// Charts of HelmReleases: only their version moves, and it moves as images do.
#include <gtest/gtest.h>

#include "update/history.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

using Annotations = std::map<std::string, std::string>;
const std::string oci = "oci.test/charts/app", http = "https://charts.test/stable/app";
const std::string elsewhere = "source.toolkit.fluxcd.io/v1/ocirepositories/prod/app";
const Annotations approved{{"policy", "minor"}, {"min-update-interval", "0"}};
const Annotations automatic{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}};
const inventory::WorkloadKey web{"HelmRelease", "prod", "web"};

struct Charts : ::testing::Test {
  World& begin(bool following = false) {
    World& world = launch(store, quick(), following);
    world.start();
    return world;
  }
  std::vector<HistoryEntry> history() const {
    return read_history(store.object(web)["metadata"]["annotations"].value("headwind.sh/update-history", ""));
  }
  std::size_t told(EventType type) const {
    return static_cast<std::size_t>(
        std::count_if(store.told.begin(), store.told.end(), [&](const Notification& n) { return n.type == type; }));
  }
  Store store;
};

TEST_F(Charts, T31_a_pushed_version_is_proposed_as_0_1_did) {
  store.release("web", oci, "1.2.3", approved);
  begin().push(oci, "1.2.4");
  const UpdateRequest request = store.request("web-1-2-4");
  EXPECT_EQ(request.update_type, "helmChart");
  EXPECT_EQ(request.container, "");
  EXPECT_EQ(request.current_image, "app:1.2.3");
  EXPECT_EQ(request.new_image, "app:1.2.4");
  EXPECT_EQ(request.reason, "New chart version 1.2.4 available");
  EXPECT_EQ(told(EventType::update_request_created), 1U) << "T100: one notification for each request";
  EXPECT_EQ(store.chart_version("web"), "1.2.3");
}

TEST_F(Charts, T92_the_version_is_patched_and_nothing_else) {
  store.release("web", http, "1.2.3", automatic);
  auto expected = store.object(web)["spec"];
  World& world = begin();
  world.push(http, "1.2.4");
  expected["chart"]["spec"]["version"] = "1.2.4";
  EXPECT_EQ(store.object(web)["spec"], expected);
  EXPECT_EQ(store.patches, 1U);
  ASSERT_EQ(history().size(), 2U);
  EXPECT_EQ(history()[0].container, "chart");
  EXPECT_EQ(history()[0].image, "app:1.2.4");
  EXPECT_EQ(world.compat.helm_updates_applied_total.value(), 1);
  EXPECT_EQ(world.platform_look_ups, 0U) << "a chart is the same for every platform";
}

TEST_F(Charts, an_approval_patches_the_bare_version) {
  store.release("web", http, "1.2.3", approved);
  World& world = begin();
  world.push(http, "1.2.4");
  ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-1-2-4"}, "alice")));
  world.settle();
  EXPECT_EQ(store.chart_version("web"), "1.2.4");
  EXPECT_EQ(store.request("web-1-2-4").phase, Phase::completed);
  EXPECT_EQ(world.compat.helm_updates_applied_total.value(), 1);
}

TEST_F(Charts, each_family_of_charts_counts_what_its_help_says) {
  store.release("web", oci, "1.2.3", approved);
  World& world = begin();
  const auto counts = [&] {
    const telemetry::CompatMetrics& c = world.compat;
    return std::vector<double>{c.helm_chart_versions_checked_total.value(), c.helm_updates_found_total.value(),
                               c.helm_updates_approved_total.value(), c.helm_updates_rejected_total.value()};
  };
  world.push(oci, "2.0.0");
  EXPECT_EQ(counts(), (std::vector<double>{1, 0, 0, 1})) << "policy minor takes no other major";
  world.push(oci, "1.2.4");
  EXPECT_EQ(counts(), (std::vector<double>{2, 1, 1, 1}));
  world.push(oci, "1.2.4");
  EXPECT_EQ(counts(), (std::vector<double>{3, 1, 1, 1})) << "it is proposed already";
}

TEST_F(Charts, a_rejected_version_is_not_proposed_again) {
  store.release("web", oci, "1.2.3", approved);
  World& world = begin();
  world.push(oci, "1.2.4");
  ASSERT_TRUE(world.run(world.engine->reject({"prod", "web-1-2-4"}, "alice", "no")));
  world.push(oci, "1.2.4");
  EXPECT_EQ(store.request("web-1-2-4").phase, Phase::rejected);
  EXPECT_EQ(world.compat.helm_updates_rejected_total.value(), 0) << "a person rejected it, not the policy";
  EXPECT_EQ(world.compat.updates_rejected_total.value(), 1);
  world.push(oci, "1.2.5");
  EXPECT_EQ(store.request("web-1-2-5").phase, Phase::pending);
}

TEST_F(Charts, a_failed_upgrade_restores_the_former_version) {
  Annotations undoing = automatic;
  undoing["auto-rollback"] = "true", undoing["health-check-retries"] = "1";
  store.release("web", http, "1.2.3", undoing);
  World& world = begin(true);
  world.fates["1.2.4"] = {RolloutView::State::failed, 0, 1, "UpgradeFailed: timed out", {}, {}};
  world.push(http, "1.2.4");
  EXPECT_EQ(store.chart_version("web"), "1.2.3");
  EXPECT_EQ(store.request("web-1-2-4").phase, Phase::rolled_back);
  world.push(http, "1.2.4");
  EXPECT_EQ(store.chart_version("web"), "1.2.3") << "it is remembered as bad";
}

TEST_F(Charts, a_person_rolls_a_chart_back) {
  store.release("web", http, "1.2.3", automatic);
  World& world = begin();
  world.push(http, "1.2.4");
  const RollbackOrder order{web, "chart", {}, "op", "it is slow"};
  const auto outcome = world.run(world.engine->roll_back(order));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->image, "app:1.2.3");
  EXPECT_EQ(store.chart_version("web"), "1.2.3");
  EXPECT_EQ(store.request("web-1-2-4").phase, Phase::rolled_back);
  EXPECT_EQ(store.request("web-1-2-4").update_type, "helmChart");
}

TEST_F(Charts, T97_the_running_version_pushed_again_changes_nothing) {
  for (const char* policy : {"all", "force", "glob"}) {
    Annotations annotations = automatic;
    annotations["policy"] = policy, annotations["pattern"] = "1.2.3";
    store.release("web", oci, "1.2.3", annotations);
    World& world = begin();
    world.push(oci, "1.2.3", "sha256:" + std::string(64, 'a'));
    world.push(oci, "1.2.3", "sha256:" + std::string(64, 'b'));
    EXPECT_EQ(store.chart_version("web"), "1.2.3") << policy;
    EXPECT_EQ(store.patches, 0U) << policy;
  }
}

TEST_F(Charts, what_Helm_would_read_as_a_range_is_never_written) {
  for (const std::string tag : {"latest", "2.0", "1.3"}) {
    Annotations annotations = automatic;
    annotations["policy"] = "glob", annotations["pattern"] = tag;
    store.release("web", oci, "1.2.3", annotations);
    World& world = begin();
    world.push(oci, tag, "sha256:" + std::string(64, 'a'));
    EXPECT_EQ(store.chart_version("web"), "1.2.3") << tag;
  }
  store.release("web", oci, "1.2.3", automatic);
  begin().push(oci, "1.3");
  EXPECT_EQ(store.chart_version("web"), "1.2.3") << "policy minor would take it for an image";
  EXPECT_FALSE(store.events.empty());
  EXPECT_NE(store.events.back().find("no update of a chart"), std::string::npos) << store.events.back();
}

TEST_F(Charts, a_range_is_Fluxs_own_business_and_said_once) {
  store.release("web", oci, "1.2.*", automatic);
  begin().push(oci, "1.2.4");
  EXPECT_EQ(store.chart_version("web"), "1.2.*");
  EXPECT_EQ(std::count_if(store.events.begin(), store.events.end(),
                          [](const std::string& text) { return text.find("VersionRange") != std::string::npos; }),
            1);
}

TEST_F(Charts, the_tag_of_an_OCIRepository_is_patched_there_and_remembered_in_the_release) {
  store.release("web", oci, "1.2.3", automatic, elsewhere);
  begin().push(oci, "1.2.4");
  EXPECT_EQ(store.chart_version("web"), "1.2.4");
  EXPECT_EQ(store.patches, 3U) << "what is about to be done, the tag, then the history";
  EXPECT_FALSE(store.object(web)["metadata"]["annotations"].contains("headwind.sh/update-step"));
  ASSERT_EQ(history().size(), 2U);
  EXPECT_EQ(history()[1].image, "app:1.2.3");
}

TEST_F(Charts, killed_at_any_write_an_approved_tag_of_an_OCIRepository_arrives_once_with_its_history) {
  for (const bool after : {false, true})
    for (std::size_t write = 1; write <= 6; ++write) {
      SCOPED_TRACE(std::to_string(write) + (after ? " after" : " before"));
      store = Store();
      store.release("web", oci, "1.2.3", approved, elsewhere);
      begin().push(oci, "1.2.4");
      World& dying = begin();
      dying.die_at(write, after);
      (void)dying.run(dying.engine->approve({"prod", "web-1-2-4"}, "alice"));
      if (!dying.dead()) dying.settle();
      World& next = begin();
      if (store.request("web-1-2-4").phase == Phase::pending)  // the approval itself was lost
        ASSERT_TRUE(next.run(next.engine->approve({"prod", "web-1-2-4"}, "alice")));
      next.settle();
      EXPECT_EQ(store.chart_version("web"), "1.2.4");
      EXPECT_EQ(store.request("web-1-2-4").phase, Phase::completed);
      ASSERT_EQ(history().size(), 2U);
      EXPECT_EQ(history()[0].image, "app:1.2.4");
      EXPECT_EQ(history()[1].image, "app:1.2.3");
    }
}

TEST_F(Charts, killed_at_any_write_an_automatic_tag_of_an_OCIRepository_arrives_once_with_its_history) {
  for (const bool after : {false, true})
    for (std::size_t write = 1; write <= 5; ++write) {
      SCOPED_TRACE(std::to_string(write) + (after ? " after" : " before"));
      store = Store();
      store.release("web", oci, "1.2.3", automatic, elsewhere);
      World& dying = begin();
      dying.die_at(write, after);
      (void)dying.push(oci, "1.2.4");
      World& next = begin();
      next.settle();
      if (store.chart_version("web") == "1.2.3") (void)next.webhook(oci, "1.2.4");  // the sender got no 200
      EXPECT_EQ(store.chart_version("web"), "1.2.4");
      ASSERT_EQ(history().size(), 2U);
      EXPECT_EQ(history()[0].image, "app:1.2.4");
      EXPECT_FALSE(history()[0].digest.empty());
      EXPECT_EQ(history()[1].image, "app:1.2.3");
      const auto annotations = store.object(web)["metadata"]["annotations"];
      EXPECT_FALSE(annotations.contains("headwind.sh/update-step"));
      EXPECT_TRUE(annotations.contains("headwind.sh/last-update"));
      EXPECT_TRUE(store.requests.empty()) << "nothing is taken for the work of somebody else";
    }
}

TEST_F(Charts, a_step_that_was_begun_and_not_done_leaves_no_history) {
  Annotations left = automatic;
  left["update-step"] =
      R"({"entries":[{"container":"chart","image":"app:1.2.4","timestamp":"2026-01-02T03:04:05Z","digest":"d"},)"
      R"({"container":"chart","image":"app:1.2.3","timestamp":""}],"lastUpdate":true})";
  store.release("web", oci, "1.2.3", left, elsewhere);
  begin().settle();
  EXPECT_TRUE(history().empty());
  EXPECT_EQ(store.patches, 1U) << "the note is taken away";
  EXPECT_FALSE(store.object(web)["metadata"]["annotations"].contains("headwind.sh/update-step"));
  begin().settle();
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(Charts, killed_at_any_write_a_rollback_of_an_OCIRepositorys_tag_has_its_history) {
  for (const bool after : {false, true})
    for (std::size_t write = 1; write <= 6; ++write) {
      SCOPED_TRACE(std::to_string(write) + (after ? " after" : " before"));
      store = Store();
      store.release("web", oci, "1.2.3", automatic, elsewhere);
      (void)begin().push(oci, "1.2.4");
      World& dying = begin();
      dying.die_at(write, after);
      const RollbackOrder order{web, "chart", {}, "op", "it is slow"};
      (void)dying.run(dying.engine->roll_back(order));
      if (!dying.dead()) dying.settle();
      World& next = begin();
      next.settle();
      if (store.chart_version("web") == "1.2.4") (void)next.run(next.engine->roll_back(order));
      next.settle();
      EXPECT_EQ(store.chart_version("web"), "1.2.3");
      EXPECT_EQ(store.request("web-1-2-4").phase, Phase::rolled_back);
      ASSERT_EQ(history().size(), 3U);
      EXPECT_EQ(history()[0].image, "app:1.2.3");
      EXPECT_FALSE(store.object(web)["metadata"]["annotations"].contains("headwind.sh/update-step"));
    }
}

}  // namespace
}  // namespace headwind::update::testing
