// SPDX-License-Identifier: Apache-2.0
// The process is killed at every write, before and after it was done, and started again: the workload is patched
// exactly once and everything ends as if nothing had happened. The same on the real server: tests/end_to_end.
#include <gtest/gtest.h>

#include <functional>

#include "update/history.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;

struct Scenario {
  Annotations annotations;
  std::function<void(World&)> act;    // what the outside does, once
  std::function<void(World&)> again;  // what people and senders do after a restart, where their call was cut
  std::map<std::string, RolloutView> fates = {};  // of images: then rollouts are followed
  std::vector<std::pair<std::string, std::string>> containers = {{"app", "nginx:1.25.0"}};
};

std::string conditions_of(const std::string& name, const UpdateRequest& request) {
  std::string text = name + " " + std::string(to_string(request.phase));
  for (const Condition& one : request.conditions) text += " " + one.type + "=" + one.status + "/" + one.reason;
  return text;
}

// What must be the same however often the process died.
std::string end_state(const Store& store) {
  std::string text = store.image("web");
  const auto annotations = store.workloads.at(deployment("web"))["metadata"]["annotations"];
  for (const auto& entry : read_history(annotations.value("headwind.sh/update-history", "")))
    text += " | " + entry.image + " " + entry.request_name;
  for (const std::string& name : store.request_names()) text += " | " + conditions_of(name, store.request(name));
  return text + " | patches " + std::to_string(store.patches) + " | inbox " + std::to_string(store.inbox.size());
}

void survives(const Scenario& scenario) {
  const auto prepare = [&](Store& store) {
    std::vector<Container> containers;
    for (const auto& [name, image] : scenario.containers) containers.push_back({name, image});
    store.deploy("Deployment", "web", containers, scenario.annotations);
  };
  Store undisturbed;
  prepare(undisturbed);
  const auto begin = [&](Store& store) -> World& {
    World& world = launch(store, quick(), !scenario.fates.empty());
    world.fates = scenario.fates;
    return world;
  };
  World& whole = begin(undisturbed);
  whole.start();
  scenario.act(whole);
  whole.settle();
  const std::string expected = end_state(undisturbed);
  ASSERT_GT(whole.writes(), 0U);

  for (std::size_t n = 1; n <= whole.writes(); ++n) {
    for (const bool after : {false, true}) {
      Store store;
      prepare(store);
      World& first = begin(store);
      first.die_at(n, after);
      first.start();
      scenario.act(first);
      World& second = begin(store);
      second.start();
      if (first.dead()) scenario.again(second);
      second.settle();
      EXPECT_EQ(end_state(store), expected)
          << "killed at write " << n << (after ? ", after" : ", before") << " it was done";
    }
  }
}

TEST(Crash, an_automatic_update_survives_every_kill) {
  const auto post = [](World& world) { world.push(nginx, "1.26.0"); };
  survives({{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}},
            post,
            // The sender got no 200 where the inbox had not been written: it sends again.
            [](World& world) {
              if (world.store.inbox.empty() && world.store.patches == 0) world.webhook(nginx, "1.26.0");
            }});
}

TEST(Crash, T56_an_approved_update_survives_every_kill) {
  const auto approve = [](World& world) {
    if (world.dead()) return;
    const auto request = world.engine->request({"prod", "web-app-1-26-0"});
    if (request && request->phase == Phase::pending) world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
    world.settle();
  };
  survives({{{"policy", "minor"}, {"min-update-interval", "0"}},
            [approve](World& world) {
              world.push(nginx, "1.26.0");
              approve(world);
            },
            [approve](World& world) {
              if (world.store.requests.empty()) world.webhook(nginx, "1.26.0");
              approve(world);
            }});
}

TEST(Crash, a_rollback_survives_every_kill) {
  const auto roll_back = [](World& world) {
    if (world.dead() || world.store.image("web") != "nginx:1.26.0") return;
    world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "slow"}));
    world.settle();
  };
  survives({{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}},
            [roll_back](World& world) {
              world.push(nginx, "1.26.0");
              roll_back(world);
            },
            [roll_back](World& world) {
              if (world.store.patches == 0) world.webhook(nginx, "1.26.0");
              if (world.store.requests.empty()) roll_back(world);
            }});
}

const RolloutView broken{RolloutView::State::failed, 0, 1, "it crashes", {}, {}};
const Annotations undoing{
    {"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}, {"auto-rollback", "true"}};

void again_where_lost(World& world) {
  if (world.store.inbox.empty() && world.store.patches == 0) world.webhook(nginx, "1.26.0");
}

TEST(Crash, an_automatic_rollback_survives_every_kill) {
  const auto post = [](World& world) { world.push(nginx, "1.26.0"); };
  survives({undoing, post, again_where_lost, {{"nginx:1.26.0", broken}}});
}

TEST(Crash, an_automatic_rollback_of_two_slots_survives_every_kill) {
  const auto post = [](World& world) { world.push(nginx, "1.26.0"); };
  survives({undoing,
            post,
            again_where_lost,
            {{"nginx:1.26.0", broken}},
            {{"app", "nginx:1.25.0"}, {"side", "nginx:1.25.0"}}});
}

TEST(Crash, a_failure_that_stays_survives_every_kill) {
  Annotations staying = undoing;
  staying.erase("auto-rollback");
  const auto post = [](World& world) { world.push(nginx, "1.26.0"); };
  survives({staying, post, again_where_lost, {{"nginx:1.26.0", broken}}});
}

TEST(Crash, an_approved_update_that_fails_survives_every_kill) {
  Annotations asking = undoing;
  asking.erase("require-approval");
  const auto approve = [](World& world) {
    if (world.dead()) return;
    const auto request = world.engine->request({"prod", "web-app-1-26-0"});
    if (request && request->phase == Phase::pending) world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
    world.settle();
  };
  survives({asking,
            [approve](World& world) {
              world.push(nginx, "1.26.0");
              approve(world);
            },
            [approve](World& world) {
              if (world.store.requests.empty()) world.webhook(nginx, "1.26.0");
              approve(world);
            },
            {{"nginx:1.26.0", broken}}});
}

}  // namespace
}  // namespace headwind::update::testing
