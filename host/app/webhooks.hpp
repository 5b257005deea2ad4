// SPDX-License-Identifier: Apache-2.0
// What the configuration says about webhooks, as the intake wants it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "api/intake.hpp"
#include "app/refusals.hpp"
#include "config/config.hpp"
#include "core/result.hpp"
#include "core/text.hpp"
#include "net/client.hpp"
#include "plugin/host.hpp"

namespace headwind::app {

// The registry instances with a path of their own name: all but those of the bundle, whose senders have theirs. Also
// one that was refused, since it may be mended while the port is open.
std::vector<std::string> webhook_instances(const plugin::Host& host, const Refusals& refusals);

// Endpoints, those of `instances` among them, their secrets (read here) and tokens, aliases and places. An error names
// the field.
Result<api::IntakeOptions> intake_options(const config::Config& config, const std::vector<std::string>& instances,
                                          const TextMap& environment);

// Reads key sets of issuers over HTTP. Anything but a 200 is Code::unavailable.
api::KeyFetcher key_fetcher(std::shared_ptr<net::Client> client);

}  // namespace headwind::app
