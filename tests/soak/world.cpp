// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>

namespace headwind::soak {

using end_to_end::plane;

World::World(const Settings& settings)
    : dice(settings.seed), targets(make_targets(30)), sender(std::make_unique<Sender>()) {
  for (const char* user : {"alice", "bob"}) end_to_end::bind(user, "headwind-approver", "approve");
  end_to_end::OperatorSettings run{.auth = "token", .registry = registry.host(), .notified = receiver.url()};
  run.token = testbed::ControlPlane::token("alice");
  run.rollouts["maxConcurrent"] = 12;
  run.rollouts["maxConcurrentPerNamespace"] = 4;
  headwind = std::make_unique<end_to_end::OperatorProcess>(run);
  for (const std::string& space : name_spaces()) plane().create_namespace(space);
}

Target* World::find(const std::string& kind, const std::string& name_space, const std::string& name) {
  const auto found = std::find_if(targets.begin(), targets.end(), [&](const Target& one) {
    return one.kind == kind && one.name_space == name_space && one.name == name;
  });
  return found == targets.end() ? nullptr : &*found;
}

void World::make_workloads() {
  for (const Target& target : targets)
    for (const Slot& slot : target.slots) {
      Shelf& shelf = shelves[slot.repository];
      if (!shelf.tags.empty()) continue;
      shelf.repository = slot.repository;
      shelf.digests["1.0.0"] = registry.push(slot.repository, "1.0.0");
      shelf.tags.insert("1.0.0");
      shelf.lines[{1, 0}] = 0;
    }
  for (Target& target : targets) create(target, "1.0.0");
  start_operator();
}

}  // namespace headwind::soak
