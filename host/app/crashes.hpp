// SPDX-License-Identifier: Apache-2.0
// Plugins that ended the last process: what is said about them, and where.
#pragma once
#include <memory>

#include "config/config.hpp"
#include "kube/events.hpp"
#include "plugin/host.hpp"
#include "plugin/journal.hpp"

namespace headwind::app {

// The journal of crashes within plugins, or null: none is wanted, or there is no place for it, which is said once. What
// the last process died of is logged here.
std::shared_ptr<plugin::Journal> open_journal(const config::Config& config);

// A Kubernetes Event `about` us for each plugin that ended the last process.
void report_crashes(const plugin::Journal* journal, const config::Config& config, const plugin::Host& host,
                    kube::EventWriter& events, const kube::Involved& about);

}  // namespace headwind::app
