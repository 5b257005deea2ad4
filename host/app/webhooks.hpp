// SPDX-License-Identifier: Apache-2.0
// What the configuration says about webhooks, as the intake wants it.
#pragma once
#include <memory>

#include "api/intake.hpp"
#include "config/config.hpp"
#include "core/result.hpp"
#include "core/text.hpp"
#include "net/client.hpp"

namespace headwind::app {

// Endpoints, their secrets (read here) and tokens, aliases and places. An error names the field.
Result<api::IntakeOptions> intake_options(const config::Config& config, const TextMap& environment);

// Reads key sets of issuers over HTTP. Anything but a 200 is Code::unavailable.
api::KeyFetcher key_fetcher(std::shared_ptr<net::Client> client);

}  // namespace headwind::app
