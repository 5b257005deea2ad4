// SPDX-License-Identifier: Apache-2.0
// One Deployment whose rollouts are followed, and what became of them.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>

#include "world.hpp"

namespace headwind::update::testing::rollout {

inline const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;
inline const RolloutView broken{RolloutView::State::failed, 0, 1, "pod web-1: container app: CrashLoopBackOff", {}, {}};
inline const RolloutView stuck{RolloutView::State::running, 0, 1, "0 of 1 replicas are updated", {}, {}};
inline const RolloutView paused{RolloutView::State::held, 0, 1, "it is paused", {}, {}};

inline Annotations with(Annotations more, bool automatic = true) {
  Annotations all{{"policy", "minor"}, {"min-update-interval", "0"}};
  if (automatic) all["require-approval"] = "false";
  all.merge(more);
  return all;
}
inline const Annotations undoing{{"auto-rollback", "true"}};

struct Rollout : ::testing::Test {
  World& deployed(const Annotations& annotations, const std::string& kind = "Deployment") {
    store.deploy(kind, "web", {{"app", "nginx:1.25.0"}}, annotations);
    World& world = launch(store, quick(), true);
    world.start();
    return world;
  }
  std::size_t told(EventType type) const {
    return static_cast<std::size_t>(
        std::count_if(store.told.begin(), store.told.end(), [&](const Notification& n) { return n.type == type; }));
  }
  bool event(const std::string& part) const {
    return std::any_of(store.events.begin(), store.events.end(),
                       [&](const std::string& text) { return text.find(part) != std::string::npos; });
  }
  std::string condition(const std::string& request, std::string_view type) const {
    const UpdateRequest stored = store.request(request);
    const Condition* found = stored.find_condition(type);
    return found != nullptr ? found->status + " " + found->reason : "";
  }
  Store store;
};

}  // namespace headwind::update::testing::rollout
