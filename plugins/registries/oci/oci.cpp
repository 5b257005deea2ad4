// SPDX-License-Identifier: Apache-2.0
// headwind.registry.oci: any registry of the OCI distribution API, and the webhooks of every sender but Docker Hub.
#include "registries/core/registry_plugin.hpp"
#include "registries/core/sender.hpp"

namespace {

namespace registries = headwind::registries;

class Oci : public registries::RegistryPlugin {
 public:
  using RegistryPlugin::RegistryPlugin;

  std::vector<hw::push> parse_webhook(const hw::call&, const hw::headers& headers, std::string_view body) {
    const registries::WebhookHead head = registries::read_head(
        headers.size(), [&](std::size_t row) { return std::pair(headers.key(row), headers.value(row)); });
    return registries::to_sdk(registries::value_or_throw(registries::parse_any(body, head, settings())));
  }
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Oci>{.id = "headwind.registry.oci",
                                .version = "1.0.0",
                                .summary = "Any OCI registry: tags, digests, webhooks of all senders",
                                .schema = registries::settings_schema,
                                .needs = {HW_SERVICE_HTTP, HW_SERVICE_PULL, HW_SERVICE_SECRETS}});
