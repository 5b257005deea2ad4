// SPDX-License-Identifier: Apache-2.0
// Where a rollback goes, and into which request it is written.
#include <gtest/gtest.h>

#include "update/history.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;
const RolloutView broken{RolloutView::State::failed, 0, 1, "pod web-1: container app: CrashLoopBackOff", {}, {}};
const Annotations undoing{
    {"policy", "minor"}, {"min-update-interval", "0"}, {"require-approval", "false"}, {"auto-rollback", "true"}};
const Annotations approved{{"policy", "minor"}, {"min-update-interval", "0"}, {"auto-rollback", "true"}};

struct WayBack : ::testing::Test {
  World& deployed(const Annotations& annotations) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, annotations);
    World& world = launch(store, quick(), true);
    world.start();
    return world;
  }
  void set_by_hand(const std::string& image) {
    store.edit(deployment("web"),
               [&](nlohmann::json& object) { object["spec"]["template"]["spec"]["containers"][0]["image"] = image; });
  }
  // A mutating webhook that pins each known tag to its digest.
  void pin_digests() {
    store.admission = [this](nlohmann::json& object) {
      auto& image = object["spec"]["template"]["spec"]["containers"][0]["image"];
      const std::string text = image;
      const auto known = store.registry.find("docker.io/library/" + text);
      if (known != store.registry.end()) image = text + "@" + known->second;
    };
  }
  std::string history() const {
    std::string images;
    for (const HistoryEntry& entry : read_history(
             store.object(deployment("web"))["metadata"]["annotations"].value("headwind.sh/update-history", "")))
      images += entry.image + " ";
    return images;
  }
  Store store;
};

TEST_F(WayBack, goes_to_what_a_person_had_set_before_the_update) {
  World& world = deployed(undoing);
  world.push(nginx, "1.25.1");
  set_by_hand("nginx:1.25.9");
  world.settle();
  world.fates["nginx:1.26.0"] = broken;
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.9");
  EXPECT_EQ(history(), "nginx:1.25.9 nginx:1.26.0 nginx:1.25.9 nginx:1.25.1 nginx:1.25.0 ");
}

TEST_F(WayBack, is_written_into_the_request_that_brought_the_version_not_into_one_of_the_same_tag) {
  World& world = deployed(approved);
  world.push(nginx, "1.26.0", "sha256:" + std::string(64, 'a'));
  world.push(nginx, "1.26.0", "sha256:" + std::string(64, 'b'));
  ASSERT_EQ(store.requests.size(), 2U);
  const std::string superseded = "web-app-1-26-0";
  ASSERT_EQ(store.request(superseded).phase, Phase::superseded);
  const std::vector<std::string> names = store.request_names();
  const std::string second = names[0] == superseded ? names[1] : names[0];
  world.fates["nginx:1.26.0"] = broken;
  ASSERT_TRUE(world.run(world.engine->approve({"prod", second}, "a")));
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(store.request(second).phase, Phase::rolled_back);
  EXPECT_EQ(store.request(superseded).phase, Phase::superseded);
  world.push(nginx, "1.26.0", "sha256:" + std::string(64, 'b'));
  EXPECT_EQ(store.request_names().size(), 2U) << "what failed is not proposed again";
}

TEST_F(WayBack, of_an_image_that_admission_pinned_is_followed_and_undone) {
  for (const bool automatic : {true, false}) {
    store = Store();
    pin_digests();
    World& world = deployed(automatic ? undoing : approved);
    world.push(nginx, "1.26.0");
    if (!automatic) {
      ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a")));
      world.settle();
      EXPECT_EQ(store.request("web-app-1-26-0").find_condition(condition::rolled_out)->status, "True");
    }
    const std::string pinned = store.image("web");
    EXPECT_EQ(pinned, "nginx:1.26.0@" + store.registry.at(nginx + ":1.26.0"));
    const auto known = store.registry;
    world.push(nginx, "1.27.0");
    if (!automatic) {
      world.fates["nginx:1.27.0@" + store.registry.at(nginx + ":1.27.0")] = broken;
      ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-app-1-27-0"}, "a")));
      world.settle();
      EXPECT_EQ(store.request("web-app-1-27-0").phase, Phase::rolled_back);
      EXPECT_EQ(store.request("web-app-1-27-0").find_condition(condition::rolled_back)->status, "True");
      EXPECT_EQ(store.image("web"), pinned);
    }
  }
}

TEST_F(WayBack, of_a_pinned_image_ordered_by_hand_goes_to_the_version_before) {
  pin_digests();
  World& world = deployed(undoing);
  world.push(nginx, "1.26.0");
  const auto done = world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "slow"}));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  ASSERT_EQ(store.request_names(), std::vector<std::string>{"web-app-1-26-0"});
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(WayBack, a_memory_that_was_deleted_with_kubectl_is_released) {
  World& world = deployed(undoing);
  world.fates["nginx:1.26.0"] = broken;
  world.push(nginx, "1.26.0");
  ASSERT_EQ(store.request_names(), std::vector<std::string>{"web-app-1-26-0"});
  store.requests.clear();
  world.settle();
  EXPECT_EQ(store.object(deployment("web"))["metadata"]["annotations"].value("headwind.sh/released", ""),
            "nginx:1.26.0");
}

TEST_F(WayBack, that_is_refused_is_told) {
  World& world = deployed(undoing);
  world.push(nginx, "1.26.0");
  world.patch_error = make_error(Code::denied, "admission webhook \"images\" denied the request");
  EXPECT_FALSE(world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "slow"})));
  world.settle();
  EXPECT_TRUE(std::any_of(store.events.begin(), store.events.end(), [](const std::string& event) {
    return event.find("RollbackFailed") != std::string::npos && event.find("nothing was changed") != std::string::npos;
  }));
}

}  // namespace
}  // namespace headwind::update::testing
