// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "app/instances.hpp"
#include "app/parts.hpp"
#include "app/served_port.hpp"
#include "app/steps.hpp"

namespace headwind::app {
namespace {

// Those without which the start ends.
std::vector<config::SecretReference> needed_secrets(const config::Config& config) {
  std::vector<config::SecretReference> secrets;
  for (const auto& [endpoint, webhook] : config.webhook_secrets)
    for (const config::SecretReference& one : {webhook.secret, webhook.previous})
      if (!one.empty()) secrets.push_back(one);
  for (const config::Plugin& plugin : config::plugin_instances(config))
    if (is_needed(plugin))
      for (const auto& [name, secret] : plugin.secrets) secrets.push_back(secret);
  return secrets;
}

}  // namespace

Task<Result<>> preflight(Parts& parts) {
  const config::Config& config = parts.options.config;
  for (const config::SecretReference& secret : needed_secrets(config)) {
    if (config::is_read_once(secret.file)) continue;
    const Result<std::string> value = config::read_secret(secret, parts.options.environment);
    if (!value) co_return value.error();
  }
  for (const auto& [name, port] : {std::pair{"ports.api", &config.api}, std::pair{"ports.webhooks", &config.webhooks},
                                   std::pair{"ports.metrics", &config.metrics}})
    if (const Result<> free = may_serve(parts.executor, *port); !free) co_return in_context(free.error(), name);
  co_return Result<>{};
}

}  // namespace headwind::app
