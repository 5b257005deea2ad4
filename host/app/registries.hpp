// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "api/intake.hpp"
#include "plugin/host.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// The engine's Registries port, and the webhook parser, over the registry plugins: instance "dockerhub" serves
// docker.io and /webhook/dockerhub, instance "oci" everything else and all other webhooks.
class PluginRegistries final : public update::Registries, public api::WebhookParser {
 public:
  explicit PluginRegistries(std::vector<plugin::Registry> instances) : instances_(std::move(instances)) {}
  Task<Result<std::string>> digest(std::string repository, std::string tag, Symbol access) override;
  Task<Result<Symbol>> identity(std::string repository, Symbol access) override;
  Task<Result<std::vector<update::Candidate>>> tags(std::string repository, Symbol access) override;
  Task<Result<std::vector<std::string>>> platforms(std::string repository, std::string digest, Symbol access) override;
  Task<Result<std::vector<api::Push>>> parse(std::string endpoint, net::Headers headers, std::string body) override;

 private:
  Result<plugin::Registry> serving(std::string_view repository) const;
  const plugin::Registry* find(std::string_view name) const;
  std::vector<plugin::Registry> instances_;
};

}  // namespace headwind::app
