// SPDX-License-Identifier: Apache-2.0
#include "app/stored_config.hpp"

#include "app/cluster.hpp"

namespace headwind::app {

Task<Result<>> apply_stored_config(std::shared_ptr<kube::Client> client, config::Config& config,
                                   const TextMap& environment) {
  const Result<kube::ConfigMap> stored = co_await read_patiently(client, config.name_space, "headwind-config");
  if (!stored && (stored.error().code == Code::not_found || stored.error().code == Code::denied))
    co_return Result<>{};  // none, or not ours to read
  if (!stored) co_return in_context(stored.error(), "ConfigMap " + config.name_space + "/headwind-config not read");
  const Result<> applied = config::apply_config_map(config, stored->data);
  if (!applied) co_return in_context(applied.error(), "ConfigMap " + config.name_space + "/headwind-config");
  co_return config::apply_environment(config, environment);
}

}  // namespace headwind::app
