// SPDX-License-Identifier: Apache-2.0
// The whole way of a chart: its index, Headwind, Flux, Helm, the cluster, and back to Headwind's verdict.
#include "flux_fixture.hpp"

namespace headwind::end_to_end {
namespace {

HelmRelease by_itself() {
  HelmRelease wanted;
  wanted.annotations = automatic();
  return wanted;
}

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
  const std::size_t readings = chart_server().answers(space).size();
  ASSERT_TRUE(eventually([&] { return chart_server().answers(space).size() > readings + 20; }, patience));
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

}  // namespace
}  // namespace headwind::end_to_end
