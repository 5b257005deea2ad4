// SPDX-License-Identifier: Apache-2.0
// What was pushed and never announced.
#include <gtest/gtest.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string app = "registry.test/app";
using Annotations = std::map<std::string, std::string>;

struct Wanted final : Polling {
  void want(const inventory::Workload& workload, std::vector<Interest> interests,
            std::chrono::seconds interval) override {
    wishes.insert_or_assign(workload.key.name, std::pair(std::move(interests), interval));
  }
  void drop(const inventory::WorkloadKey& workload) override { wishes.erase(workload.name); }
  void open() override {}
  bool has(const std::string& name) const { return wishes.contains(name) && !wishes.at(name).first.empty(); }
  std::map<std::string, std::pair<std::vector<Interest>, std::chrono::seconds>> wishes;
};

struct Sweep : ::testing::Test {
  void deploy(const std::string& name, Annotations more = {}) {
    more.merge(Annotations{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
    store.deploy("Deployment", name, {{"app", app + ":1.0.0"}}, more);
  }
  World& begin(SweepMode mode) {
    EngineOptions options = quick();
    options.sweep = mode;
    options.polling = false;
    World* world = new World(store, options, [this](World&) { return &wanted; });
    worlds.push_back(world);
    world->start();
    return *world;
  }
  // What a sweep reads. `age`: how long ago all of it was pushed; 0: the registry does not tell.
  void sweep(World& world, std::int64_t age_ms = 3'600'000) {
    const std::int64_t pushed = age_ms == 0 ? 0 : system_clock().unix_ms() - age_ms;
    std::vector<Candidate> list;
    for (const auto& [image, digest] : store.registry) list.push_back({image.substr(app.size() + 1), {}, pushed});
    world.engine->listed(app, std::make_shared<const std::vector<Candidate>>(std::move(list)),
                         world.inventory.using_repository(app));
    world.settle();
  }
  double gaps(World& world) {
    return world.metrics.counter("headwind_webhook_gap_total", "", {{"source", "registry.test"}}).value();
  }
  Store store;
  Wanted wanted;
  static inline std::vector<World*>& worlds = *new std::vector<World*>();  // reachable, never freed
};

TEST_F(Sweep, T78_off_it_asks_for_nothing_and_takes_nothing_from_a_list) {
  deploy("web");
  World& world = begin(SweepMode::off);
  EXPECT_FALSE(wanted.has("web"));
  store.push(app, "1.1.0");
  sweep(world);
  EXPECT_EQ(store.patches, 0U);
  EXPECT_EQ(gaps(world), 0);
}

TEST_F(Sweep, reporting_tells_and_counts_once_and_changes_nothing) {
  deploy("web");
  deploy("twin");
  World& world = begin(SweepMode::report);
  EXPECT_TRUE(wanted.has("web"));
  EXPECT_EQ(wanted.wishes["web"].second, std::chrono::hours(6));
  store.push(app, "1.1.0");
  for (int round = 0; round < 3; ++round) sweep(world);
  EXPECT_EQ(store.patches, 0U);
  EXPECT_EQ(world.look_ups, 0U);
  EXPECT_EQ(gaps(world), 1) << "one version, however many workloads miss it";
  EXPECT_EQ(store.events.size(), 2U) << "one for each workload";
  EXPECT_NE(store.events.front().find("WebhookMissed"), std::string::npos);
  world.webhook(app, "1.1.0");
  EXPECT_EQ(store.patches, 2U) << "the webhook still works";
}

TEST_F(Sweep, applying_does_what_polling_would) {
  deploy("web");
  deploy("asks", {{"require-approval", "true"}});
  World& world = begin(SweepMode::apply);
  store.push(app, "1.1.0");
  sweep(world);
  EXPECT_EQ(store.image("web"), app + ":1.1.0");
  EXPECT_EQ(store.request("asks-app-1-1-0").phase, Phase::pending);
  EXPECT_EQ(gaps(world), 1);
  sweep(world);
  EXPECT_EQ(store.patches, 1U);
  EXPECT_EQ(gaps(world), 1);
}

TEST_F(Sweep, none_force_suspended_and_polled_workloads_are_left_out) {
  deploy("none", {{"policy", "none"}});
  deploy("force", {{"policy", "force"}});
  deploy("suspended", {{"suspend", "true"}});
  deploy("polling", {{"event-source", "polling"}});
  deploy("frozen", {{"event-source", "none"}});
  World& world = begin(SweepMode::apply);
  for (const char* name : {"none", "force", "suspended", "polling", "frozen"}) EXPECT_FALSE(wanted.has(name)) << name;
  store.push(app, "1.1.0");
  sweep(world);
  EXPECT_EQ(store.patches, 0U);
  EXPECT_EQ(gaps(world), 0);
}

TEST_F(Sweep, what_is_remembered_as_bad_is_not_brought_back) {
  deploy("undone");
  deploy("refused", {{"require-approval", "true"}});
  World& world = begin(SweepMode::apply);
  store.push(app, "1.1.0");
  sweep(world);
  ASSERT_TRUE(world.run(world.engine->roll_back({deployment("undone"), "app", {}, "op", "slow"})));
  ASSERT_TRUE(world.run(world.engine->reject({"prod", "refused-app-1-1-0"}, "op", "no")));
  world.settle();
  const std::size_t patches = store.patches;
  for (int round = 0; round < 3; ++round) sweep(world);
  EXPECT_EQ(store.image("undone"), app + ":1.0.0");
  EXPECT_EQ(store.patches, patches);
  EXPECT_EQ(store.request("undone-app-1-1-0").phase, Phase::rolled_back);
  EXPECT_EQ(store.request("refused-app-1-1-0").phase, Phase::rejected);
  store.push(app, "1.1.1");
  sweep(world);
  EXPECT_EQ(store.image("undone"), app + ":1.1.1");
  EXPECT_EQ(store.request("refused-app-1-1-1").phase, Phase::pending);
}

TEST_F(Sweep, what_a_webhook_announced_is_no_gap) {
  deploy("web", {{"require-approval", "true"}});
  World& world = begin(SweepMode::report);
  world.push(app, "1.1.0");
  ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-app-1-1-0"}, "a")));
  store.edit(deployment("web"), [](nlohmann::json& object) {
    object["spec"]["template"]["spec"]["containers"][0]["image"] = app + ":1.0.0";
  });
  world.watch();
  world.settle();
  sweep(world);
  EXPECT_EQ(gaps(world), 0);
}

TEST_F(Sweep, a_young_push_is_given_time_for_its_webhook) {
  deploy("web");
  World& world = begin(SweepMode::apply);
  store.push(app, "1.1.0");
  sweep(world, 1'000);
  EXPECT_EQ(store.patches, 0U) << "its push time is known";
  sweep(world, 0);
  EXPECT_EQ(store.patches, 0U) << "seen for the first time";
  EXPECT_EQ(gaps(world), 0);
  world.webhook(app, "1.1.0");
  EXPECT_EQ(store.patches, 1U);
  EXPECT_EQ(gaps(world), 0);
}

}  // namespace
}  // namespace headwind::update::testing
