// SPDX-License-Identifier: Apache-2.0
// Whoever reads a registry under another name sees what that name sees, and nothing else.
#include <gtest/gtest.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string app = "registry.test/team/app";
using Images = std::map<std::string, std::string>;

std::string digest(char letter) { return "sha256:" + std::string(64, letter); }

struct Identity : ::testing::Test {
  void deploy(const std::string& name, const std::string& access) {
    store.deploy("Deployment", name, {{"app", app + ":1.0.0"}},
                 {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
    store.set_access(deployment(name), access);
  }
  World& begin() {
    World& world = launch(store);
    world.start();
    return world;
  }
  std::size_t events_of(const std::string& name) const {
    std::size_t count = 0;
    for (const std::string& event : store.events) count += event.starts_with("Deployment prod/" + name + " ") ? 1U : 0U;
    return count;
  }
  Store store;
};

TEST_F(Identity, a_push_is_looked_up_once_for_each_identity_however_many_workloads_use_it) {
  for (int i = 0; i < 20; ++i) deploy("a" + std::to_string(i), "alice/" + std::to_string(i));
  for (int i = 0; i < 20; ++i) deploy("b" + std::to_string(i), "bob/" + std::to_string(i));
  World& world = begin();
  world.push(app, "1.1.0");
  EXPECT_EQ(world.look_ups, 2U);
  EXPECT_EQ(world.asked_as, (std::map<std::string, std::size_t>{{"alice", 1}, {"bob", 1}}));
  EXPECT_EQ(store.patches, 40U);
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

TEST_F(Identity, who_is_refused_is_told_and_holds_up_nobody) {
  deploy("mine", "alice");
  deploy("theirs", "bob");
  EngineOptions options = quick();
  options.confirm_window = std::chrono::milliseconds(0);
  World& world = launch(store, options);
  world.start();
  world.seen_by.emplace("bob", make_error(Code::denied, "registry.test refused the credential of Secret prod/pull"));
  world.push(app, "1.1.0");
  EXPECT_EQ(store.image("mine"), app + ":1.1.0");
  EXPECT_EQ(store.image("theirs"), app + ":1.0.0");
  EXPECT_EQ(events_of("theirs"), 1U);
  EXPECT_NE(store.events.front().find("TagNotConfirmed"), std::string::npos) << store.events.front();
  EXPECT_EQ(events_of("mine"), 1U) << "that it was updated";
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

TEST_F(Identity, nobody_moves_on_what_another_identity_saw) {
  deploy("mine", "alice");
  deploy("theirs", "bob");
  World& world = begin();
  world.seen_by.emplace("bob", Images{});
  store.push(app, "1.1.0");
  world.webhook(app, "1.1.0");
  EXPECT_EQ(store.image("mine"), app + ":1.1.0");
  EXPECT_EQ(store.image("theirs"), app + ":1.0.0");
  EXPECT_EQ(world.engine->hints_waiting(), 1U) << "bob's may still be on its way";
}

TEST_F(Identity, each_takes_the_digest_that_it_saw_itself) {
  deploy("mine", "alice");
  deploy("theirs", "bob");
  World& world = begin();
  world.seen_by.emplace("alice", Images{{app + ":1.1.0", digest('a')}});
  world.seen_by.emplace("bob", Images{{app + ":1.1.0", digest('b')}});
  world.webhook(app, "1.1.0");
  const auto digest_in_history = [&](const std::string& name) {
    return store.object(deployment(name))["metadata"]["annotations"]["headwind.sh/update-history"].get<std::string>();
  };
  EXPECT_NE(digest_in_history("mine").find(digest('a')), std::string::npos);
  EXPECT_NE(digest_in_history("theirs").find(digest('b')), std::string::npos);
}

TEST_F(Identity, a_credential_that_changes_while_it_is_used_is_asked_for_again) {
  deploy("web", "alice");
  World& world = begin();
  world.seen_by.emplace("alice", Images{{app + ":1.1.0", digest('a')}});
  world.seen_by.emplace("carol", Images{{app + ":1.1.0", digest('c')}});
  world.while_asked = [&] { world.identities.insert_or_assign("alice", Symbol("carol")); };
  world.webhook(app, "1.1.0");
  EXPECT_EQ(world.asked_as, (std::map<std::string, std::size_t>{{"alice", 1}, {"carol", 1}}));
  const nlohmann::json annotations = store.object(deployment("web"))["metadata"]["annotations"];
  EXPECT_NE(annotations["headwind.sh/update-history"].get<std::string>().find(digest('c')), std::string::npos);
}

TEST_F(Identity, whose_name_cannot_be_told_waits_alone) {
  deploy("mine", "alice");
  deploy("theirs", "bob");
  World& world = begin();
  world.identities.emplace("bob", make_error(Code::unavailable, "the API server is down"));
  world.push(app, "1.1.0");
  EXPECT_EQ(store.image("mine"), app + ":1.1.0");
  EXPECT_EQ(store.image("theirs"), app + ":1.0.0");
  EXPECT_EQ(world.engine->hints_waiting(), 1U);
}

TEST_F(Identity, an_identity_that_is_refused_for_good_is_told) {
  deploy("theirs", "bob");
  World& world = begin();
  world.identities.emplace("bob", make_error(Code::denied, "Headwind may not read Secret prod/pull"));
  world.push(app, "1.1.0");
  ASSERT_EQ(events_of("theirs"), 1U);
  EXPECT_NE(store.events.front().find("may not read Secret"), std::string::npos);
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

}  // namespace
}  // namespace headwind::update::testing
