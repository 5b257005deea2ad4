// SPDX-License-Identifier: Apache-2.0
// A namespace of its own for each test, the operator running, a registry that tells it what is pushed.
#pragma once
#include <gmock/gmock.h>

#include <memory>

#include "cluster.hpp"
#include "operator_process.hpp"
#include "receiver.hpp"
#include "registry.hpp"
#include "testbed/gtest.hpp"

namespace headwind::end_to_end {

// One for all tests of the program; it notifies whichever operator listens.
inline const Registry& registry() {
  static const Registry made({.notified = OperatorProcess::webhook_url()});
  return made;
}
// One that tells nobody: for tests that announce pushes themselves.
inline const Registry& silent_registry() {
  static const Registry made;
  return made;
}

class EndToEnd : public ::testing::Test {
 protected:
  void SetUp() override {
    HEADWIND_NEEDS_CONTROL_PLANE();
    static int number = 0;
    space = "e2e-" + std::to_string(++number);
    plane().create_namespace(space);
    receiver = std::make_unique<Receiver>();
  }
  void TearDown() override {
    if (!headwind) return;
    if (HasFailure()) std::cerr << headwind->log() << std::endl;
    // The next test's operator neither polls for these nor waits for what was announced to them.
    for (const std::string& used : {space, space + "-other", space + "-b", "a-" + space})
      for (const char* plural : {"deployments", "statefulsets", "daemonsets"})
        plane().call("DELETE", "/apis/apps/v1/namespaces/" + used + "/" + plural);
  }

  OperatorSettings settings() const { return {.registry = registry().host(), .notified = receiver->url()}; }
  void start(const OperatorSettings& with) {
    headwind = std::make_unique<OperatorProcess>(with);
    headwind->start();
  }
  void start() { start(settings()); }

  std::string repository() const { return space + "/app"; }
  std::string image(const std::string& tag) const { return registry().host() + "/" + repository() + ":" + tag; }
  // Created, and seen by the operator.
  void deploy(const Workload& workload) const {
    create(space, workload);
    ASSERT_TRUE(eventually([&] { return headwind->knows(workload.kind, space, workload.name); })) << workload.name;
  }
  Json workload(const std::string& name = "web", const std::string& kind = "Deployment") const {
    return get(path_of(kind, space, name));
  }
  bool runs(const std::string& expected, const std::string& name = "web",
            const std::string& kind = "Deployment") const {
    return eventually([&] { return image_of(workload(name, kind)) == expected; });
  }
  // The only UpdateRequest of the namespace, once it has that phase.
  Json request_in(const std::string& phase) const {
    eventually([&] {
      const auto all = requests(space);
      return all.size() == 1 && phase_of(all[0]) == phase;
    });
    const auto all = requests(space);
    return all.size() == 1 ? all[0] : Json(all);
  }
  // The request of that name, once it has that phase; else null.
  Json request_for(const std::string& name, const std::string& phase) const {
    eventually([&] { return phase_of(get(requests_path(space, name))) == phase; });
    const Json found = get(requests_path(space, name));
    return phase_of(found) == phase ? found : Json();
  }
  std::string name_of(const Json& request) const { return request.at("/metadata/name"_json_pointer); }

  std::string space;
  std::unique_ptr<Receiver> receiver;
  std::unique_ptr<OperatorProcess> headwind;
};

}  // namespace headwind::end_to_end
