// SPDX-License-Identifier: Apache-2.0
// Workloads that others write, too, and those whose administrators say wait.
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace headwind::update::testing
