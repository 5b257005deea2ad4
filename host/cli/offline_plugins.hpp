// SPDX-License-Identifier: Apache-2.0
// The workload and policy plugins of a configuration without a cluster: they read manifests and choose among tags just
// as the operator has them do it.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "app/kinds.hpp"
#include "app/policies.hpp"
#include "config/config.hpp"
#include "core/async.hpp"
#include "core/result.hpp"
#include "plugin/host.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::cli {

class OfflinePlugins {
 public:
  // `config_file` empty: the bundle's defaults. Registries and notifiers are left out. An error is a sentence.
  Task<Result<>> open(Executor executor, std::string config_file);

  // What open() read; the defaults and the environment where it was given no file.
  const config::Config& config() const { return config_; }
  const update::Policies& policies() const { return *policies_; }
  update::Policies& policies() { return *policies_; }
  // Whether objects of that kind are followed; `api_version` as manifests write it: "apps/v1".
  bool follows(std::string_view api_version, std::string_view kind) const;
  // The kind that may be meant, as "Deployment of apps/v1"; empty where there is none.
  std::string nearest_kind(std::string_view kind) const;
  // One object as the operator sees it; in namespace "default" where it names none. Nothing where its kind is not
  // followed or it has no name.
  Task<Result<std::optional<inventory::Workload>>> read(std::string json);

 private:
  const app::WorkloadKind* find(std::string_view api_version, std::string_view kind) const;

  config::Config config_;
  telemetry::Metrics metrics_;
  std::unique_ptr<plugin::Host> host_;
  std::vector<app::WorkloadKind> kinds_;
  std::unique_ptr<app::PluginPolicies> policies_;
};

}  // namespace headwind::cli
