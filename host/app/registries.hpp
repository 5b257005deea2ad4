// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/intake.hpp"
#include "app/pull_secrets.hpp"
#include "config/config.hpp"
#include "plugin/host.hpp"
#include "schedule/host_budget.hpp"
#include "telemetry/metrics.hpp"
#include "update/places.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// Which registry instance serves a repository, and why: config::registry_plugin_for with the configuration in force.
using RegistryRoute = std::function<config::RegistryChoice(std::string_view repository)>;

// The engine's Registries port, and the webhook parser, over the registry plugins. Every question goes one way: the
// host's budget is asked, a place at the host is taken, the workload's pull credentials are tried in the kubelet's
// order, and where all are refused they are read again, in case they were rotated. Engine thread only.
// What comes to /webhook/NAME is read by the instance NAME; by `oci` where that is a known sender's name and no such
// instance reads webhooks. /webhook is read by `oci`, and what that does not know by all others in turn.
class PluginRegistries final : public update::Registries, public api::WebhookParser {
 public:
  PluginRegistries(std::vector<plugin::Registry> instances, RegistryRoute route, PullSecrets& secrets,
                   telemetry::Metrics& metrics, const Clock& clock);
  // Instances have come or gone.
  void use(std::vector<plugin::Registry> instances) { instances_ = std::move(instances); }

  Task<Result<Symbol>> identity(std::string repository, Symbol access) override;
  Task<Result<std::string>> digest(std::string repository, std::string tag, Symbol access) override;
  Task<Result<std::vector<update::Candidate>>> tags(std::string repository, Symbol access) override;
  Task<Result<std::vector<std::string>>> platforms(std::string repository, std::string digest, Symbol access) override;
  Task<Result<std::vector<api::Push>>> parse(std::string endpoint, net::Headers headers, std::string body) override;

  // What became of a plugin's request (plugin::AnswerListener).
  void answered(const plugin::RegistryRequest& asked, const Result<net::Response>& answer);
  const schedule::HostBudget& budget() const { return budget_; }

 private:
  template <class T>
  using Question = std::function<Task<Result<T>>(plugin::Registry, std::optional<plugin::Credential>)>;
  template <class T>
  Task<Result<T>> ask(std::string repository, Symbol access, schedule::HostBudget::Urgency urgency,
                      Question<T> question);
  template <class T>
  Task<Result<T>> try_all(plugin::Registry registry, std::string host, std::vector<plugin::Credential> credentials,
                          schedule::HostBudget::Urgency urgency, Question<T> question);
  Result<plugin::Registry> serving(std::string_view repository);
  Task<Result<std::vector<plugin::Push>>> read_webhook(std::string endpoint, plugin::Fields headers, std::string body);
  Task<Result<std::vector<plugin::Push>>> read_by_anybody(plugin::Fields headers, std::string body, Error unknown);
  const plugin::Registry* find(std::string_view name) const;

  std::vector<plugin::Registry> instances_;
  RegistryRoute route_;
  PullSecrets& secrets_;
  telemetry::Metrics& metrics_;
  const Clock& clock_;
  schedule::HostBudget budget_;
  update::Places<std::string> places_;  // at each host, whoever asks: one that hangs keeps its own places only
  std::set<std::string, std::less<>> explained_;  // hosts of which the log says who serves them
  std::map<std::string, std::vector<std::string>, std::less<>> platforms_;  // by repository@digest: it never changes
};

}  // namespace headwind::app
