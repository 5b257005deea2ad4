// SPDX-License-Identifier: Apache-2.0
// A namespace with Flux's objects, a Helm repository over HTTP, and the operator that reads it.
#pragma once
#include <string>

#include "chart_server.hpp"
#include "flux_objects.hpp"

namespace headwind::end_to_end {

inline ChartServer& chart_server() {
  static ChartServer made;
  return made;
}

class Charts : public EndToEnd, protected FluxObjects {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (!testbed::available()) return;
    need_flux();
    flux_space = space;
  }
  void TearDown() override {
    EndToEnd::TearDown();
    if (headwind) plane().call("DELETE", releases());
  }

  OperatorSettings settings() const {
    OperatorSettings with = EndToEnd::settings();
    with.registries.push_back({chart_server().host()});
    with.instances.push_back(
        {{"name", "helm"}, {"plugin", "headwind.registry.helm"}, {"settings", {{"freshness", 2}}}});
    return with;
  }
  void start() { EndToEnd::start(settings()); }

  Reply approve(const std::string& request) const {
    return headwind->api("POST", "/api/v1/updates/" + space + "/" + request + "/approve", Json::object());
  }
};

}  // namespace headwind::end_to_end
