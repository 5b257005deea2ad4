// SPDX-License-Identifier: Apache-2.0
// A namespace whose HelmReleases Flux itself installs, from charts that can really be installed.
#pragma once
#include <iostream>
#include <string>

#include "charts_fixture.hpp"
#include "flux_controllers.hpp"
#include "packaged_chart.hpp"

namespace headwind::end_to_end {

class Flux : public Charts {
 protected:
  // Flux retries with growing pauses, on a machine that is busy with other tests.
  static constexpr std::chrono::seconds patience{180};

  void SetUp() override {
    if (testbed::available() && testbed::flux_binaries().empty())
      GTEST_SKIP() << "Flux's controllers are not built: run `make test-flux` (it needs Go).";
    Charts::SetUp();
    if (testbed::available()) controllers();
  }
  void TearDown() override {
    if (headwind && HasFailure()) {
      std::cerr << controllers().log("helm-controller") << "\n" << release().dump(1) << std::endl;
      std::cerr << kubectl({"-n", space, "get", "events,helmcharts,helmrepositories", "-o", "wide"}) << std::endl;
    }
    Charts::TearDown();
  }
  static FluxControllers& controllers() {
    static FluxControllers made;
    return made;
  }

  void publish(const std::string& version, Flaw flaw = Flaw::none) const {
    chart_server().publish(space, "app", version, package_chart(version, flaw));
  }
  // Flux has installed 1.2.3 and Headwind has seen it. Flux reads the index again after `interval`.
  void install(const HelmRelease& wanted, const std::string& interval = "2s") {
    publish("1.2.3");
    start();
    add_repository(chart_server().url(space), {{"interval", interval}});
    add_release(wanted);
    ASSERT_TRUE(is_under_way());
  }
  bool is_under_way() const {
    return flux_runs("1.2.3") && eventually([&] { return headwind->knows("HelmRelease", space, "web"); });
  }

  // What is in the cluster by Flux's hand.
  std::string installed_image() const { return image_of(workload("web")); }
  std::string installed_config() const {
    const Json map = get("/api/v1/namespaces/" + space + "/configmaps/web");
    return map.is_object() ? map.value("/data/version"_json_pointer, "") : "";
  }
  static std::string released(const Json& release) {
    return release.value("/status/history/0/chartVersion"_json_pointer, "");
  }
  static std::string ready(const Json& release) {
    for (const Json& one : release.value("/status/conditions"_json_pointer, Json::array()))
      if (one.at("type") == "Ready") return one.at("status");
    return {};
  }
  // Flux says so, and so it is.
  bool flux_runs(const std::string& version) const {
    return eventually(
        [&] {
          const Json now = release();
          const bool said = released(now).starts_with(version) && ready(now) == "True" &&
                            now.value("/status/observedGeneration"_json_pointer, 0) ==
                                now.value("/metadata/generation"_json_pointer, -1);
          return said && installed_image() == "example.com/app:" + version && installed_config() == version;
        },
        patience);
  }
  // How often helm-controller said that about the release.
  int told_by_flux(const std::string& reason) const {
    int times = 0;
    const Json events = get("/api/v1/namespaces/" + space + "/events");
    for (const Json& event : events.at("items"))
      if (event.value("reason", "") == reason && event.value("/source/component"_json_pointer, "") == "helm-controller")
        times += std::max(1, event.value("count", 1));
    return times;
  }
  bool is_told(const std::string& event) const {
    return eventually([&] { return !events_about(space, "web", event).empty(); }, patience);
  }
};

}  // namespace headwind::end_to_end
