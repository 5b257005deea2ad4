// SPDX-License-Identifier: Apache-2.0
// Charts out of Helm repositories over HTTP.
#include <thread>

#include "charts_fixture.hpp"

namespace headwind::end_to_end {
namespace {

class HttpCharts : public Charts {
 protected:
  void publish(const std::vector<std::string>& versions, const std::string& chart = "app") const {
    for (const std::string& version : versions) chart_server().publish(space, chart, version);
  }
  std::string url() const { return chart_server().url(space); }
};

TEST_F(HttpCharts, T91_a_newer_chart_is_proposed_without_polling_being_enabled) {
  publish({"1.2.3", "1.2.4", "2.0.0", "1.3.0-rc.1"});
  start();
  add_repository(url());
  add_release({});
  const Json request = request_for("web-1-2-4", "Pending");
  ASSERT_TRUE(request.is_object()) << Json(requests(space));
  EXPECT_EQ(request.at("/spec/updateType"_json_pointer), "helmChart");
  EXPECT_EQ(request.at("/spec/currentImage"_json_pointer), "app:1.2.3");
  EXPECT_EQ(request.at("/spec/newImage"_json_pointer), "app:1.2.4");
  EXPECT_FALSE(request.at("spec").contains("containerName"));
  EXPECT_EQ(request.at("/spec/targetRef/kind"_json_pointer), "HelmRelease");
  EXPECT_EQ(request.at("/spec/reason"_json_pointer), "New chart version 1.2.4 available");
  EXPECT_EQ(version_of(release()), "1.2.3") << "it waits for a person";
  EXPECT_EQ(headwind->metric("headwind_helm_releases_watched"), 1);
}

TEST_F(HttpCharts, T100_each_request_is_told_once_and_T101_an_index_is_sent_again_only_where_it_changed) {
  publish({"1.2.3", "1.2.4"});
  start();
  add_repository(url());
  add_release({});
  ASSERT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(requests(space));
  const auto read_again = [&] {
    const std::size_t readings = chart_server().answers(space).size();
    return eventually([&] { return chart_server().answers(space).size() >= readings + 1; }, std::chrono::seconds(90));
  };
  ASSERT_TRUE(read_again());
  EXPECT_EQ(receiver->count(space, "update_request_created"), 1);
  publish({"1.2.5"});
  ASSERT_TRUE(request_for("web-1-2-5", "Pending").is_object()) << Json(requests(space));
  ASSERT_TRUE(read_again());
  EXPECT_EQ(receiver->count(space, "update_request_created"), 2);
  const std::vector<unsigned> answers = chart_server().answers(space);
  EXPECT_EQ(std::count(answers.begin(), answers.end(), 200u), 2) << Json(answers);
  EXPECT_EQ(answers.front(), 200u);
  EXPECT_EQ(answers.back(), 304u) << Json(answers);
  EXPECT_EQ(static_cast<std::size_t>(std::count(answers.begin(), answers.end(), 304u)), answers.size() - 2);
}

TEST_F(HttpCharts, T91_nothing_is_looked_for_where_discovery_is_off) {
  publish({"1.2.3", "1.2.4"});
  OperatorSettings off = settings();
  off.environment.emplace_back("HEADWIND_HELM_AUTO_DISCOVERY=false");
  EndToEnd::start(off);
  add_repository(url());
  add_release({});
  ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
  std::this_thread::sleep_for(std::chrono::seconds(3));
  EXPECT_TRUE(chart_server().answers(space).empty());
  EXPECT_TRUE(requests(space).empty());
}

TEST_F(HttpCharts, T92_an_automatic_update_patches_the_version_and_nothing_else) {
  publish({"1.2.3"});
  start();
  add_repository(url());
  HelmRelease wanted;
  wanted.annotations = {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "600"}};
  wanted.values = {{"replicas", 2}};
  add_release(wanted);
  ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
  Json before = release();
  const std::uint64_t mark = plane().audit().mark();
  publish({"1.2.4"});
  ASSERT_TRUE(has_version("1.2.4"));
  Json after = release();
  before["spec"]["chart"]["spec"]["version"] = "1.2.4";
  EXPECT_EQ(after["spec"], before["spec"]);
  EXPECT_FALSE(annotation_of(after, "last-update").empty());
  ASSERT_EQ(history_of(after).size(), 2u);
  EXPECT_EQ(history_of(after)[0].at("image"), "app:1.2.4");
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "update_completed") == 1; }));
  publish({"1.2.5"});
  ASSERT_TRUE(eventually([&] { return headwind->metric("headwind_updates_skipped_interval_total") >= 1; }));
  EXPECT_EQ(version_of(release()), "1.2.4") << "the interval is not over";
  EXPECT_EQ(accepted_writes(space, mark).size(), 1u) << Json(accepted_writes(space, mark));
  EXPECT_EQ(headwind->metric("headwind_helm_updates_applied_total"), 1);
}

TEST_F(HttpCharts, T93_an_account_of_the_sources_Secret_opens_the_index) {
  publish({"1.2.3", "1.2.4"});
  chart_server().guard(space, "ci", "s3cret");
  kubectl({"-n", space, "create", "secret", "generic", "charts", "--from-literal=username=ci",
           "--from-literal=password=s3cret"});
  start();
  add_repository(url(), {{"secretRef", {{"name", "charts"}}}});
  add_release({});
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(requests(space));
  EXPECT_EQ(headwind->log().find("s3cret"), std::string::npos);
}

TEST_F(HttpCharts, an_upload_of_a_chart_that_Harbor_tells_is_proposed_at_once) {
  const std::string home = "chartrepo/" + space;
  chart_server().publish(home, "app", "1.2.3");
  OperatorSettings quiet = settings();
  quiet.environment.emplace_back("HEADWIND_HELM_AUTO_DISCOVERY=false");
  EndToEnd::start(quiet);
  add_repository(chart_server().url(home));
  add_release({});
  ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
  chart_server().publish(home, "app", "1.2.4");
  const Json event{
      {"type", "UPLOAD_CHART"},
      {"occur_at", 1640000000},
      {"operator", "admin"},
      {"event_data",
       {{"resources", {{{"tag", "1.2.4"}, {"resource_url", chart_server().url(home) + "/charts/app-1.2.4.tgz"}}}},
        {"repository",
         {{"name", "app"}, {"namespace", space}, {"repo_full_name", space + "/app"}, {"repo_type", "private"}}}}}};
  EXPECT_EQ(OperatorProcess::webhook("harbor", event).status, 200u);
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(requests(space));
}

TEST_F(HttpCharts, T94_a_chart_out_of_git_is_left_alone_and_T95_a_source_may_be_in_another_namespace) {
  publish({"1.2.3", "1.2.4"});
  plane().create_namespace(space + "-other");
  start();
  add_repository(url(), Json::object(), space + "-other");
  HelmRelease git;
  git.name = "git", git.source = "GitRepository/charts";
  add_release(git);
  HelmRelease near;
  near.name = "near";
  add_release(near);
  HelmRelease far;
  far.source_namespace = space + "-other";
  add_release(far);
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object());
  EXPECT_EQ(requests(space).size(), 1u) << "neither of the others has a source that is known";
}

TEST_F(HttpCharts, a_version_that_a_person_rejects_is_no_rejection_by_the_policy) {
  publish({"1.2.3", "1.2.4"});
  start();
  add_repository(url());
  add_release({});
  ASSERT_TRUE(request_for("web-1-2-4", "Pending").is_object());
  EXPECT_EQ(headwind->metric("headwind_helm_updates_rejected_total"), 0);
  EXPECT_EQ(headwind->api("POST", "/api/v1/updates/" + space + "/web-1-2-4/reject", {{"reason", "not now"}}).status,
            200u);
  EXPECT_TRUE(request_for("web-1-2-4", "Rejected").is_object());
  EXPECT_EQ(headwind->metric("headwind_updates_rejected_total"), 1);
  EXPECT_EQ(headwind->metric("headwind_helm_updates_rejected_total"), 0);
}

TEST_F(HttpCharts, T96_a_pattern_chooses_among_versions) {
  publish({"1.2.3", "1.2.4", "1.3.0", "2.0.0"});
  start();
  add_repository(url());
  HelmRelease wanted;
  wanted.annotations = {{"policy", "glob"}, {"pattern", "1.2.*"}};
  add_release(wanted);
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(requests(space));
}

TEST_F(HttpCharts, T97_the_newest_version_is_stable_under_all_and_force) {
  publish({"1.2.3"});
  publish({"1.2.3"}, "other");
  start();
  add_repository(url());
  for (const char* policy : {"all", "force"}) {
    HelmRelease wanted;
    wanted.name = policy, wanted.chart = std::string(policy) == "all" ? "app" : "other";
    wanted.annotations = {{"policy", policy}, {"require-approval", "false"}, {"min-update-interval", "0"}};
    add_release(wanted);
  }
  const std::uint64_t mark = plane().audit().mark();
  ASSERT_TRUE(eventually([&] { return chart_server().answers(space).size() >= 2; }));
  EXPECT_TRUE(accepted_writes(space, mark).empty()) << Json(accepted_writes(space, mark));
}

TEST_F(HttpCharts, T101_one_malformed_entry_spoils_no_other_and_an_index_is_read_once_for_all) {
  chart_server().spoil(space, "  broken:\n  - {name: broken, version: not-a-version, urls: []}\n  - 17\n");
  publish({"1.2.3", "1.2.4"});
  publish({"3.0.0", "3.1.0"}, "second");
  OperatorSettings usual = settings();
  usual.instances = Json::array();  // an index is fresh for a minute
  EndToEnd::start(usual);
  add_repository(url());
  add_release({});
  HelmRelease second;
  second.name = "second", second.chart = "second", second.version = "3.0.0";
  add_release(second);
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object());
  EXPECT_TRUE(request_for("second-3-1-0", "Pending").is_object());
  EXPECT_EQ(chart_server().answers(space), std::vector<unsigned>{200u}) << "one reading for both";
}

TEST_F(HttpCharts, a_range_is_left_to_Flux_and_said_once) {
  publish({"1.2.3", "1.2.4"});
  start();
  add_repository(url());
  HelmRelease wanted;
  wanted.version = "1.2.*";
  add_release(wanted);
  EXPECT_TRUE(eventually([&] { return !events_about(space, "web", "VersionRange").empty(); }));
  EXPECT_TRUE(chart_server().answers(space).empty()) << "nobody asks for a chart that is not updated";
}

TEST_F(HttpCharts, a_repository_that_is_made_after_its_release_is_found) {
  publish({"1.2.3", "1.2.4"});
  start();
  add_release({});
  ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
  add_repository(url());
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object());
}

}  // namespace
}  // namespace headwind::end_to_end
