// SPDX-License-Identifier: Apache-2.0
// Requests that somebody made by hand: whoever may create one may not choose any image for any workload.
#include <gtest/gtest.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;
const Annotations automatic{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}};

struct Trust : ::testing::Test {
  void SetUp() override {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, automatic);
    world = &launch(store);
    world->start();
    world->push(nginx, "1.26.0");
  }
  UpdateRequest rollback(const std::string& image) const {
    UpdateRequest request;
    request.key = {"prod", "by-hand"};
    request.target_api_version = "apps/v1", request.target_kind = "Deployment", request.target_name = "web";
    request.target_namespace = "prod";
    request.container = "app", request.current_image = "nginx:1.25.0", request.new_image = "nginx:1.26.0";
    request.policy = "minor";
    request.rollback = true;
    request.rollback_image = image;
    return request;
  }
  Phase submit(const UpdateRequest& request) {
    store.create(request);
    world->watch();
    world->settle();
    return request_from_json(store.requests.at(request.key).dump())->phase;
  }
  Store store;
  World* world = nullptr;
};

TEST_F(Trust, a_rollback_to_a_foreign_image_is_refused) {
  EXPECT_EQ(submit(rollback("evil.example/miner:1")), Phase::failed);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Trust, a_rollback_to_a_version_that_never_ran_is_refused) {
  EXPECT_EQ(submit(rollback("nginx:1.2.3")), Phase::failed);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Trust, a_rollback_to_what_ran_before_is_carried_out) {
  EXPECT_EQ(submit(rollback("nginx:1.25.0")), Phase::rolled_back);
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(Trust, a_rollback_made_by_hand_cannot_name_who_ordered_it) {
  UpdateRequest request = rollback("nginx:1.25.0");
  request.rollback_by = "the-boss";
  EXPECT_EQ(submit(request), Phase::rolled_back);
  const std::string history = store.object(deployment("web"))["metadata"]["annotations"]["headwind.sh/update-history"];
  EXPECT_EQ(history.find("the-boss"), std::string::npos);
  EXPECT_NE(history.find("whoever made UpdateRequest by-hand"), std::string::npos);
}

TEST_F(Trust, T60_an_update_made_by_hand_needs_no_approval_only_where_the_workload_asks_for_none) {
  UpdateRequest request = rollback({});
  request.rollback = false;
  request.current_image = "nginx:1.26.0", request.new_image = "nginx:1.26.1";
  request.require_approval = false;
  store.push(nginx, "1.26.1");
  const auto require = [&](const nlohmann::json& value) {
    store.edit(deployment("web"), [&](nlohmann::json& object) {
      object["metadata"]["annotations"].merge_patch({{"headwind.sh/require-approval", value}});
    });
  };
  require("true");
  EXPECT_EQ(submit(request), Phase::pending);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  require(nullptr);
  world->settle();
  EXPECT_EQ(store.request("by-hand").phase, Phase::completed) << "approval is only a default there";
  EXPECT_EQ(store.image("web"), "nginx:1.26.1");
}

TEST_F(Trust, a_rollback_from_another_namespace_is_refused) {
  UpdateRequest request = rollback("nginx:1.25.0");
  request.key.name_space = "elsewhere";
  EXPECT_EQ(submit(request), Phase::failed);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Trust, a_rollback_of_a_workload_that_is_not_ours_is_refused) {
  UpdateRequest request = rollback("nginx:1.25.0");
  request.target_name = "unwatched";  // such as one without a policy: it is not in the inventory
  EXPECT_EQ(submit(request), Phase::failed);
}

TEST_F(Trust, a_rollback_of_another_object_of_that_name_is_refused) {
  UpdateRequest request = rollback("nginx:1.25.0");
  request.target_uid = "another";
  EXPECT_EQ(submit(request), Phase::superseded);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Trust, a_request_of_another_namespace_does_not_poison_the_memory) {
  UpdateRequest request = rollback("nginx:1.26.0");
  request.key = {"elsewhere", "poison"};
  request.new_image = "nginx:1.27.0";
  submit(request);
  world->push(nginx, "1.27.0");
  EXPECT_EQ(store.image("web"), "nginx:1.27.0");
}

}  // namespace
}  // namespace headwind::update::testing
