// SPDX-License-Identifier: Apache-2.0
// What became of a proposal stands on the workload as an Event: who said yes or no, that nobody did, that it may
// return.
#include <gmock/gmock.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
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

TEST_F(AnswersTold, that_a_newer_version_took_its_place) {
  World& world = begin();
  world.push("docker.io/library/nginx", "1.27.0");
  EXPECT_THAT(store.events, Contains(web + "UpdateSuperseded: UpdateRequest web-app-1-26-0, to nginx:1.26.0: "
                                           "Superseded by web-app-1-27-0 (nginx:1.27.0)"));
}

TEST_F(AnswersTold, that_what_was_approved_is_given_up_since_the_tag_was_pushed_again) {
  World& world = begin();
  store.push("docker.io/library/nginx", "1.26.0", "sha256:" + std::string(64, 'b'));
  EXPECT_FALSE(world.run(world.engine->approve(key, "alice")));
  ASSERT_EQ(store.request(key.name).phase, Phase::superseded);
  EXPECT_THAT(store.events,
              Contains(AllOf(StartsWith(web + "UpdateSuperseded: UpdateRequest web-app-1-26-0, to nginx:1.26.0: "),
                             HasSubstr("1.26.0 was pushed again since this was proposed"))));
}

TEST_F(AnswersTold, that_its_workload_is_gone_though_nothing_is_known_of_that_any_more) {
  EngineOptions options = quick();
  options.gone_patience = std::chrono::seconds(0);
  World& world = begin(options);
  store.remove(deployment("web"));
  world.watch();
  world.settle();
  ASSERT_EQ(store.request(key.name).phase, Phase::superseded);
  EXPECT_THAT(store.events, Contains(AllOf(StartsWith(web + "UpdateSuperseded: "), HasSubstr(" is gone, or has no "))));
}

}  // namespace
}  // namespace headwind::update::testing
