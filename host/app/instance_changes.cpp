// SPDX-License-Identifier: Apache-2.0
#include "app/instance_changes.hpp"

#include <algorithm>
#include <utility>

#include "app/instances.hpp"

namespace headwind::app {
namespace {

// A workload kind is a list and a watch of the cluster, too: those begin with the process.
bool is_workload_kind(const plugin::Host& host, const std::string& plugin) {
  return kind_of(host, plugin) == "workload";
}

bool decides(std::string_view kind) { return kind == "policy" || kind == "registry"; }

void announce(const plugin::Host& host, const config::Plugin& wanted, const NotifierListener& notifiers) {
  for (const plugin::Notifier& notifier : host.notifiers())
    if (notifier.name() == wanted.name) notifiers.came(notifier, wanted.plugin);
}

Task<> settle(plugin::Host& host, config::Plugin wanted, const TextMap& environment, const NotifierListener& notifiers,
              Refusals& refusals, InstanceChanges& changes) {
  const Result<plugin::InstanceConfig> instance = instance_from(wanted, environment);
  const plugin::InstanceConfig* running = host.config_of(wanted.name);
  if (!instance) {
    changes.failed.push_back(wanted.name + ": " + instance.error().message);
    changes.missing = changes.missing || running == nullptr;
    if (running == nullptr) refusals.note(wanted.name, wanted.plugin, kind_of(host, wanted.plugin), instance.error());
    co_return;
  }
  if (running != nullptr && *running == *instance) co_return;
  if (is_workload_kind(host, wanted.plugin) || (running != nullptr && is_workload_kind(host, running->plugin))) {
    changes.restart.push_back(wanted.name);
    co_return;
  }
  const bool is_new = running == nullptr;
  const bool other_plugin = !is_new && running->plugin != wanted.plugin;
  Result<> done;
  if (is_new) {
    done = co_await host.create(*instance);
  } else {
    done = co_await host.replace(*instance);
  }
  if (!done) {
    changes.failed.push_back(done.error().message);
    changes.missing = changes.missing || is_new;
    if (is_new) refusals.note(wanted.name, wanted.plugin, kind_of(host, wanted.plugin), done.error());
    co_return;
  }
  refusals.forget(wanted.name);
  (is_new ? changes.created : changes.replaced).push_back(wanted.name);
  changes.decides = changes.decides || decides(kind_of(host, wanted.plugin));
  if (is_new || other_plugin) announce(host, wanted, notifiers);
}

Task<> take_out(plugin::Host& host, plugin::InstanceInfo instance, const NotifierListener& notifiers,
                InstanceChanges& changes) {
  if (instance.kind == "workload") {
    changes.restart.push_back(instance.name);
    co_return;
  }
  if (instance.kind == "notifier") co_await notifiers.left(instance.name);
  if (!host.remove(instance.name)) co_return;
  changes.removed.push_back(instance.name);
  changes.decides = changes.decides || decides(instance.kind);
}

// Those that were refused and are wanted no more.
Task<> forget_refused(const std::vector<config::Plugin>& wanted, const NotifierListener& notifiers, Refusals& refusals,
                      InstanceChanges& changes) {
  for (const plugin::InstanceInfo& instance : refusals.all()) {
    const bool stays =
        std::any_of(wanted.begin(), wanted.end(), [&](const auto& one) { return one.name == instance.name; });
    if (stays) continue;
    // What it would have been is not known where its plugin is not there.
    if (instance.kind == "notifier" || instance.kind.empty()) co_await notifiers.left(instance.name);
    refusals.forget(instance.name);
    changes.removed.push_back(instance.name);
  }
}

}  // namespace

Task<InstanceChanges> change_instances(plugin::Host& host, const config::Config& config, const TextMap& environment,
                                       const NotifierListener& notifiers, Refusals& refusals) {
  InstanceChanges changes;
  const std::vector<config::Plugin> wanted = config::plugin_instances(config);
  for (const config::Plugin& one : wanted) co_await settle(host, one, environment, notifiers, refusals, changes);
  if (changes.missing) co_return changes;
  for (const plugin::InstanceInfo& instance : host.instances()) {
    const bool stays = instance.state == "draining" || std::any_of(wanted.begin(), wanted.end(), [&](const auto& one) {
                         return one.name == instance.name;
                       });
    if (!stays) co_await take_out(host, instance, notifiers, changes);
  }
  co_await forget_refused(wanted, notifiers, refusals, changes);
  co_return changes;
}

}  // namespace headwind::app
