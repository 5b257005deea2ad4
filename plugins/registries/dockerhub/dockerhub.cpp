// SPDX-License-Identifier: Apache-2.0
// headwind.registry.dockerhub: Docker Hub, or the mirror that the settings name for docker.io, and its webhook.
#include "registries/core/registry_plugin.hpp"

namespace {

namespace registries = headwind::registries;

class DockerHub : public registries::RegistryPlugin {
 public:
  using RegistryPlugin::RegistryPlugin;

  void list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out) {
    check(repository);
    RegistryPlugin::list_tags(call, repository, out);
  }
  hw::artifact resolve(const hw::call& call, std::string_view repository, std::string_view tag,
                       std::string_view platform) {
    check(repository);
    return RegistryPlugin::resolve(call, repository, tag, platform);
  }
  std::vector<hw::push> parse_webhook(const hw::call&, const hw::headers&, std::string_view body) {
    return registries::to_sdk(registries::value_or_throw(registries::parse_docker_hub(body)));
  }

 private:
  static void check(std::string_view repository) {
    const auto name = registries::parse_repository(repository);
    if (name && name->host != "docker.io")
      throw hw::error(hw::code::unsupported, "the Docker Hub plugin does not serve images of " + name->host);
  }
};

}  // namespace

HEADWIND_MODULE(hw::plugin<DockerHub>{.id = "headwind.registry.dockerhub",
                                      .version = "1.0.0",
                                      .summary = "Docker Hub: tags, digests, its webhook",
                                      .schema = registries::settings_schema,
                                      .needs = {HW_SERVICE_HTTP, HW_SERVICE_PULL, HW_SERVICE_SECRETS}});
