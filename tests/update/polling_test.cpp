// SPDX-License-Identifier: Apache-2.0
// Decisions from lists of tags that were read, rather than from a push.
#include <gtest/gtest.h>

#include <map>

#include "telemetry/span.hpp"
#include "telemetry/tracer.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;
const Annotations polled{
    {"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}, {"event-source", "polling"}};

std::string digest(char letter) { return "sha256:" + std::string(64, letter); }

struct Polling : ::testing::Test {
  Annotations with(const std::string& key, const std::string& value) const {
    Annotations annotations = polled;
    annotations[key] = value;
    return annotations;
  }
  World& begin() {
    World& world = launch(store);
    world.start();
    return world;
  }
  // What a poll of nginx brings, for everybody who runs it. `moving`: a tag whose digest was asked for, too.
  void list(World& world, std::vector<std::string> tags, const std::string& moving = {},
            const std::string& its_digest = {}) {
    std::vector<Candidate> list;
    for (const std::string& tag : tags) list.push_back({tag, tag == moving ? its_digest : std::string()});
    world.engine->listed(nginx, std::make_shared<const std::vector<Candidate>>(std::move(list)),
                         world.inventory.using_repository(nginx));
  }
  void poll(World& world, std::vector<std::string> tags, const std::string& moving = {},
            const std::string& its_digest = {}) {
    list(world, std::move(tags), moving, its_digest);
    world.settle();
  }
  Store store;
  telemetry::Metrics telemetry_metrics;
};

TEST_F(Polling, T79_the_newest_allowed_tag_of_a_list_is_applied_with_its_digest_confirmed) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, polled);
  for (const char* tag : {"1.25.0", "1.25.9", "1.26.3", "2.0.0"}) store.push(nginx, tag);
  World& world = begin();
  poll(world, {"1.25.0", "1.26.3", "1.25.9", "2.0.0", "latest"});
  EXPECT_EQ(store.image("web"), "nginx:1.26.3");
  EXPECT_EQ(world.look_ups, 1U) << "only the chosen tag is looked up";
  EXPECT_EQ(world.compat.polling_images_checked_total.value(), 1);
  EXPECT_EQ(world.compat.polling_new_tags_found_total.value(), 1);
}

TEST_F(Polling, what_a_reading_brings_is_a_part_of_its_trace) {
  const auto tracer = std::make_shared<telemetry::Tracer>(telemetry::TracerOptions{}, telemetry_metrics);
  telemetry::set_tracer(tracer);
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, polled);
  store.deploy("Deployment", "new", {{"app", "nginx:1.26.0"}}, polled);
  for (const char* tag : {"1.25.0", "1.26.0"}) store.push(nginx, tag);
  World& world = begin();
  std::string reading, look_up;
  world.while_asked = [&] { look_up = telemetry::Current::text(); };
  spawn(world.io.get_executor(), "poll", [](Polling& self, World& in, std::string& trace) -> Task<> {
    const telemetry::Span span("poll");
    trace = span.text();
    self.list(in, {"1.25.0", "1.26.0"});
    co_return;
  }(*this, world, reading));
  world.settle();
  telemetry::set_tracer(nullptr);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(look_up, reading) << "the digest of the chosen tag is looked up as a part of it";
  std::map<std::string, telemetry::SpanRecord> spans;
  for (telemetry::SpanRecord& span : tracer->batch()) {
    EXPECT_EQ(spans.count(span.name), 0U) << "a list that brings nothing is no decision";
    spans.emplace(span.name, std::move(span));
  }
  ASSERT_TRUE(spans.contains("poll") && spans.contains("decide") && spans.contains("apply"));
  EXPECT_EQ(spans["poll"].parent_id, "");
  EXPECT_EQ(spans["decide"].parent_id, spans["poll"].context.span_id);
  EXPECT_EQ(spans["apply"].parent_id, spans["decide"].context.span_id);
  EXPECT_EQ(spans["apply"].context.trace_id, spans["poll"].context.trace_id);
}

TEST_F(Polling, requests_grow_with_repositories_and_not_with_workloads) {
  for (int i = 0; i < 40; ++i)
    store.deploy("Deployment", "web-" + std::to_string(i), {{"app", "nginx:1.25.0"}}, polled);
  for (const char* tag : {"1.25.0", "1.26.0"}) store.push(nginx, tag);
  World& world = begin();
  poll(world, {"1.25.0", "1.26.0"});
  EXPECT_EQ(store.patches, 40U);
  EXPECT_LE(world.look_ups, EngineOptions{}.concurrency) << "those at the same moment each ask, the others do not";
}

TEST_F(Polling, a_registry_that_hangs_holds_up_its_own_workloads_only) {
  const std::string slow = "slow.example/app";
  for (int i = 0; i < 40; ++i)
    store.deploy("Deployment", "slow-" + std::to_string(i), {{"app", slow + ":1.0.0"}}, polled);
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, polled);
  for (const char* image : {"slow.example/app:1.1.0", "docker.io/library/nginx:1.26.0"}) {
    const std::string text = image;
    store.push(text.substr(0, text.rfind(':')), text.substr(text.rfind(':') + 1));
  }
  World& world = begin();
  world.hanging.insert("slow.example");
  const auto list = [&](const std::string& repository, const std::string& tag) {
    world.engine->listed(repository, std::make_shared<const std::vector<Candidate>>(1, Candidate{tag, {}}),
                         world.inventory.using_repository(repository));
  };
  list(slow, "1.1.0");
  list(nginx, "1.26.0");
  const auto done = [&]() -> Task<Result<>> {
    while (store.image("web") != "nginx:1.26.0") co_await sleep_for(std::chrono::milliseconds(1));
    co_return Result<>{};
  };
  EXPECT_TRUE(world.run(done())) << "nginx is not slow.example";
  EXPECT_EQ(store.patches, 1U);
  world.hanging.clear();
  world.settle();
  EXPECT_EQ(store.patches, 41U);
}

TEST_F(Polling, a_listed_tag_that_the_registry_does_not_know_is_not_applied_and_the_next_best_is) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, polled);
  World& world = begin();
  poll(world, {"1.25.0", "1.26.0"});
  EXPECT_EQ(store.patches, 0U);
  store.push(nginx, "1.25.1");
  poll(world, {"1.25.0", "1.25.1", "1.26.0"});
  EXPECT_EQ(store.image("web"), "nginx:1.25.1");
}

TEST_F(Polling, T82_T90_a_list_without_news_changes_nothing_and_tells_nobody) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.26.0"}}, with("policy", "all"));
  for (const char* tag : {"1.24.0", "1.25.0", "1.26.0"}) store.push(nginx, tag);
  World& world = begin();
  for (int cycle = 0; cycle < 10; ++cycle) poll(world, {"1.24.0", "1.25.0", "1.26.0", "latest"});
  EXPECT_EQ(store.patches, 0U);
  EXPECT_TRUE(store.events.empty());
  EXPECT_TRUE(store.told.empty());
  EXPECT_EQ(world.look_ups, 0U);
}

TEST_F(Polling, T84_every_kind_is_polled) {
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"})
    store.deploy(kind, "web", {{"app", "nginx:1.25.0"}}, polled);
  store.push(nginx, "1.26.0");
  poll(begin(), {"1.25.0", "1.26.0"});
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"})
    EXPECT_EQ(store.image("web", "app", kind), "nginx:1.26.0") << kind;
}

TEST_F(Polling, T86_two_workloads_of_one_image_with_different_policies_are_both_served) {
  store.deploy("Deployment", "careful", {{"app", "nginx:1.25.0"}}, with("policy", "patch"));
  store.deploy("Deployment", "bold", {{"app", "nginx:1.25.0"}}, polled);
  for (const char* tag : {"1.25.1", "1.26.0"}) store.push(nginx, tag);
  poll(begin(), {"1.25.1", "1.26.0"});
  EXPECT_EQ(store.image("careful"), "nginx:1.25.1");
  EXPECT_EQ(store.image("bold"), "nginx:1.26.0");
}

TEST_F(Polling, T87_a_current_tag_that_was_deleted_does_not_hide_newer_ones) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, polled);
  store.push(nginx, "1.26.0");
  poll(begin(), {"1.26.0"});
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Polling, T21_who_listens_to_webhooks_only_is_not_moved_by_a_list) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, with("event-source", "webhook"));
  store.push(nginx, "1.26.0");
  World& world = begin();
  poll(world, {"1.26.0"});
  EXPECT_EQ(store.patches, 0U);
  world.webhook(nginx, "1.26.0");
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(Polling, a_proposal_is_made_once_however_often_the_list_is_read) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, with("require-approval", "true"));
  store.push(nginx, "1.26.0");
  World& world = begin();
  for (int cycle = 0; cycle < 5; ++cycle) poll(world, {"1.25.0", "1.26.0"});
  EXPECT_EQ(store.requests.size(), 1U);
  EXPECT_EQ(store.told.size(), 2U) << "detected, created";
  store.push(nginx, "1.27.0");
  poll(world, {"1.25.0", "1.26.0", "1.27.0"});
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::superseded);
  EXPECT_EQ(store.request("web-app-1-27-0").phase, Phase::pending);
}

TEST_F(Polling, T49_a_rejected_version_stays_rejected_through_polls) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, with("require-approval", "true"));
  store.push(nginx, "1.26.0");
  World& world = begin();
  poll(world, {"1.25.0", "1.26.0"});
  ASSERT_TRUE(world.run(world.engine->reject({"prod", "web-app-1-26-0"}, "a", "no")));
  for (int cycle = 0; cycle < 5; ++cycle) poll(world, {"1.25.0", "1.25.5", "1.26.0"});
  EXPECT_EQ(store.requests.size(), 1U) << "neither it nor anything below it";
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::rejected);
}

TEST_F(Polling, a_failed_version_that_somebody_took_back_is_not_tried_again_and_the_next_best_is) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, polled);
  store.push(nginx, "1.26.0");
  World& world = launch(store, quick(), true);
  world.start();
  world.fates["nginx:1.26.0"] = {RolloutView::State::failed, 0, 1, "pod web-1: CrashLoopBackOff", {}, {}};
  poll(world, {"1.25.0", "1.26.0"});
  ASSERT_EQ(store.request("web-app-1-26-0").phase, Phase::failed);
  store.edit(deployment("web"), [](nlohmann::json& object) {
    object["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.25.0";
  });
  world.watch();
  world.settle();
  for (int cycle = 0; cycle < 3; ++cycle) poll(world, {"1.25.0", "1.26.0"});
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(store.patches, 1U);
  store.push(nginx, "1.25.7");
  poll(world, {"1.25.0", "1.25.7", "1.26.0"});
  EXPECT_EQ(store.image("web"), "nginx:1.25.7");
}

TEST_F(Polling, an_undo_with_us_down_is_respected) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, polled);
  store.push(nginx, "1.26.0");
  poll(begin(), {"1.25.0", "1.26.0"});
  ASSERT_EQ(store.image("web"), "nginx:1.26.0");
  store.undo(deployment("web"));
  World& again = launch(store);
  again.start();
  poll(again, {"1.25.0", "1.26.0"});
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  ASSERT_EQ(store.requests.size(), 1U);
  EXPECT_EQ(store.request(store.request_names()[0]).phase, Phase::rolled_back);
  store.push(nginx, "1.26.1");
  poll(again, {"1.25.0", "1.26.0", "1.26.1"});
  EXPECT_EQ(store.image("web"), "nginx:1.26.1");
}

TEST_F(Polling, a_list_of_a_hundred_thousand_tags_is_never_copied) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, with("require-approval", "true"));
  World& world = begin();
  std::vector<Candidate> tags;
  for (int i = 0; i < 100'000; ++i) tags.push_back({"build-" + std::to_string(i), {}});
  for (int i = 0; i < 20; ++i) {
    tags.push_back({"1.26." + std::to_string(i), {}});
    store.push(nginx, "1.26." + std::to_string(i), digest('a'));
  }
  const auto list = std::make_shared<const std::vector<Candidate>>(std::move(tags));
  for (int round = 0; round < 5; ++round) {  // each remembers one more version as bad, and looks past them
    world.engine->listed(nginx, list, world.inventory.using_repository(nginx));
    world.settle();
    const auto pending = store.request_names();
    for (const std::string& name : pending) {
      if (store.request(name).phase != Phase::pending) continue;
      const auto approved = world.run(world.engine->approve({"prod", name}, "a"));
      ASSERT_TRUE(approved);
      world.settle();
      ASSERT_TRUE(world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "bad"})));
      world.settle();
    }
  }
  EXPECT_GT(world.policies.asked, 10U);
  EXPECT_EQ(world.policies.lists, (std::set<const std::vector<Candidate>*>{list.get()})) << "always the one that came";
  EXPECT_LE(world.policies.beside, 2U);
  EXPECT_EQ(list.use_count(), 1) << "and nobody keeps it";
}

TEST_F(Polling, T89_a_tag_that_moves_is_followed_once_per_digest) {
  store.deploy("Deployment", "web", {{"app", "nginx:stable"}}, with("policy", "force"));
  World& world = begin();
  poll(world, {"stable"}, "stable", digest('a'));
  EXPECT_EQ(store.patches, 0U) << "first sight is the baseline";
  for (int cycle = 0; cycle < 3; ++cycle) poll(world, {"stable"}, "stable", digest('b'));
  EXPECT_EQ(store.image("web"), "nginx:stable@" + digest('b'));
  EXPECT_EQ(store.patches, 1U);
  poll(world, {"stable"}, "stable", digest('c'));
  EXPECT_EQ(store.image("web"), "nginx:stable@" + digest('c'));
  EXPECT_EQ(store.patches, 2U);
}

TEST_F(Polling, a_followed_digest_outlives_a_restart) {
  store.deploy("Deployment", "web", {{"app", "nginx:stable"}}, with("policy", "force"));
  World& world = begin();
  poll(world, {"stable"}, "stable", digest('a'));
  poll(world, {"stable"}, "stable", digest('b'));
  World& again = launch(store);
  again.start();
  poll(again, {"stable"}, "stable", digest('b'));
  EXPECT_EQ(store.patches, 1U);
  poll(again, {"stable"}, "stable", digest('c'));
  EXPECT_EQ(store.patches, 2U);
}

TEST_F(Polling, a_push_of_the_same_tag_is_followed_where_the_policy_is_force) {
  store.deploy("Deployment", "web", {{"app", "nginx:stable@" + digest('a')}},
               {{"policy", "force"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
  World& world = begin();
  world.push(nginx, "stable", digest('b'));
  EXPECT_EQ(store.image("web"), "nginx:stable@" + digest('b'));
  world.push(nginx, "stable", digest('b'));
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(Polling, a_digest_that_was_rolled_back_is_not_followed_again) {
  store.deploy("Deployment", "web", {{"app", "nginx:stable@" + digest('a')}}, with("policy", "force"));
  World& world = begin();
  store.push(nginx, "stable", digest('b'));
  poll(world, {"stable"}, "stable", digest('b'));
  ASSERT_EQ(store.image("web"), "nginx:stable@" + digest('b'));
  ASSERT_TRUE(world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "slow"})));
  world.settle();
  ASSERT_EQ(store.image("web"), "nginx:stable@" + digest('a'));
  for (int cycle = 0; cycle < 3; ++cycle) poll(world, {"stable"}, "stable", digest('b'));
  EXPECT_EQ(store.image("web"), "nginx:stable@" + digest('a'));
  poll(world, {"stable"}, "stable", digest('c'));
  EXPECT_EQ(store.image("web"), "nginx:stable@" + digest('c'));
}

}  // namespace
}  // namespace headwind::update::testing
