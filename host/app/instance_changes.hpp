// SPDX-License-Identifier: Apache-2.0
// From the instances that run to those that are configured, without losing a call.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/refusals.hpp"
#include "config/config.hpp"
#include "core/async.hpp"
#include "plugin/host.hpp"

namespace headwind::app {

struct InstanceChanges {
  std::vector<std::string> created, replaced, removed;  // names
  std::vector<std::string> failed;                      // sentences that begin with the name: it stays as it was
  std::vector<std::string> restart;                     // names of workload kinds: they are watched as they were
  bool decides = false;  // a policy or a registry is among those that were created, replaced or removed
  bool missing = false;  // one of `failed` is new: nothing was taken out, since that one may be its successor
};

// Who keeps views of notifiers. `left` is awaited before the instance is taken out, so that it can be told what waits.
struct NotifierListener {
  std::function<void(plugin::Notifier notifier, std::string_view plugin)> came;
  std::function<Task<>(std::string name)> left;
};

// `refusals`: of what is wanted and still not there.
// Creates what is new, replaces what has changed (settings, secrets, deadlines, plugin), takes out what is gone, and
// leaves the rest alone. All views that were made before go on to fit, but for those of what was taken out.
Task<InstanceChanges> change_instances(plugin::Host& host, const config::Config& config, const TextMap& environment,
                                       const NotifierListener& notifiers, Refusals& refusals);

}  // namespace headwind::app
