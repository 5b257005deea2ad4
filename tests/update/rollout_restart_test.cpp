// SPDX-License-Identifier: Apache-2.0
// What becomes of rollouts over a restart of the operator that takes its time.
#include <regex>

#include "core/clock.hpp"
#include "rollout_fixture.hpp"
#include "update/history.hpp"

namespace headwind::update::testing::rollout {
namespace {

struct LateRestart : Rollout {
  // As if everything that the cluster knows had happened that much earlier.
  void age(std::chrono::milliseconds time) {
    for (auto& [key, object] : store.workloads) object = earlier(object, time.count());
    for (auto& [key, object] : store.requests) object = earlier(object, time.count());
  }
  World& restart(const RolloutView& fate) {
    World& world = launch(store, quick(), true);
    world.fates["nginx:1.26.0"] = fate;
    world.start();
    world.settle();
    return world;
  }
  World& approved(const RolloutView& fate) {
    World& world = deployed(with(undoing, false));
    world.fates["nginx:1.26.0"] = fate;
    world.push(nginx, "1.26.0");
    world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
    world.settle();
    return world;
  }
  World& automatic(const RolloutView& fate, Annotations more = {}) {
    more.merge(Annotations(undoing));
    World& world = deployed(with(more));
    world.fates["nginx:1.26.0"] = fate;
    world.push(nginx, "1.26.0");
    world.settle();
    return world;
  }
  std::int64_t since(std::string_view type) const {
    return store.request("web-app-1-26-0").find_condition(type)->since_ms;
  }

 private:
  static nlohmann::json earlier(const nlohmann::json& object, std::int64_t ms) {
    static const std::regex moment(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)");
    const std::string text = object.dump();
    std::string aged;
    auto rest = text.begin();
    for (std::sregex_iterator found(text.begin(), text.end(), moment); found != std::sregex_iterator(); ++found) {
      aged.append(rest, (*found)[0].first).append(format_rfc3339(*parse_rfc3339(found->str()) - ms));
      rest = (*found)[0].second;
    }
    return nlohmann::json::parse(aged.append(rest, text.end()));
  }
};

TEST_F(LateRestart, one_that_was_held_has_its_whole_time_when_it_goes_on) {
  approved(paused);
  age(std::chrono::hours(1));
  World& world = restart(paused);
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Held");
  world.fates["nginx:1.26.0"] = stuck;  // a person lets it go on
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Following");
  world.fates.clear();
  world.settle();
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "True RolloutComplete");
}

TEST_F(LateRestart, one_that_went_on_while_the_operator_was_away_has_its_whole_time_from_then) {
  approved(paused);
  age(std::chrono::minutes(4));  // most of its time, were it not held
  restart(stuck);
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Following") << "it is not held any more";
  EXPECT_GT(since(condition::rolled_out), system_clock().unix_ms() - 120'000) << "a restart counts from here";
  age(std::chrono::minutes(3));
  restart(stuck);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0") << "7 minutes after the patch, 3 after it went on";
}

TEST_F(LateRestart, a_way_back_that_was_held_has_its_whole_time_when_it_goes_on) {
  World& first = approved(stuck);
  first.fates["nginx:1.25.0"] = paused;
  first.fates["nginx:1.26.0"] = broken;
  first.settle();
  ASSERT_EQ(condition("web-app-1-26-0", condition::rolled_back), "Unknown Held");
  age(std::chrono::hours(1));
  World& world = launch(store, quick(), true);
  world.fates["nginx:1.25.0"] = stuck;
  world.start();
  world.settle();
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_back), "Unknown Following");
  EXPECT_EQ(told(EventType::rollback_failed), 0U);
}

TEST_F(LateRestart, what_nobody_looked_at_until_its_time_was_over_has_it_anew) {
  automatic(stuck);
  age(std::chrono::minutes(8));
  World& world = restart(stuck);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0") << "it may have come up, and a node be drained now";
  world.fates["nginx:1.26.0"] = broken;
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(LateRestart, an_automatic_update_with_little_time_is_judged_after_a_restart_that_takes_longer) {
  automatic(stuck, {{"rollback-timeout", "30"}});
  age(std::chrono::minutes(3));
  restart(broken);
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(LateRestart, an_automatic_update_that_is_held_is_judged_however_late) {
  automatic(paused);
  ASSERT_EQ(store.request_names(), std::vector<std::string>{"web-app-1-26-0"}) << "nothing else would remember it";
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::completed);
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Held");
  EXPECT_EQ(std::count_if(store.events.begin(), store.events.end(),
                          [](const std::string& text) { return text.find("RolloutHeld") != std::string::npos; }),
            1);
  age(std::chrono::hours(24));
  World& world = restart(paused);
  EXPECT_EQ(world.followed.size(), 1U);
  world.fates["nginx:1.26.0"] = broken;
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::rolled_back);
  EXPECT_EQ(store.request_names().size(), 1U);
}

TEST_F(LateRestart, an_automatic_update_that_was_held_and_comes_up_is_told_once) {
  World& world = automatic(paused);
  const auto happened = world.engine->happened_since(0);
  EXPECT_EQ(std::count_if(happened.begin(), happened.end(),
                          [](const Notification& n) { return n.type == EventType::update_completed; }),
            1);
  world.fates.clear();
  world.settle();
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "True RolloutComplete");
  EXPECT_EQ(told(EventType::update_completed), 1U);
  EXPECT_EQ(told(EventType::rollout_completed), 1U);
  EXPECT_TRUE(world.followed.empty());
}

TEST_F(LateRestart, wherever_it_dies_while_it_remembers_one_that_is_held) {
  for (const bool after : {false, true}) {
    bool over = false;
    for (std::size_t n = 1; n < 10 && !over; ++n) {
      store = Store();
      store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, with(undoing));
      World& first = launch(store, quick(), true);
      first.start();
      first.fates["nginx:1.26.0"] = paused;
      first.die_at(first.writes() + n, after);
      first.push(nginx, "1.26.0");
      first.settle();
      restart(paused).push(nginx, "1.26.0");  // whoever got no answer sends it again
      ASSERT_EQ(store.image("web"), "nginx:1.26.0") << n;
      ASSERT_EQ(store.request_names(), std::vector<std::string>{"web-app-1-26-0"}) << n;
      EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::completed) << n;
      EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Held") << n;
      over = !first.dead();
    }
    EXPECT_TRUE(over) << "it never came to its end";
  }
}

}  // namespace
}  // namespace headwind::update::testing::rollout
