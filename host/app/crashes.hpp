// SPDX-License-Identifier: Apache-2.0
// Plugins that ended the last process: what is said about them, and where.
#pragma once
#include <memory>
#include <string>

#include "config/config.hpp"
#include "kube/events.hpp"
#include "plugin/host.hpp"
#include "plugin/journal.hpp"

namespace headwind::app {

// The journal of crashes within plugins, or null: none is wanted, or there is no place for it, which is said once. What
// the last process died of is logged here.
std::shared_ptr<plugin::Journal> open_journal(const config::Config& config);

// Kubernetes Events about plugins that crashed us, on our own pod where the environment tells which that is, else on
// our namespace.
void report_crashes(const plugin::Journal* journal, const plugin::Host& host, const config::Config& config,
                    const TextMap& environment, kube::EventWriter& events);
// For /readyz: which instances are quarantined, and why; empty where none is.
std::string quarantine_note(const plugin::Host& host);

}  // namespace headwind::app
