// SPDX-License-Identifier: Apache-2.0
// headwind.registry.dockerhub: Docker Hub, or the mirror that the settings name for docker.io, and its webhook. Where
// push times are wanted, tags come from the Hub API.
#include "registries/core/call_transport.hpp"
#include "registries/core/registry_plugin.hpp"
#include "registries/dockerhub/hub_tags.hpp"

namespace {

namespace registries = headwind::registries;

class DockerHub : public registries::RegistryPlugin {
 public:
  DockerHub(const hw::call& call, const hw::config& config)
      : RegistryPlugin(call, config),
        tags_(settings(), registries::value_or_throw(registries::HubSettings::parse(config.json().dump()))),
        http_(call),
        pull_(call) {
    if (settings().has_accounts()) secrets_.emplace(call);
  }

  void list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out) {
    const auto name = check(repository);
    registries::CallTransport transport(call, http_, pull_, secrets_);
    const bool listed =
        registries::value_or_throw(tags_.list(name, transport, [&](const hw::tag_page& page) -> hw_status {
          call.check();
          out.put(page);
          return HW_OK;
        }));
    if (!listed) RegistryPlugin::list_tags(call, repository, out);
  }
  hw::artifact resolve(const hw::call& call, std::string_view repository, std::string_view tag,
                       std::string_view platform) {
    check(repository);
    return RegistryPlugin::resolve(call, repository, tag, platform);
  }
  std::vector<std::string> platforms(const hw::call& call, std::string_view repository, std::string_view digest) {
    check(repository);
    return RegistryPlugin::platforms(call, repository, digest);
  }
  std::vector<hw::push> parse_webhook(const hw::call&, const hw::headers&, std::string_view body) {
    return registries::to_sdk(registries::value_or_throw(registries::parse_docker_hub(body)));
  }

 private:
  static registries::Repository check(std::string_view repository) {
    const auto name = registries::parse_repository(repository);
    if (!name) throw hw::error(hw::code::invalid, "the repository's name is not valid");
    if (name->host != "docker.io")
      throw hw::error(hw::code::unsupported, "the Docker Hub plugin does not serve images of " + name->host);
    return *name;
  }

  registries::HubTags tags_;
  hw::http http_;
  hw::pull pull_;
  std::optional<hw::secrets> secrets_;  // only where an account is configured
};

}  // namespace

HEADWIND_MODULE(hw::plugin<DockerHub>{.id = "headwind.registry.dockerhub",
                                      .version = "1.1.0",
                                      .summary = "Docker Hub: tags, digests, push times, its webhook",
                                      .schema = registries::hub_settings_schema,
                                      .needs = {HW_SERVICE_HTTP, HW_SERVICE_PULL, HW_SERVICE_SECRETS}});
