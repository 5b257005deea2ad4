// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "config/config.hpp"
#include "kube/events.hpp"

namespace headwind::app {

// Who we are, for Events about Headwind itself: our own pod where the environment tells which that is (downward API,
// deploy/40-deployment.yaml), else our namespace.
kube::Involved ourselves(const config::Config& config, const TextMap& environment);

}  // namespace headwind::app
