// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <utility>

#include "app/delivery_marks.hpp"
#include "app/kind_watch.hpp"
#include "app/notifiers.hpp"
#include "app/ourselves.hpp"
#include "app/parts.hpp"
#include "app/policies.hpp"
#include "app/registries.hpp"
#include "app/reload.hpp"
#include "app/routes.hpp"
#include "app/steps.hpp"
#include "app/stored_config.hpp"
#include "kube/events.hpp"

namespace headwind::app {
namespace {

constexpr std::chrono::seconds look_at_files{5};

Task<Result<config::Config>> read_configuration(Parts& parts) {
  Result<config::Config> next = parts.options.reread();
  if (!next) co_return next;
  const Result<> merged = co_await apply_stored_config(parts.client, *next, parts.options.environment);
  if (!merged) co_return merged.error();
  co_return next;
}

void notifier_came(Parts& parts, plugin::Notifier notifier, std::string_view plugin) {
  const std::string name = notifier.name();
  const bool is_new = parts.notifiers->add(std::move(notifier), plugin);
  if (is_new && parts.marks) parts.marks->came(name);
}

Task<> notifier_left(Parts& parts, std::string name) {
  co_await parts.notifiers->remove(name, grace);
  if (parts.marks) parts.marks->left(name);
}

void use_routes(Parts& parts, const config::Config& next) {
  const Routes routes(next.notification_routes);
  const bool wanted = routes.ask_for_labels();
  for (std::size_t i = 0; i < parts.kinds->size(); ++i)
    if (std::exchange((*parts.kinds)[i].keeps_labels, wanted) != wanted) parts.kind_watches[i]->list_again();
  parts.notifiers->set_routes(routes);
}

}  // namespace

Task<Result<>> follow_configuration(Parts& parts) {
  if (!parts.options.reread) co_return Result<>{};
  const NotifierListener listener{[&parts](plugin::Notifier notifier, std::string_view plugin) {
                                    notifier_came(parts, std::move(notifier), plugin);
                                  },
                                  [&parts](std::string name) { return notifier_left(parts, std::move(name)); }};
  parts.reloading = std::make_shared<Reload>(
      Reload::Parts{[&parts] { return read_configuration(parts); }, parts.options.config_file, parts.options.config,
                    *parts.host, parts.refusals, parts.options.plugin_directories, parts.options.environment, listener,
                    [&parts](const config::Config& next) { use_routes(parts, next); },
                    [&parts](const InstanceChanges& changes) {
                      parts.registries->use(parts.host->registries());
                      parts.policies->use(parts.host->policies());
                      for (const auto& name : changes.replaced) parts.notifiers->try_now(name);
                      if (changes.decides) parts.engine->plugins_changed();
                    },
                    [&parts](const std::string& sentence) {
                      parts.events->record(ourselves(parts.options.config, parts.options.environment), true,
                                           "ConfigurationRefused", sentence);
                    },
                    parts.metrics},
      parts.seen_at_start);
  if (!parts.options.config_file.empty())
    spawn(parts.executor, "the configuration", Reload::watch(parts.reloading, look_at_files));
  co_return Result<>{};
}

Task<> keep_configuration(Parts& parts) { co_await Reload::stop(std::exchange(parts.reloading, nullptr), grace); }

}  // namespace headwind::app
