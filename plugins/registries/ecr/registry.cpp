// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/registry.hpp"

#include <algorithm>

#include "registries/ecr/login_transport.hpp"

namespace headwind::registries::ecr {

Outcome<EcrRegistry::Place> EcrRegistry::place_of(const Repository& repository, Transport& transport) {
  const auto name = parse_host_name(repository.host);
  if (!name) return Failure{HW_UNSUPPORTED, "the Amazon ECR plugin does not serve images of " + repository.host, 0};
  const auto& settings = accounts_.settings();
  const auto& own = settings.of(repository.host);
  const auto credential = transport.credential();
  const bool given =
      (credential && credential->is_account()) || !settings.registries().of(repository.host).username.empty();
  Place place{*name, accounts_.of(repository.host, *name)};
  place.by_api = !given && !name->is_public;
  place.log_in = !given && name->is_public && own.public_login;
  place.fills = place.by_api && std::any_of(own.pull_through.begin(), own.pull_through.end(),
                                            [&](const auto& start) { return repository.path.starts_with(start); });
  return place;
}

template <class Read>
auto EcrRegistry::by_oci(const Place& place, bool log_in, Transport& transport, Read read)
    -> decltype(read(std::declval<Transport&>())) {
  if (!log_in) return read(transport);
  auto login = place.account->login(transport);
  if (!login) return login.failure();
  LoginTransport logged_in(transport, *login);
  auto outcome = read(logged_in);
  if (!outcome && outcome.failure().code == HW_DENIED) place.account->refuse(*login, transport);
  return outcome;
}

Outcome<std::size_t> EcrRegistry::list_tags(const Repository& repository, Transport& transport, const OnTags& on_tags) {
  const auto place = place_of(repository, transport);
  if (!place) return place.failure();
  if (place->by_api) {
    auto listed = ImageApi(place->account->api(), place->name, repository, transport).list(on_tags);
    if (listed || listed.failure().code != HW_NOT_FOUND || !place->fills) return listed;
  }
  return by_oci(*place, place->log_in || place->by_api, transport,
                [&](Transport& oci) { return client_.list_rows(repository, oci, on_tags); });
}

Outcome<Artifact> EcrRegistry::resolve(const Repository& repository, std::string_view tag, Transport& transport,
                                       std::string_view platform) {
  if (!is_valid_tag(tag)) return Failure{HW_INVALID, "the tag of " + repository.text() + " is not valid", 0};
  const auto place = place_of(repository, transport);
  if (!place) return place.failure();
  if (place->by_api) {
    auto found = resolve_by_api(*place, repository, tag, platform, transport);
    if (found || found.failure().code != HW_NOT_FOUND || !place->fills) return found;
  }
  return by_oci(*place, place->log_in || place->by_api, transport,
                [&](Transport& oci) { return client_.resolve(repository, tag, oci, platform); });
}

Outcome<Artifact> EcrRegistry::resolve_by_api(const Place& place, const Repository& repository, std::string_view tag,
                                              std::string_view platform, Transport& transport) const {
  const auto node = parse_platform(platform);
  if (!platform.empty() && !node)
    return Failure{HW_INVALID, "the platform that is asked for is none: it should be like linux/arm64", 0};
  ImageApi images(place.account->api(), place.name, repository, transport);
  auto top = images.resolve(tag);
  if (!top || !node) return top;
  return images.select(*top, *node);
}

Outcome<std::vector<std::string>> EcrRegistry::platforms(const Repository& repository, const std::string& digest,
                                                         Transport& transport) {
  if (!is_valid_digest(digest))
    return Failure{HW_INVALID, "the digest of an image of " + repository.text() + " is not valid", 0};
  const auto place = place_of(repository, transport);
  if (!place) return place.failure();
  if (!place->by_api)
    return by_oci(*place, place->log_in, transport,
                  [&](Transport& oci) { return client_.platforms(repository, digest, oci); });
  const auto found = ImageApi(place->account->api(), place->name, repository, transport).platforms(digest);
  if (!found) return found.failure();
  std::vector<std::string> out;
  for (const auto& platform : *found) out.push_back(platform.text());
  return out;
}

}  // namespace headwind::registries::ecr
