// SPDX-License-Identifier: Apache-2.0
// What was wanted and does not serve: files and instances that were refused, instances that are quarantined or rest.
#pragma once
#include <string>

#include "app/refusals.hpp"
#include "kube/events.hpp"
#include "plugin/host.hpp"

namespace headwind::app {

// A Kubernetes Event `about` us for each of them: PluginRefused or PluginQuarantined.
void report_missing_plugins(const plugin::Host& host, const Refusals& refusals, kube::EventWriter& events,
                            const kube::Involved& about);
// The same for one instance that is not called from now on: PluginQuarantined or PluginRests.
void report_outage(const plugin::Host& host, const plugin::InstanceInfo& instance, kube::EventWriter& events,
                   const kube::Involved& about);
// For /readyz: which they are, and why; empty where none is.
std::string missing_plugins_note(const plugin::Host& host, const Refusals& refusals);

}  // namespace headwind::app
