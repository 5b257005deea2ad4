// SPDX-License-Identifier: Apache-2.0
// The approval API over the engine's in-memory world: Deployment prod/web, container app on nginx:1.25.0, policy minor.
#pragma once
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "api/approval.hpp"
#include "api/auth_world.hpp"
#include "api/run.hpp"
#include "update/world.hpp"

namespace headwind::api {

class ApprovalTest : public testing::Test {
 protected:
  static constexpr const char* kNginx = "docker.io/library/nginx";
  static constexpr const char* kOne = "/api/v1/updates/prod/web-app-1-26-0";
  static constexpr const char* kRollback = "/api/v1/rollback/prod/web";

  ApprovalTest() {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
    world.start();
  }
  // 1.26.0 is pushed and waits for approval.
  void propose() { ASSERT_TRUE(world.push(kNginx, "1.26.0")); }
  // 1.26.0 is applied.
  void approve() {
    propose();
    ASSERT_EQ(call(post(std::string(kOne) + "/approve", "{}")).status, 200U);
  }

  net::ServerResponse call(net::ServerRequest request) {
    net::ServerResponse response = run(world.io, handler(std::move(request)));
    world.settle();
    return response;
  }
  net::ServerResponse get(const std::string& path) { return call(request("GET", path)); }
  static nlohmann::json body(const net::ServerResponse& response) { return nlohmann::json::parse(response.body); }
  std::size_t told(update::EventType type) const {
    return static_cast<std::size_t>(
        std::count_if(store.told.begin(), store.told.end(), [type](const auto& one) { return one.type == type; }));
  }

  update::testing::Store store;
  update::testing::World& world = update::testing::launch(store);
  AuthWorld auth;
  Gate open_gate;
  Gate token_gate{auth, auth, auth.clock};
  net::Handler handler = make_approval(*world.engine, open_gate);
};

}  // namespace headwind::api
