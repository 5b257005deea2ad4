// SPDX-License-Identifier: Apache-2.0
// What was set aside is looked at again by those who set it aside, and only where nothing came after it.
#include "update/set_aside.hpp"

#include <gmock/gmock.h>

#include "update/hint_book.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

using ::testing::UnorderedElementsAre;

const std::string app = "registry.test/team/app";
const Error refused = make_error(Code::unsupported, "the plugin instance mine is not loaded");
const Error denied = make_error(Code::denied, "Headwind may not read Secret prod/pull");
const Error down = make_error(Code::unavailable, "the registry is down");

Task<Result<>> later(std::chrono::milliseconds wait) {
  co_await sleep_for(wait);
  co_return Result<>{};
}

Hint hint(const std::string& tag, std::int64_t arrived_ms) { return {app, tag, {}, Origin::webhook, {}, arrived_ms}; }

std::vector<std::string> tags(SetAside& set_aside) {
  std::vector<std::string> tags;
  for (const auto& [one, users] : set_aside.take_all()) tags.push_back(one.tag);
  return tags;
}

TEST(SetAsideBook, HasNothingThatCameBeforeTheLastDecisionOfAWorkload) {
  const inventory::WorkloadKey a = deployment("a"), b = deployment("b");
  SetAside set_aside;
  set_aside.put(hint("1.4", 10), {a});
  set_aside.put(hint("1.5", 20), {a, b});
  set_aside.put(hint("1.7", 40), {a});
  set_aside.decided(hint("1.6", 30), a);
  set_aside.put(hint("1.3", 15), {a});  // it was asked for until now
  EXPECT_EQ(set_aside.size(), 2U);
  EXPECT_THAT(tags(set_aside), UnorderedElementsAre("1.5", "1.7"));
  set_aside.put(hint("1.7", 40), {a});
  set_aside.decided(hint("1.7", 40), a);
  EXPECT_EQ(set_aside.size(), 0U) << "the same one";
}

TEST(SetAsideBook, ForgetsAWorkloadThatIsGone) {
  SetAside set_aside;
  set_aside.put(hint("1.4", 10), {deployment("a")});
  set_aside.decided(hint("1.3", 5), deployment("a"));
  set_aside.forget(deployment("a"));
  EXPECT_EQ(set_aside.size(), 0U);
  set_aside.put(hint("1.2", 1), {deployment("a")});
  EXPECT_EQ(set_aside.size(), 1U);
}

TEST(SetAsideBook, OfWhatIsLookedAtAgainCountsInTheInboxWhatIsWrittenThere) {
  HintBook hints;
  ASSERT_TRUE(hints.take_again(hint("1.4", 10), {deployment("a")}));
  EXPECT_EQ(hints.bytes(), 0U);
  ASSERT_TRUE(hints.take_again(hint("1.4", 10), {deployment("b")}));
  EXPECT_THAT(*hints.find(app + ":1.4")->only, UnorderedElementsAre(deployment("a"), deployment("b")));
  EXPECT_TRUE(hints.take(hint("1.4", 20), false)) << "news, to be written down";
  EXPECT_EQ(hints.bytes(), stored_size(hint("1.4", 20)));
  EXPECT_FALSE(hints.take_again(hint("1.4", 10), {deployment("a")}));
  hints.erase(app + ":1.4", 30);
  EXPECT_EQ(hints.bytes(), 0U);
  hints.take_again(hint("1.4", 10), {deployment("a")});
  hints.take_in(app + ":1.4");
  hints.take_in(app + ":1.4");
  EXPECT_EQ(hints.bytes(), stored_size(hint("1.4", 10)));
  hints.erase(app + ":1.4", 40);
  hints.take_again(hint("1.4", 10), {deployment("a")});
  hints.erase(app + ":1.4", 50);
  EXPECT_EQ(hints.bytes(), 0U);
}

struct SetAsideHints : ::testing::Test {
  void deploy(const std::string& name, const std::string& access) {
    store.deploy("Deployment", name, {{"app", app + ":1.0.0"}},
                 {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
    store.set_access(deployment(name), access);
  }
  World& begin(std::size_t inbox_bytes = 128U << 10U) {
    EngineOptions options = quick();
    options.confirm_window = std::chrono::milliseconds(0);
    options.inbox_bytes = inbox_bytes;
    World& world = launch(store, options);
    world.start();
    return world;
  }
  static void change_plugins(World& world) {
    world.engine->plugins_changed();
    world.settle();
  }
  static bool comes_to(World& world, const std::function<bool()>& state) {
    for (int i = 0; i < 1000 && !state(); ++i) {
      world.io.restart();
      world.io.run_for(std::chrono::milliseconds(5));
    }
    return state();
  }
  std::size_t events_of(const std::string& name) const {
    std::size_t count = 0;
    for (const std::string& event : store.events) count += event.starts_with("Deployment prod/" + name + " ") ? 1U : 0U;
    return count;
  }
  Store store;
};

TEST_F(SetAsideHints, AreOverWhenALaterPushWasDecidedOn) {
  deploy("web", "alice");
  World& world = begin();
  world.registry_error = make_error(Code::denied, "registry.test refused the credential");
  ASSERT_TRUE(world.push(app, "1.4.0"));
  world.registry_error.reset();
  ASSERT_TRUE(world.run(later(std::chrono::milliseconds(5))));
  ASSERT_TRUE(world.push(app, "1.3.0"));
  ASSERT_EQ(store.image("web"), app + ":1.3.0");
  const std::size_t look_ups = world.look_ups;
  change_plugins(world);
  EXPECT_EQ(world.look_ups, look_ups);
  EXPECT_EQ(store.image("web"), app + ":1.3.0");
}

TEST_F(SetAsideHints, AreNoneOfATagThatIsNotThere) {
  deploy("web", "alice");
  World& world = begin();
  ASSERT_TRUE(world.webhook(app, "1.4.0"));
  const std::size_t look_ups = world.look_ups, events = events_of("web");
  EXPECT_EQ(events, 1U);
  change_plugins(world);
  EXPECT_EQ(world.look_ups, look_ups);
  EXPECT_EQ(events_of("web"), events);
}

TEST_F(SetAsideHints, TakeNoRoomFromWebhooks) {
  deploy("web", "alice");
  World& world = begin(2 * stored_size(hint("1.1.0", 0)));
  world.registry_error = refused;
  for (const char* tag : {"1.1.0", "1.2.0", "1.3.0"}) ASSERT_TRUE(world.push(app, tag));
  world.registry_error = down;
  change_plugins(world);
  ASSERT_EQ(world.engine->hints_waiting(), 3U);
  EXPECT_TRUE(world.push(app, "1.4.0"));
}

TEST_F(SetAsideHints, AreNoMatterOfThoseWhoTookThem) {
  deploy("mine", "alice");
  deploy("theirs", "bob");
  World& world = begin();
  world.identities.insert_or_assign("bob", denied);
  ASSERT_TRUE(world.push(app, "1.1.0"));
  ASSERT_EQ(store.image("mine"), app + ":1.1.0");
  const std::size_t events = events_of("mine");
  world.identities.insert_or_assign("alice", denied);
  change_plugins(world);
  EXPECT_EQ(events_of("mine"), events);
  EXPECT_EQ(events_of("theirs"), 2U);
  world.identities.clear();
  change_plugins(world);
  EXPECT_EQ(store.image("theirs"), app + ":1.1.0");
  EXPECT_EQ(world.asked_as, (std::map<std::string, std::size_t>{{"alice", 1}, {"bob", 1}}));
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

TEST_F(SetAsideHints, OfOthersJoinThoseThatAreLookedAtAgain) {
  deploy("mine", "alice");
  deploy("theirs", "bob");
  World& world = begin();
  world.registry_error = refused;
  ASSERT_TRUE(world.push(app, "1.1.0"));
  world.registry_error.reset();
  world.seen_by.insert_or_assign("alice", down);
  world.seen_by.insert_or_assign("bob", refused);
  change_plugins(world);
  ASSERT_EQ(world.engine->hints_waiting(), 1U) << "mine's";
  world.seen_by.erase("bob");
  change_plugins(world);
  EXPECT_EQ(store.image("theirs"), app + ":1.1.0");
  world.seen_by.clear();
  EXPECT_TRUE(comes_to(world, [&] { return store.image("mine") == app + ":1.1.0"; }));
}

TEST_F(SetAsideHints, DoNotKeepAnotherWorkloadsSecondLookOutOfTheInbox) {
  deploy("theirs", "bob");
  store.deploy("Deployment", "web", {{"app", app + ":1.0.0"}},
               {{"policy", "minor"}, {"min-update-interval", "0"}, {"auto-rollback", "true"}});
  store.set_access(deployment("web"), "alice");
  EngineOptions options = quick();
  options.confirm_window = std::chrono::milliseconds(0);
  World& world = launch(store, options, true);
  world.start();
  world.fates[app + ":1.1.0"] = {RolloutView::State::running, 0, 1, "0 of 1 replicas are updated", {}, {}};
  ASSERT_TRUE(world.push(app, "1.1.0"));
  ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-app-1-1-0"}, "a")));
  world.settle();
  world.seen_by.insert_or_assign("bob", refused);
  ASSERT_TRUE(world.push(app, "1.2.0"));
  ASSERT_EQ(store.request("web-app-1-2-0").current_image, app + ":1.1.0");
  world.seen_by.insert_or_assign("bob", down);
  change_plugins(world);  // theirs looks at it again, and goes on doing so
  ASSERT_TRUE(store.inbox.empty());
  world.fates[app + ":1.1.0"] = {RolloutView::State::failed, 0, 1, "pod web-1: CrashLoopBackOff", {}, {}};
  world.watch();
  world.settle();
  EXPECT_EQ(store.image("web"), app + ":1.0.0");
  EXPECT_EQ(store.request("web-app-1-2-0").current_image, app + ":1.0.0");
  EXPECT_TRUE(store.inbox.contains(app + ":1.2.0"));
}

TEST_F(SetAsideHints, StayWhereThePushIsStillBeingDealtWith) {
  deploy("mine", "alice");
  deploy("theirs", "bob");
  World& world = begin();
  world.seen_by.insert_or_assign("alice", down);
  world.seen_by.insert_or_assign("bob", refused);
  ASSERT_TRUE(world.push(app, "1.1.0"));
  change_plugins(world);
  world.seen_by.clear();
  ASSERT_TRUE(comes_to(world, [&] { return world.engine->hints_waiting() == 0; }));
  ASSERT_EQ(store.image("mine"), app + ":1.1.0");
  change_plugins(world);
  EXPECT_EQ(store.image("theirs"), app + ":1.1.0");
}

}  // namespace
}  // namespace headwind::update::testing
