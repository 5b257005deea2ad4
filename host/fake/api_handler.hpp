// SPDX-License-Identifier: Apache-2.0
// The state of the fake API server, and how it answers one request.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "fake/access.hpp"
#include "fake/api_server.hpp"
#include "fake/call.hpp"
#include "fake/faults.hpp"
#include "fake/list.hpp"
#include "fake/rollout.hpp"
#include "fake/store.hpp"
#include "fake/watch.hpp"
#include "fake/write.hpp"

namespace headwind::fake {

// Shared: requests under way outlive the ApiServer that started them.
struct ApiState : std::enable_shared_from_this<ApiState> {
  ApiState(Executor executor, ApiServerOptions chosen);
  void make_first_objects();

  Executor executor;
  ApiServerOptions options;
  Store store;
  Writer writer;
  Lister lister;
  WatchHub watches;
  AccessTable access;
  Faults faults;
  std::unique_ptr<Rollout> rollout;  // null: nobody plays the controllers
  std::vector<LoggedRequest> requests;
  std::function<void(const LoggedRequest&)> observer;
};

// The handler of the HTTP server.
Task<net::ServerResponse> handle(std::shared_ptr<ApiState> state, net::ServerRequest request);

}  // namespace headwind::fake
