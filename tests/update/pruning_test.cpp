// SPDX-License-Identifier: Apache-2.0
#include "update/pruning.hpp"

#include <gtest/gtest.h>

#include "core/clock.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

constexpr std::int64_t day = 24LL * 3600 * 1000;

UpdateRequest finished(int number, Phase phase, std::int64_t at) {
  UpdateRequest request;
  request.key = {"prod", "r" + std::to_string(number)};
  request.phase = phase;
  request.last_updated_ms = at;
  return request;
}

TEST(Pruning, keeps_the_newest_ten_and_what_still_matters) {
  const std::int64_t now = 100 * day;
  std::vector<UpdateRequest> requests;
  for (int i = 0; i < 12; ++i) requests.push_back(finished(i, Phase::completed, now - i));
  requests.push_back(finished(100, Phase::pending, 0));
  requests.push_back(finished(101, Phase::rejected, 0));
  requests.push_back(finished(102, Phase::rolled_back, 0));
  const auto gone = superfluous(requests, now);
  ASSERT_EQ(gone.size(), 2U);
  EXPECT_EQ(gone[0].key.name, "r10");
  EXPECT_EQ(gone[1].key.name, "r11");
  EXPECT_EQ(superfluous({finished(1, Phase::expired, now - 31 * day)}, now).size(), 1U) << "old";
}

TEST(Pruning, a_remembered_version_goes_when_it_is_old_and_overtaken) {
  Store store;
  store.deploy("Deployment", "web", {{"app", "nginx:1.27.0"}}, {{"policy", "minor"}});
  const auto remember = [&](const std::string& tag) {
    UpdateRequest request;
    request.key = {"prod", "web-app-" + tag};
    request.target_api_version = "apps/v1", request.target_kind = "Deployment", request.target_name = "web";
    request.target_namespace = "prod", request.container = "app", request.policy = "minor";
    request.current_image = "nginx:1.0.0", request.new_image = "nginx:" + tag;
    store.create(request);
    store.merge(request.key,
                R"({"status":{"phase":"Rejected","lastUpdated":")" +
                    format_rfc3339(system_clock().unix_ms() - 31 * day) + "\"}}",
                {}, true);
  };
  remember("1.26.0");
  remember("1.28.0");
  World& world = launch(store);
  world.start();
  EXPECT_EQ(store.request_names(), std::vector<std::string>{"web-app-1.28.0"}) << "1.26.0 cannot come back anyway";
}

TEST(Pruning, a_limit_of_count_and_age_is_what_was_asked_for) {
  std::vector<UpdateRequest> requests;
  for (int i = 0; i < 5; ++i) requests.push_back(finished(i, Phase::completed, 1000 - i * 100));
  EXPECT_EQ(superfluous(requests, 1000, {3, 10'000}).size(), 2U);
  EXPECT_EQ(superfluous(requests, 1000, {10, 250}).size(), 2U);
  EXPECT_EQ(superfluous(requests, 1000, {0, 10'000}).size(), 5U);
}

TEST(Pruning, what_is_too_old_goes_though_nothing_else_happens) {
  Store store;
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
  EngineOptions options = quick();
  options.kept_for = std::chrono::milliseconds(700);
  World& world = launch(store, options);
  world.start();
  world.push("docker.io/library/nginx", "1.26.0");
  ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-app-1-26-0"}, std::string("a"))));
  world.settle();
  ASSERT_EQ(store.requests.size(), 1U);
  for (int i = 0; i < 5000 && !store.requests.empty(); ++i)
    world.io.restart(), world.io.run_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(store.requests.empty());
}

}  // namespace
}  // namespace headwind::update::testing
