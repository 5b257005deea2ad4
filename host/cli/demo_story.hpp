// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "app/operator.hpp"
#include "core/async.hpp"
#include "core/result.hpp"
#include "fake/api_server.hpp"
#include "fake/registry.hpp"
#include "net/client.hpp"

namespace headwind::cli {

// Where the demo plays: a fake cluster and registry inside this process, the real operator in front of them.
struct Stage {
  fake::ApiServer& cluster;
  fake::Registry& registry;
  app::Operator& headwind;
  net::Client& http;
};

// The workloads of the demo, and the images they run, before anything happens.
void set_the_stage(fake::ApiServer& cluster, fake::Registry& registry);

// Plays the main job, one explained step after the other. Fails where a step does not end as it says.
Task<Result<>> tell_the_story(Stage stage);

}  // namespace headwind::cli
