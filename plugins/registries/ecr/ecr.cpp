// SPDX-License-Identifier: Apache-2.0
// headwind.registry.ecr: Amazon ECR, private and public. Notifications of EventBridge are read by
// headwind.registry.oci.
#include <optional>

#include "registries/core/call_transport.hpp"
#include "registries/core/registry_plugin.hpp"
#include "registries/ecr/registry.hpp"

namespace {

namespace registries = headwind::registries;
namespace ecr = headwind::registries::ecr;

class Ecr : public hw::registry {
 public:
  Ecr(const hw::call& call, const hw::config& config)
      : Ecr(call, registries::value_or_throw(ecr::EcrSettings::parse(config.json().dump()))) {}

  void list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out) {
    registries::CallTransport transport(call, http_, pull_, secrets_);
    registries::value_or_throw(registry_.list_tags(parse(repository), transport, [&](const registries::TagRows& page) {
      call.check();
      out.put(hw::tag_page{.names = page.names, .digests = page.digests, .pushed_ms = page.pushed_ms});
      return HW_OK;
    }));
  }

  hw::artifact resolve(const hw::call& call, std::string_view repository, std::string_view tag,
                       std::string_view platform) {
    registries::CallTransport transport(call, http_, pull_, secrets_);
    auto found = registries::value_or_throw(registry_.resolve(parse(repository), tag, transport, platform));
    return {std::move(found.digest), std::move(found.media_type)};
  }

  std::vector<std::string> platforms(const hw::call& call, std::string_view repository, std::string_view digest) {
    registries::CallTransport transport(call, http_, pull_, secrets_);
    return registries::value_or_throw(registry_.platforms(parse(repository), std::string(digest), transport));
  }

 private:
  Ecr(const hw::call& call, ecr::EcrSettings settings) : http_(call), pull_(call), registry_(settings, environment()) {
    if (settings.names_secrets()) secrets_.emplace(call);
  }
  static ecr::Environment environment() { return ecr::Environment::of_process(); }
  static registries::Repository parse(std::string_view name) {
    auto repository = registries::parse_repository(name);
    if (!repository) throw hw::error(hw::code::invalid, "the repository's name is not valid");
    return *repository;
  }

  hw::http http_;
  hw::pull pull_;
  std::optional<hw::secrets> secrets_;  // only where an account or keys are configured
  ecr::EcrRegistry registry_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Ecr>{.id = "headwind.registry.ecr",
                                .version = "1.0.0",
                                .summary = "Amazon ECR: tags, digests and platforms, by its API",
                                .schema = ecr::ecr_settings_schema,
                                .needs = {HW_SERVICE_HTTP, HW_SERVICE_PULL, HW_SERVICE_SECRETS}});
