// SPDX-License-Identifier: Apache-2.0
// headwind.registry.harbor: tags with their digests and push times from Harbor's API, everything else, and the tags
// where that API is not to be had, as any OCI registry.
#include "registries/core/call_transport.hpp"
#include "registries/core/registry_plugin.hpp"
#include "registries/core/sender.hpp"
#include "registries/harbor/artifacts.hpp"

namespace {

namespace registries = headwind::registries;

class Harbor : public registries::RegistryPlugin {
 public:
  Harbor(const hw::call& call, const hw::config& config)
      : RegistryPlugin(call, config), artifacts_(settings()), http_(call), pull_(call) {
    if (settings().has_accounts()) secrets_.emplace(call);
  }

  void list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out) {
    const auto name = registries::parse_repository(repository);
    if (!name) throw hw::error(hw::code::invalid, "the repository's name is not valid");
    registries::CallTransport transport(call, http_, pull_, secrets_);
    const auto route =
        registries::value_or_throw(artifacts_.list(*name, transport, [&](const hw::tag_page& page) -> hw_status {
          call.check();
          out.put(page);
          return HW_OK;
        }));
    if (route.listed) return;
    RegistryPlugin::list_tags(call, repository, out);
    artifacts_.keep_off(route.detour, transport);
  }

  // Of Harbor alone, whatever the instance and so its path is called.
  std::vector<hw::push> parse_webhook(const hw::call&, const hw::headers& headers, std::string_view body) {
    registries::WebhookHead head = registries::read_head(
        headers.size(), [&](std::size_t row) { return std::pair(headers.key(row), headers.value(row)); });
    if (!head.for_any()) head.endpoint = "harbor";
    return registries::to_sdk(registries::value_or_throw(registries::parse_any(body, head, settings())));
  }

 private:
  registries::Artifacts artifacts_;
  hw::http http_;
  hw::pull pull_;
  std::optional<hw::secrets> secrets_;  // only where an account is configured
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Harbor>{.id = "headwind.registry.harbor",
                                   .version = "1.0.0",
                                   .summary = "Harbor: tags with digests and push times, its webhooks",
                                   .schema = registries::settings_schema,
                                   .needs = {HW_SERVICE_HTTP, HW_SERVICE_PULL, HW_SERVICE_SECRETS}});
