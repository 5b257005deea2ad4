// SPDX-License-Identifier: Apache-2.0
// What became of a proposal stands on the workload as an Event: who said yes or no, that nobody did, that it may
// return.
#include <gmock/gmock.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

using ::testing::Contains;
using ::testing::StartsWith;

struct AnswersTold : ::testing::Test {
  World& begin(EngineOptions options = quick()) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
    World& world = launch(store, options);
    world.start();
    world.push("docker.io/library/nginx", "1.26.0");
    return world;
  }
  Store store;
  const RequestKey key{"prod", "web-app-1-26-0"};
  const std::string web = "Deployment prod/web ";
};

TEST_F(AnswersTold, an_approval_with_whose_it_is) {
  World& world = begin();
  ASSERT_TRUE(world.run(world.engine->approve(key, "alice")));
  EXPECT_THAT(store.events, Contains(web + "UpdateApproved: alice: UpdateRequest web-app-1-26-0, to nginx:1.26.0"));
}

TEST_F(AnswersTold, a_rejection_with_its_reason_and_then_its_release) {
  World& world = begin();
  ASSERT_TRUE(world.run(world.engine->reject(key, "bob", "not on a Friday")));
  EXPECT_THAT(store.events,
              Contains(web + "UpdateRejected: bob: UpdateRequest web-app-1-26-0, to nginx:1.26.0: not on a Friday; "
                             "nothing at or below it is proposed until the request is released"));
  ASSERT_TRUE(world.run(world.engine->release(key, "carol")));
  EXPECT_THAT(store.events, Contains(web + "UpdateReleased: carol: nginx:1.26.0 is no longer remembered as bad"));
}

TEST_F(AnswersTold, an_expiry) {
  EngineOptions options = quick();
  options.request_lifetime = std::chrono::seconds(1);
  World& world = begin(options);
  for (int i = 0; i < 3000 && store.request(key.name).phase != Phase::expired; ++i) {
    world.io.restart();
    world.io.run_for(std::chrono::milliseconds(10));
  }
  EXPECT_THAT(store.events, Contains(StartsWith(web + "UpdateExpired: UpdateRequest web-app-1-26-0, to nginx:1.26.0: "
                                                      "Nobody answered in time")));
}

}  // namespace
}  // namespace headwind::update::testing
