// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/registry.hpp"

#include <algorithm>
#include <unordered_set>

#include "registries/core/json_text.hpp"
#include "registries/core/url.hpp"
#include "registries/ecr/login_transport.hpp"
#include "registries/ecr/sigv4.hpp"

namespace headwind::registries::ecr {
namespace {

using nlohmann::json;

constexpr std::size_t page_size = 1000;  // the most that Amazon allows
constexpr std::size_t max_pages = 2000;
constexpr std::uint64_t max_config = 4 * 1024 * 1024;

// Asked for in full, or Amazon converts manifests to what the oldest clients read.
const json& manifest_types() {
  static const json types{
      "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
      "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"};
  return types;
}

json arguments_of(const HostName& name, const Repository& repository) {
  return {{"registryId", name.account}, {"repositoryName", repository.path}};
}

}  // namespace

Outcome<EcrRegistry::Place> EcrRegistry::place_of(const Repository& repository, EcrTransport& transport) {
  const auto name = parse_host_name(repository.host);
  if (!name) return Failure{HW_UNSUPPORTED, "the Amazon ECR plugin does not serve images of " + repository.host, 0};
  const auto& settings = accounts_.settings();
  const auto& own = settings.of(repository.host);
  const bool given = transport.credential().has_value() || !settings.registries().of(repository.host).username.empty();
  Place place{*name, accounts_.of(repository.host, *name)};
  place.by_api = !given && !name->is_public;
  place.log_in = !given && name->is_public && own.public_login;
  place.fills = place.by_api && std::any_of(own.pull_through.begin(), own.pull_through.end(),
                                            [&](const auto& start) { return repository.path.starts_with(start); });
  return place;
}

template <class Read>
auto EcrRegistry::by_oci(const Place& place, bool log_in, EcrTransport& transport, Read read)
    -> decltype(read(std::declval<Transport&>())) {
  if (!log_in) return read(transport);
  auto login = place.account->login(transport);
  if (!login) return login.failure();
  LoginTransport logged_in(transport, *login);
  auto outcome = read(logged_in);
  if (!outcome && outcome.failure().code == HW_DENIED) place.account->refuse(*login, transport);
  return outcome;
}

Outcome<std::size_t> EcrRegistry::list_tags(const Repository& repository, EcrTransport& transport,
                                            const OnPage& on_page) {
  const auto place = place_of(repository, transport);
  if (!place) return place.failure();
  if (place->by_api) {
    auto listed = list_by_api(*place, repository, transport, on_page);
    if (listed || listed.failure().code != HW_NOT_FOUND || !place->fills) return listed;
  }
  return by_oci(*place, place->log_in || place->by_api, transport, [&](Transport& oci) {
    return client_.list_tags(repository, oci,
                             [&](const std::vector<std::string>& names) { return on_page({names, {}, {}}); });
  });
}

Outcome<std::size_t> EcrRegistry::list_by_api(const Place& place, const Repository& repository, EcrTransport& transport,
                                              const OnPage& on_page) {
  const std::string what = "the tags of " + repository.text();
  const auto broken = [&](const std::string& why) {
    return Failure{HW_UNAVAILABLE, "Amazon ECR " + why + " for " + what, 0};
  };
  auto arguments = arguments_of(place.name, repository);
  arguments["maxResults"] = page_size;
  arguments["filter"] = {{"tagStatus", "TAGGED"}};
  std::unordered_set<std::string> seen, tokens;
  for (std::size_t pages = 0; pages < max_pages; ++pages) {
    const auto answer = place.account->api().call("DescribeImages", arguments, what, transport);
    if (!answer) return answer.failure();
    auto page = read_image_page(*answer);
    if (!page) return broken("answered something else than images");
    TagPage fresh;
    for (std::size_t i = 0; i < page->tags.names.size(); ++i) {
      if (!seen.insert(page->tags.names[i]).second) continue;  // moved while we read
      fresh.names.push_back(std::move(page->tags.names[i]));
      fresh.digests.push_back(std::move(page->tags.digests[i]));
      fresh.pushed_ms.push_back(page->tags.pushed_ms[i]);
    }
    if (seen.size() > static_cast<std::size_t>(HW_MAX_TAGS)) return broken("has more than a million tags");
    if (!fresh.names.empty())
      if (const auto status = on_page(fresh); status != HW_OK) return Failure{status, "the host stopped reading", 0};
    if (page->next_token.empty()) return seen.size();
    if (!tokens.insert(page->next_token).second) return broken("repeats pages");
    arguments["nextToken"] = std::move(page->next_token);
  }
  return broken("has too many pages");
}

Outcome<Artifact> EcrRegistry::resolve(const Repository& repository, std::string_view tag, EcrTransport& transport) {
  if (!is_valid_tag(tag)) return Failure{HW_INVALID, "the tag of " + repository.text() + " is not valid", 0};
  const auto place = place_of(repository, transport);
  if (!place) return place.failure();
  if (place->by_api) {
    auto found = resolve_by_api(*place, repository, tag, transport);
    if (found || found.failure().code != HW_NOT_FOUND || !place->fills) return found;
  }
  return by_oci(*place, place->log_in || place->by_api, transport,
                [&](Transport& oci) { return client_.resolve(repository, tag, oci); });
}

Outcome<Artifact> EcrRegistry::resolve_by_api(const Place& place, const Repository& repository, std::string_view tag,
                                              EcrTransport& transport) {
  const std::string what = repository.text() + ":" + std::string(tag);
  auto arguments = arguments_of(place.name, repository);
  arguments["imageIds"] = json::array({{{"imageTag", tag}}});
  const auto answer = place.account->api().call("DescribeImages", arguments, what, transport);
  if (!answer) return answer.failure();
  auto image = read_image(*answer);
  if (!image) return Failure{HW_NOT_FOUND, "Amazon ECR has no image that can be pulled as " + what, 0};
  return Artifact{std::move(image->digest), std::move(image->media_type)};
}

Outcome<std::vector<std::string>> EcrRegistry::platforms(const Repository& repository, const std::string& digest,
                                                         EcrTransport& transport) {
  if (!is_valid_digest(digest))
    return Failure{HW_INVALID, "the digest of an image of " + repository.text() + " is not valid", 0};
  const auto place = place_of(repository, transport);
  if (!place) return place.failure();
  if (!place->by_api)
    return Failure{HW_UNSUPPORTED, "platforms of " + repository.host + " are told only with AWS credentials", 0};
  auto arguments = arguments_of(place->name, repository);
  arguments["imageIds"] = json::array({{{"imageDigest", digest}}});
  arguments["acceptedMediaTypes"] = manifest_types();
  const auto answer = place->account->api().call("BatchGetImage", arguments, repository.text(), transport);
  if (!answer) return answer.failure();
  const auto text = read_manifest(*answer);
  if (text.empty()) return Failure{HW_NOT_FOUND, "Amazon ECR has no image " + repository.text() + "@" + digest, 0};
  auto manifest = read_platforms(text);
  if (!manifest)
    return Failure{HW_UNAVAILABLE, "Amazon ECR answered no manifest for " + repository.text() + "@" + digest, 0};
  if (manifest->config_digest.empty()) return std::move(manifest->platforms);
  auto platform = config_platform(*place, repository, manifest->config_digest, transport);
  if (!platform) return platform.failure();
  if (platform->empty()) return std::vector<std::string>();
  return std::vector<std::string>{std::move(*platform)};
}

Outcome<std::string> EcrRegistry::config_platform(const Place& place, const Repository& repository,
                                                  const std::string& digest, EcrTransport& transport) {
  const std::string what = "the config of an image of " + repository.text();
  auto arguments = arguments_of(place.name, repository);
  arguments["layerDigest"] = digest;
  const auto answer = place.account->api().call("GetDownloadUrlForLayer", arguments, what, transport);
  if (!answer) return answer.failure();
  const auto url = text_at(*answer, "downloadUrl");  // signed: it never gets into a message
  const auto origin = origin_of(url);
  if (!origin || origin->scheme != "https" || is_private_host(origin->host))
    return Failure{HW_UNAVAILABLE, "Amazon ECR names a place that is not read for " + what, 0};
  const auto response = transport.exchange({"GET", url, {{"Accept", "*/*"}}, max_config});
  if (!response) return response.failure();
  if (response->status != 200)
    return Failure{HW_UNAVAILABLE,
                   origin->authority() + " answered " + std::to_string(response->status) + " for " + what, 0};
  if ("sha256:" + sha256_hex(response->body) != digest)
    return Failure{HW_UNAVAILABLE, origin->authority() + " answered other bytes than " + what, 0};
  return read_config_platform(response->body);
}

}  // namespace headwind::registries::ecr
