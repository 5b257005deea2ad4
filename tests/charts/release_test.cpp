// SPDX-License-Identifier: Apache-2.0
// What becomes of a release after its version was patched, and what happens where Flux is not installed.
#include <thread>

#include "charts_fixture.hpp"

namespace headwind::end_to_end {
namespace {

class Releases : public Charts {
 protected:
  void run_first(const Annotations& annotations) {
    chart_server().publish(space, "app", "1.2.3");
    start();
    add_repository(chart_server().url(space));
    HelmRelease wanted;
    wanted.annotations = annotations;
    add_release(wanted);
    ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
    report("True", "InstallSucceeded", "1.2.3");
    chart_server().publish(space, "app", "1.2.4");
  }
  bool has_condition(const std::string& request, const std::string& type, const std::string& expected) const {
    return eventually([&] {
      const Json found = get(requests_path(space, request));
      if (!found.is_object()) return false;
      for (const Json& one : found.value("/status/conditions"_json_pointer, Json::array()))
        if (one.at("type") == type) return one.value("status", "") + " " + one.value("reason", "") == expected;
      return false;
    });
  }
};

TEST_F(Releases, T99_an_approved_update_stays_completed_while_Flux_lags_and_is_judged_by_its_Ready_condition) {
  run_first(on_approval());
  ASSERT_TRUE(request_for("web-1-2-4", "Pending").is_object());
  EXPECT_EQ(approve("web-1-2-4").status, 200u);
  EXPECT_TRUE(has_version("1.2.4"));
  ASSERT_TRUE(request_for("web-1-2-4", "Completed").is_object());
  EXPECT_TRUE(has_condition("web-1-2-4", "RolledOut", "Unknown Following")) << "the status is the former version's";
  report("Unknown", "Progressing", "1.2.3");
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_EQ(requests(space).size(), 1u) << "no second request";
  report("True", "UpgradeSucceeded", "1.2.4");
  EXPECT_TRUE(has_condition("web-1-2-4", "RolledOut", "True RolloutComplete"))
      << get(requests_path(space, "web-1-2-4"));
  EXPECT_EQ(phase_of(get(requests_path(space, "web-1-2-4"))), "Completed");
}

TEST_F(Releases, a_failed_upgrade_is_rolled_back_to_the_former_version_and_remembered) {
  Annotations undoing = automatic();
  undoing.emplace_back("auto-rollback", "true");
  undoing.emplace_back("health-check-retries", "1");
  run_first(undoing);
  ASSERT_TRUE(has_version("1.2.4"));
  report("False", "UpgradeFailed", "1.2.4", "Helm upgrade failed: timed out waiting for the condition");
  EXPECT_TRUE(has_version("1.2.3")) << release();
  ASSERT_TRUE(request_for("web-1-2-4", "RolledBack").is_object()) << Json(requests(space));
  report("True", "UpgradeSucceeded", "1.2.3");
  EXPECT_TRUE(has_condition("web-1-2-4", "RolledBack", "True RolloutComplete"))
      << get(requests_path(space, "web-1-2-4"));
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "rollback_completed") == 1; }));
  const std::size_t readings = chart_server().answers(space).size();
  ASSERT_TRUE(eventually([&] { return chart_server().answers(space).size() > readings; }, std::chrono::seconds(90)));
  EXPECT_EQ(version_of(release()), "1.2.3") << "it is not tried again";
}

class WithoutFlux : public Charts {};

TEST_F(WithoutFlux, T102_definitions_that_are_installed_later_are_taken_up_without_a_restart) {
  for (const char* controller : {"helm-controller", "source-controller"})
    kubectl({"delete", "--wait", "-f", (testbed::binaries() / (std::string(controller) + ".yaml")).string()});
  registry().push(repository(), "1.0.0");
  start();
  deploy({"Deployment", "plain", {{"app", image("1.0.0")}}, automatic()});
  registry().push(repository(), "1.1.0");
  EXPECT_TRUE(runs(image("1.1.0"), "plain")) << "workloads are served all the same";
  EXPECT_TRUE(eventually([&] { return headwind->log().find("cluster is prepared") != std::string::npos; }))
      << "nobody misses a right that is no use";
  install_flux();
  chart_server().publish(space, "app", "1.2.3");
  chart_server().publish(space, "app", "1.2.4");
  add_repository(chart_server().url(space));
  add_release({});
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(requests(space));
  EXPECT_EQ(headwind->stop(), 0);
}

// Flux as it was before v2: its definition of today, served under the former version's name.
class FormerFlux : public Releases {
 protected:
  static constexpr const char* definition =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/helmreleases.helm.toolkit.fluxcd.io";
  void SetUp() override {
    Releases::SetUp();
    if (IsSkipped()) return;
    Json former = get(definition);
    ASSERT_EQ(former.at("/spec/versions/0/name"_json_pointer), "v2");
    former["metadata"] = {{"name", former["metadata"]["name"]}};
    former.erase("status");
    former["spec"]["versions"][0]["name"] = "v2beta2";
    remove();
    const auto made = plane().call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", former.dump());
    ASSERT_TRUE(made.ok()) << made.body;
    release_api = "helm.toolkit.fluxcd.io/v2beta2";
    ASSERT_TRUE(eventually([&] { return get(releases()).contains("items"); }));
  }
  void TearDown() override {
    Releases::TearDown();
    if (IsSkipped()) return;
    remove();
    install_flux({"helm-controller"});
  }

 private:
  static void remove() {
    kubectl({"delete", "--wait", "customresourcedefinition", "helmreleases.helm.toolkit.fluxcd.io"});
  }
};

TEST_F(FormerFlux, releases_of_v2beta2_are_found_patched_and_judged) {
  run_first(on_approval());
  ASSERT_TRUE(request_for("web-1-2-4", "Pending").is_object());
  EXPECT_EQ(approve("web-1-2-4").status, 200u);
  EXPECT_TRUE(has_version("1.2.4")) << release();
  EXPECT_EQ(release().at("apiVersion"), "helm.toolkit.fluxcd.io/v2beta2");
  EXPECT_EQ(history_of(release()).at(0).at("image"), "app:1.2.4");
  EXPECT_TRUE(has_condition("web-1-2-4", "RolledOut", "Unknown Following"));
  report("True", "UpgradeSucceeded", "1.2.4");
  EXPECT_TRUE(has_condition("web-1-2-4", "RolledOut", "True RolloutComplete"))
      << get(requests_path(space, "web-1-2-4"));
}

}  // namespace
}  // namespace headwind::end_to_end
