// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "app/notifiers.hpp"
#include "app/refusals.hpp"
#include "config/config.hpp"
#include "core/async.hpp"
#include "core/result.hpp"
#include "plugin/host.hpp"

namespace headwind::app {

// With its secrets read. The error names field, file or variable, never a value.
Result<plugin::InstanceConfig> instance_from(const config::Plugin& wanted, const TextMap& environment);

// Whether Headwind cannot work without it: a registry, a workload kind, a policy of the default bundle.
bool is_needed(const config::Plugin& wanted);

// Creates every configured plugin instance. One that is_needed() fails the start; any other is refused with a sentence,
// which `refusals` keeps, and the rest starts.
Task<Result<>> create_instances(plugin::Host& host, const config::Config& config, const TextMap& environment,
                                Refusals& refusals);

// Notifier instances get their outboxes, and what is told goes by the configured routes.
void connect_notifiers(const plugin::Host& host, const config::Config& config, PluginNotifiers& notifiers);

// TLS of the configured registry hosts, by the authority of their endpoints.
Result<std::map<std::string, plugin::Peer>> registry_peers(const config::Config& config);

}  // namespace headwind::app
