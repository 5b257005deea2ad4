// SPDX-License-Identifier: Apache-2.0
// headwind.registry.oci: any registry of the OCI distribution API, and the notifications that distribution sends.
#include "registries/core/registry_plugin.hpp"

namespace {

namespace registries = headwind::registries;

class Oci : public registries::RegistryPlugin {
 public:
  using RegistryPlugin::RegistryPlugin;

  std::vector<hw::push> parse_webhook(const hw::call&, const hw::headers&, std::string_view body) {
    return registries::to_sdk(registries::value_or_throw(registries::parse_distribution(body, settings())));
  }
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Oci>{.id = "headwind.registry.oci",
                                .version = "1.0.0",
                                .summary = "Any OCI registry: tags, digests, distribution notifications",
                                .schema = registries::settings_schema,
                                .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS}});
