// SPDX-License-Identifier: Apache-2.0
// The whole way of a chart: its index, Headwind, Flux, Helm, the cluster, and back to Headwind's verdict.
#include <thread>

#include "flux_fixture.hpp"

namespace headwind::end_to_end {
namespace {

HelmRelease by_itself() {
  HelmRelease wanted;
  wanted.annotations = automatic();
  return wanted;
}

constexpr const char* charts_checked = "headwind_polling_helm_charts_checked_total";

HelmRelease undoing() {
  HelmRelease wanted = by_itself();
  wanted.annotations.emplace_back("auto-rollback", "true");
  return wanted;
}

TEST_F(Flux, installs_the_version_that_was_written_and_it_counts_as_rolled_out) {
  install(by_itself());
  Json before = release();
  publish("1.2.4");
  ASSERT_TRUE(has_version("1.2.4"));
  EXPECT_TRUE(flux_runs("1.2.4"));
  EXPECT_TRUE(is_told("RolledOut"));
  Json after = release();
  before["spec"]["chart"]["spec"]["version"] = "1.2.4";
  EXPECT_EQ(after["spec"], before["spec"]) << "nothing else is changed";
  ASSERT_EQ(history_of(after).size(), 2u);
  EXPECT_EQ(history_of(after)[0].at("image"), "app:1.2.4");
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "rollout_completed") == 1; }));
  EXPECT_TRUE(requests(space).empty()) << Json(requests(space));
}

class FailedUpgrade : public Flux, public ::testing::WithParamInterface<Flaw> {};

TEST_P(FailedUpgrade, is_undone_by_Headwind_and_then_by_Flux_and_not_tried_again) {
  install(undoing());
  publish("1.2.4", GetParam());
  ASSERT_TRUE(has_version("1.2.4"));
  ASSERT_TRUE(eventually([&] { return version_of(release()) == "1.2.3"; }, patience));
  const Json request = request_for("web-1-2-4", "RolledBack");
  ASSERT_TRUE(request.is_object()) << Json(requests(space));
  EXPECT_THAT(request.value("/spec/rollback/reason"_json_pointer, ""), testing::HasSubstr("UpgradeFailed"));
  EXPECT_TRUE(flux_runs("1.2.3"));
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "rollback_completed") == 1; }, patience));
  const double readings = headwind->metric(charts_checked);
  ASSERT_TRUE(eventually([&] { return headwind->metric(charts_checked) >= readings + 2; }, patience));
  EXPECT_EQ(version_of(release()), "1.2.3") << "it is not tried again";
  publish("1.2.5");
  ASSERT_TRUE(has_version("1.2.5")) << "a newer one is another matter";
  EXPECT_TRUE(flux_runs("1.2.5"));
}

INSTANTIATE_TEST_SUITE_P(Charts, FailedUpgrade, testing::Values(Flaw::unrenderable, Flaw::refused),
                         [](const auto& info) {
                           return info.param == Flaw::refused ? "that_the_API_server_refuses"
                                                              : "that_cannot_be_rendered";
                         });

// Flux reads an index by its own interval: Headwind may know of a version long before. Flux itself may take half a
// minute to say so (--requeue-dependency), which is why the timeout is not shorter.
TEST_F(Flux, a_version_that_its_index_does_not_list_yet_is_waited_for) {
  HelmRelease wanted = undoing();
  wanted.annotations.emplace_back("rollback-timeout", "60");
  install(wanted, "1h");
  publish("1.2.4");
  ASSERT_TRUE(has_version("1.2.4"));
  EXPECT_TRUE(is_told("RolloutHeld"));
  std::this_thread::sleep_for(std::chrono::seconds(65));
  EXPECT_EQ(version_of(release()), "1.2.4") << "its time has not begun";
  kubectl({"-n", space, "annotate", "helmrepository/charts", "reconcile.fluxcd.io/requestedAt=now"});
  EXPECT_TRUE(flux_runs("1.2.4"));
  EXPECT_TRUE(is_told("RolledOut"));
  // One that is held is remembered by a request, which tells how it ended.
  const auto ended = [&] {
    const auto kept = requests(space);
    if (kept.size() != 1 || kept.front().at("/status/phase"_json_pointer) != "Completed") return false;
    for (const Json& condition : kept.front().at("/status/conditions"_json_pointer))
      if (condition["type"] == "RolledOut") return condition["status"] == "True";
    return false;
  };
  EXPECT_TRUE(eventually(ended)) << Json(requests(space));
}

// What Flux is asked to do after a failure comes first: to go back and to try twice more.
TEST_F(Flux, its_own_retries_are_over_before_Headwind_goes_back) {
  HelmRelease wanted = undoing();
  wanted.annotations.emplace_back("health-check-retries", "1");
  wanted.more["upgrade"]["remediation"] = {{"retries", 2}};
  install(wanted);
  publish("1.2.4", Flaw::refused);
  ASSERT_TRUE(has_version("1.2.4"));
  ASSERT_TRUE(eventually([&] { return version_of(release()) == "1.2.3"; }, patience));
  EXPECT_EQ(told_by_flux("UpgradeFailed"), 3);
  EXPECT_TRUE(request_for("web-1-2-4", "RolledBack").is_object()) << Json(requests(space));
  EXPECT_TRUE(flux_runs("1.2.3"));
}

}  // namespace
}  // namespace headwind::end_to_end
