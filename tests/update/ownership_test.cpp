// SPDX-License-Identifier: Apache-2.0
// Workloads that others write, too, and those whose administrators say wait.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "telemetry/audit.hpp"
#include "update/contention.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;
const Annotations automatic{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}};

struct Ownership : ::testing::Test {
  World& owned_by(const std::string& owner, Annotations annotations = automatic) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, std::move(annotations));
    store.set_owner(deployment("web"), owner);
    World& world = launch(store);
    world.start();
    return world;
  }
  std::size_t events(const std::string& part) const {
    return static_cast<std::size_t>(
        std::count_if(store.events.begin(), store.events.end(),
                      [&](const std::string& text) { return text.find(part) != std::string::npos; }));
  }
  Store store;
};

TEST_F(Ownership, what_flux_or_argo_manages_is_held_and_told_once) {
  for (const char* owner : {"Flux Kustomization flux-system/apps", "Argo CD application shop"}) {
    store = Store();
    World& world = owned_by(owner);
    world.push(nginx, "1.26.0");
    world.push(nginx, "1.27.0");
    EXPECT_EQ(store.image("web"), "nginx:1.25.0");
    EXPECT_TRUE(store.requests.empty());
    EXPECT_TRUE(store.inbox.empty());
    EXPECT_EQ(events("ManagedElsewhere: Deployment prod/web is managed by " + std::string(owner)), 1U);
  }
}

TEST_F(Ownership, it_is_updated_where_the_annotation_says_so) {
  Annotations forced = automatic;
  forced["force-ownership"] = "true";
  World& world = owned_by("Flux Kustomization apps", forced);
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(events("Managed"), 0U);
}

TEST_F(Ownership, what_helm_made_is_warned_about_once_and_updated) {
  World& world = owned_by("Helm release web");
  world.push(nginx, "1.26.0");
  world.push(nginx, "1.27.0");
  EXPECT_EQ(store.image("web"), "nginx:1.27.0");
  EXPECT_EQ(events("ManagedByHelm"), 1U);
}

TEST_F(Ownership, nobody_is_told_where_no_policy_asks_for_updates) {
  World& world = owned_by("Flux Kustomization apps", {{"policy", "none"}});
  world.push(nginx, "1.26.0");
  EXPECT_EQ(events("Managed"), 0U);
}

TEST_F(Ownership, updates_rest_after_the_second_one_that_somebody_undid) {
  World& world = owned_by("Helm release web");
  for (const char* tag : {"1.26.0", "1.27.0"}) {
    world.push(nginx, tag);
    EXPECT_EQ(store.image("web"), "nginx:" + std::string(tag)) << "the first is no reason to give up";
    store.edit(deployment("web"), [](nlohmann::json& object) {
      object["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.25.0";
    });
    world.settle();
    EXPECT_EQ(events("UpdatesRest"), 0U) << "nothing to hold yet";
  }
  world.push(nginx, "1.28.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(events("UpdatesRest: its last updates were undone by Helm release web"), 1U);
  EXPECT_EQ(store.inbox.size(), 1U) << "it waits for its time";
  for (const std::string& name : store.request_names()) world.run(world.engine->release({"prod", name}, "op"));
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.28.0") << "a person may end it";
}

TEST_F(Ownership, an_edit_that_takes_back_two_containers_is_one_and_updates_go_on) {
  const std::string redis = "docker.io/library/redis";
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}, {"side", "redis:7.0.0"}}, automatic);
  World& world = launch(store);
  world.start();
  const auto both_back = [&] {
    store.edit(deployment("web"), [](nlohmann::json& object) {
      auto& containers = object["spec"]["template"]["spec"]["containers"];
      containers[0]["image"] = "nginx:1.25.0";
      containers[1]["image"] = "redis:7.0.0";
    });
    world.settle();
  };
  world.push(nginx, "1.26.0");
  world.push(redis, "7.1.0");
  both_back();
  EXPECT_EQ(store.request_names().size(), 2U) << "both are remembered";
  world.push(nginx, "1.27.0");
  EXPECT_EQ(store.image("web"), "nginx:1.27.0");
  EXPECT_EQ(events("UpdatesRest"), 0U);
  both_back();
  world.push(redis, "7.2.0");
  EXPECT_EQ(store.image("web", "side"), "redis:7.0.0");
  EXPECT_EQ(events("UpdatesRest"), 1U) << "that was the second edit";
}

TEST_F(Ownership, what_was_undone_while_we_were_away_counts_too) {
  for (const char* kind : {"Deployment", "StatefulSet"}) {
    store = Store();
    const inventory::WorkloadKey key{kind, "prod", "web"};
    store.deploy(kind, "web", {{"app", "nginx:1.25.0"}}, automatic);
    store.set_owner(key, "Helm release web");
    launch(store).start();
    for (const char* tag : {"1.26.0", "1.27.0"}) {
      World& before = launch(store);
      before.start();
      before.push(nginx, tag);
      ASSERT_EQ(store.image("web", "app", kind), "nginx:" + std::string(tag));
      store.edit(key, [](nlohmann::json& object) {  // as with an apply of what stands in Git: the history stays
        object["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.25.0";
      });
      const Hint left{nginx, tag, "", Origin::webhook, "", 1};
      store.inbox[left.key()] = left;
      launch(store).start();
      EXPECT_EQ(store.image("web", "app", kind), "nginx:1.25.0") << kind << ": it is not done again";
    }
    World& world = launch(store);
    world.start();
    world.push(nginx, "1.28.0");
    EXPECT_EQ(store.image("web", "app", kind), "nginx:1.25.0") << kind;
    EXPECT_EQ(events("UpdatesRest: its last updates were undone by Helm release web"), 1U) << kind;
    EXPECT_EQ(store.inbox.size(), 1U) << "it waits for its time";
  }
}

TEST(Contention, each_further_time_takes_twice_as_long_up_to_a_day) {
  std::vector<UpdateRequest> requests;
  std::vector<std::int64_t> hours;
  for (int i = 0; i < 8; ++i) {
    UpdateRequest request;
    request.phase = Phase::rolled_back;
    request.rollback_reason = undone_outside;
    request.last_updated_ms = 1;
    requests.push_back(request);
    const auto until = rests_until(requests);
    hours.push_back(until ? (*until - 1) / 3'600'000 : 0);
  }
  EXPECT_EQ(hours, (std::vector<std::int64_t>{0, 1, 2, 4, 8, 16, 24, 24}));
  requests.back().rollback_by = "op";  // ordered: no contention
  requests.resize(1);
  EXPECT_FALSE(rests_until(requests));
}

UpdateRequest undone(const std::string& slot, std::int64_t at_ms, std::string_view how = undone_outside) {
  UpdateRequest request;
  request.phase = Phase::rolled_back;
  request.rollback_reason = how;
  request.slot = slot;
  request.last_updated_ms = at_ms;
  return request;
}

TEST(Contention, one_edit_of_several_slots_is_one_time) {
  EXPECT_FALSE(rests_until({undone("containers/app", 1'000), undone("containers/side", 1'025)}));
  EXPECT_EQ(rests_until({undone("containers/app", 1'000), undone("containers/app", 1'025)}), 1'025 + 3'600'000);
  EXPECT_EQ(rests_until({undone("containers/side", 61'001), undone("containers/app", 1'000)}), 61'001 + 3'600'000)
      << "another edit, an hour after the later one, whatever the order";
  EXPECT_EQ(rests_until({undone("containers/app", 1'000), undone("containers/side", 1'025),
                         undone("containers/app", 9'000), undone("containers/side", 9'025)}),
            9'025 + 3'600'000)
      << "both, twice: two times and not four";
  UpdateRequest old = undone("", 1'000), other = undone("", 1'025);  // of 0.1.x, which knew no slots
  old.container = "app";
  other.container = "side";
  EXPECT_FALSE(rests_until({old, other}));
}

TEST(Contention, requests_of_0_1_x_know_their_place_otherwise) {
  UpdateRequest app = undone("", 1'000), side = undone("", 1'025);
  app.new_image = "nginx:1.26.0", side.new_image = "redis:7.1.0";  // of a StatefulSet: without a container
  EXPECT_FALSE(rests_until({app, side}));
  side.new_image = "docker.io/library/nginx:1.27.0";
  EXPECT_TRUE(rests_until({app, side}));
  app.container = "app";
  UpdateRequest ours = undone("containers/app", 1'025);
  ours.container = "app";
  EXPECT_TRUE(rests_until({app, ours})) << "the same container";
}

TEST(Contention, of_what_was_undone_while_away_different_slots_count_once_whenever_they_are_found) {
  const auto app = undone("containers/app", 1'000, undone_while_away);
  const auto side = undone("containers/side", 900'000, undone_while_away);
  EXPECT_FALSE(rests_until({app, side}));
  EXPECT_TRUE(rests_until({app, undone("containers/app", 900'000, undone_while_away)}));
  EXPECT_TRUE(rests_until({app, undone("containers/side", 900'000)}));
  EXPECT_EQ(rests_until({app, undone("containers/app", 500'000), side}), 900'000 + 3'600'000)
      << "an edit between them does not part them";
}

struct Suspension : Ownership {};

TEST_F(Suspension, a_suspended_namespace_keeps_what_was_pushed_until_it_is_lifted) {
  World& world = owned_by("");
  world.engine->namespace_seen("prod", true);
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(store.inbox.size(), 1U);
  world.engine->namespace_seen("prod", false);
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0") << "no new push is needed";
  EXPECT_TRUE(store.inbox.empty());
}

TEST_F(Suspension, another_namespace_goes_on) {
  World& world = owned_by("");
  world.engine->namespace_seen("test", true);
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Suspension, nothing_is_decided_before_the_namespaces_are_known) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, automatic);
  EngineOptions options = quick();
  options.namespaces = true;
  World& world = launch(store, options);
  world.start();
  EXPECT_FALSE(world.engine->ready());
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  world.engine->namespace_seen("prod", false);
  world.engine->namespaces_listed();
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Suspension, only_what_changes_after_the_first_list_is_audited) {
  const auto file = std::filesystem::path(::testing::TempDir()) / ("suspension" + std::to_string(::getpid()) + ".log");
  World& world = owned_by("");
  telemetry::init_audit({telemetry::AuditSink::file, file, "test"});
  world.engine->namespace_seen("prod", true);  // as it has been for long
  world.engine->namespaces_listed();
  world.engine->namespace_seen("test", true);
  world.engine->namespace_seen("prod", false);
  telemetry::init_audit({});
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::filesystem::remove(file);
  EXPECT_NE(text.find(R"("action":"suspend")"), std::string::npos);
  EXPECT_EQ(text.find(R"("action":"suspend")"), text.rfind(R"("action":"suspend")")) << text;
  EXPECT_NE(text.find(R"("action":"resume")"), std::string::npos);
  world.settle();
}

}  // namespace
}  // namespace headwind::update::testing
