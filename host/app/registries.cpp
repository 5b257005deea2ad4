// SPDX-License-Identifier: Apache-2.0
#include "app/registries.hpp"

#include <algorithm>
#include <utility>

namespace headwind::app {

const plugin::Registry* PluginRegistries::find(std::string_view name) const {
  const auto found = std::find_if(instances_.begin(), instances_.end(),
                                  [&](const plugin::Registry& instance) { return instance.name() == name; });
  return found == instances_.end() ? nullptr : &*found;
}

Result<plugin::Registry> PluginRegistries::serving(std::string_view repository) const {
  const plugin::Registry* instance = repository.starts_with("docker.io/") ? find("dockerhub") : nullptr;
  if (instance == nullptr) instance = find("oci");
  if (instance == nullptr)
    return make_error(Code::unsupported, "no registry plugin is loaded that serves " + std::string(repository));
  return *instance;
}

// Only configured accounts so far: every workload reads under the same name.
Task<Result<Symbol>> PluginRegistries::identity(std::string, Symbol) { co_return Symbol(); }

Task<Result<std::string>> PluginRegistries::digest(std::string repository, std::string tag, Symbol) {
  const Result<plugin::Registry> registry = serving(repository);
  if (!registry) co_return registry.error();
  co_return co_await registry->resolve(std::move(repository), std::move(tag));
}

Task<Result<std::vector<update::Candidate>>> PluginRegistries::tags(std::string repository, Symbol) {
  const Result<plugin::Registry> registry = serving(repository);
  if (!registry) co_return registry.error();
  const Result<plugin::Tags> tags = co_await registry->list_tags(std::move(repository));
  if (!tags) co_return tags.error();
  std::vector<update::Candidate> candidates;
  candidates.reserve(tags->names.size());
  for (std::size_t i = 0; i < tags->names.size(); ++i)
    candidates.push_back({tags->names[i], i < tags->digests.size() ? tags->digests[i] : std::string(),
                          i < tags->pushed_ms.size() ? tags->pushed_ms[i] : 0});
  co_return candidates;
}

Task<Result<std::vector<std::string>>> PluginRegistries::platforms(std::string repository, std::string digest, Symbol) {
  const Result<plugin::Registry> registry = serving(repository);
  if (!registry) co_return registry.error();
  Result<std::vector<std::string>> found = co_await registry->platforms(std::move(repository), std::move(digest));
  if (!found && found.error().code == Code::unsupported) co_return std::vector<std::string>();
  co_return found;
}

Task<Result<std::vector<api::Push>>> PluginRegistries::parse(std::string endpoint, net::Headers headers,
                                                             std::string body) {
  const plugin::Registry* instance = find(endpoint == "dockerhub" ? std::string_view("dockerhub") : "oci");
  if (instance == nullptr)
    co_return make_error(Code::unsupported, "no registry plugin is loaded for /webhook/" + endpoint);
  const plugin::Registry registry = *instance;
  plugin::Fields fields;
  fields.reserve(headers.size());
  for (net::Header& header : headers) fields.emplace_back(std::move(header.name), std::move(header.value));
  Result<std::vector<plugin::Push>> parsed = co_await registry.parse_webhook(std::move(fields), std::move(body));
  if (!parsed) co_return parsed.error();
  std::vector<api::Push> pushes;
  for (plugin::Push& push : *parsed)
    pushes.push_back({std::move(push.repository), std::move(push.tag), std::move(push.digest),
                      std::move(push.media_type), std::move(push.event_id), push.deleted});
  co_return pushes;
}

}  // namespace headwind::app
