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

// The host's services for one call.
class EcrCall final : public ecr::EcrTransport {
 public:
  EcrCall(const hw::call& call, const hw::http& http, const hw::pull& pull, const std::optional<hw::secrets>& secrets)
      : call_(call), http_(http), pull_(pull), secrets_(secrets), inner_(call, http, pull, secrets) {}

  registries::Outcome<registries::Response> exchange(const registries::Request& request) override {
    return inner_.exchange(request);
  }
  registries::Outcome<registries::Response> exchange_within(const registries::Request& request,
                                                            std::int64_t ms) override {
    hw_call nearer = *call_.raw();
    nearer.deadline_ms = std::min(nearer.deadline_ms, mono_ms() + ms);
    const hw::call soon(&nearer);
    auto response = registries::CallTransport(soon, http_, pull_, secrets_).exchange(request);
    // The host calls both the same; but here the call itself may still go on.
    if (!response && response.failure().code == HW_CANCELLED && !call_.cancelled())
      return registries::Failure{HW_UNAVAILABLE, "no answer came within " + std::to_string(ms) + " ms", 0};
    return response;
  }
  std::optional<registries::Credential> credential() override { return inner_.credential(); }
  registries::Outcome<std::string> secret(const std::string& name) override { return inner_.secret(name); }
  std::int64_t unix_ms() override { return inner_.unix_ms(); }
  std::int64_t mono_ms() override { return inner_.mono_ms(); }

 private:
  const hw::call& call_;
  const hw::http& http_;
  const hw::pull& pull_;
  const std::optional<hw::secrets>& secrets_;
  registries::CallTransport inner_;
};

class Ecr : public hw::registry {
 public:
  Ecr(const hw::call& call, const hw::config& config)
      : Ecr(call, registries::value_or_throw(ecr::EcrSettings::parse(config.json().dump()))) {}

  void list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out) {
    EcrCall transport(call, http_, pull_, secrets_);
    registries::value_or_throw(registry_.list_tags(parse(repository), transport, [&](const registries::TagRows& page) {
      call.check();
      out.put(hw::tag_page{.names = page.names, .digests = page.digests, .pushed_ms = page.pushed_ms});
      return HW_OK;
    }));
  }

  hw::artifact resolve(const hw::call& call, std::string_view repository, std::string_view tag,
                       std::string_view platform) {
    EcrCall transport(call, http_, pull_, secrets_);
    auto found = registries::value_or_throw(registry_.resolve(parse(repository), tag, transport, platform));
    return {std::move(found.digest), std::move(found.media_type)};
  }

  std::vector<std::string> platforms(const hw::call& call, std::string_view repository, std::string_view digest) {
    EcrCall transport(call, http_, pull_, secrets_);
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
