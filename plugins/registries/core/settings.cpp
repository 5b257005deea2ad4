// SPDX-License-Identifier: Apache-2.0
#include "registries/core/settings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "registries/core/host_pattern.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

using nlohmann::json;

std::string text(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Failure invalid(std::string sentence) { return {HW_INVALID, std::move(sentence), 0}; }

// "https://harbor.example.com/dockerhub/": the URL of the origin, and the path as a prefix of repositories.
std::optional<Endpoint> parse_endpoint(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  const auto scheme = text.find("://");
  if (!origin_of(text) || text.find_first_of("?#") != std::string::npos || scheme == std::string::npos)
    return std::nullopt;
  const auto slash = text.find('/', scheme + 3);
  if (slash == std::string::npos) return Endpoint{text, ""};
  const std::string path = text.substr(slash + 1);
  // What ends in the API's own root is a misunderstanding, rather than a repository.
  if (!is_valid_path(path) || path == "v2" || path == "v1" || path.ends_with("/v2")) return std::nullopt;
  return Endpoint{text.substr(0, slash), path + "/"};
}

Failure not_an_endpoint(const std::string& field) {
  return invalid(field +
                 " must be a URL like https://registry.example.com, or with the beginning of repositories, "
                 "https://registry.example.com/dockerhub");
}

std::vector<std::string> texts(const json& object, const char* key) {
  std::vector<std::string> out;
  if (const auto it = object.find(key); it != object.end() && it->is_array())
    for (const auto& entry : *it)
      if (entry.is_string()) out.push_back(entry.get<std::string>());
  return out;
}

// What speaks against showing our identity to that host: it is for hosts of the cloud, and for no other account's.
std::optional<std::string> problem_of_identity(std::string host, const HostSettings& settings) {
  if (settings.identity == Cloud::none) return "identity must be gcp or azure";
  std::replace(host.begin(), host.end(), '*', 'x');  // it stands for a part of one label
  const std::string owner(owner_of(settings.identity));
  if (!is_host_of(settings.identity, canonical_host(host)))
    return "identity is for registries of " + owner + ", and this is none";
  if (!settings.endpoint.empty() && !may_see(settings.identity, settings.endpoint))
    return "identity is shown to registries of " + owner + " only, and endpoint is none";
  if (!settings.username.empty()) return "identity and username exclude each other: remove one";
  return std::nullopt;
}

Outcome<HostSettings> parse_host(const std::string& name, const json& object) {
  HostSettings host;
  if (!object.is_object()) return invalid("hosts." + name + " must be an object");
  if (const auto endpoint = text(object, "endpoint"); !endpoint.empty()) {
    const auto parsed = parse_endpoint(endpoint);
    if (!parsed) return not_an_endpoint("hosts." + name + ".endpoint");
    host.endpoint = parsed->url;
    host.prefix = parsed->prefix;
  }
  for (auto& mirror : texts(object, "mirrors")) {
    auto parsed = parse_endpoint(std::move(mirror));
    if (!parsed) return not_an_endpoint("each of hosts." + name + ".mirrors");
    host.mirrors.push_back(std::move(*parsed));
  }
  host.username = text(object, "username");
  host.password_secret = text(object, "password_secret");
  if (host.username.empty() != host.password_secret.empty())
    return invalid("hosts." + name + " needs both username and password_secret, or neither");
  host.token_hosts = texts(object, "token_hosts");
  const std::string identity = text(object, "identity");
  host.identity = cloud_named(identity);
  if (identity.empty()) return host;
  if (const auto problem = problem_of_identity(name, host)) return invalid("hosts." + name + "." + *problem);
  return host;
}

}  // namespace

Outcome<Settings> Settings::parse(std::string_view source) {
  Settings settings;
  if (source.empty()) return settings;
  const auto root = json::parse(source, nullptr, false);
  if (!root.is_object()) return invalid("the settings of a registry must be a JSON object");
  if (const auto hosts = root.find("hosts"); hosts != root.end() && hosts->is_object()) {
    for (const auto& [name, object] : hosts->items()) {
      auto host = parse_host(name, object);
      if (!host) return host.failure();
      settings.hosts_[canonical_host(name)] = std::move(*host);
    }
  }
  if (const auto aliases = root.find("aliases"); aliases != root.end() && aliases->is_object())
    for (const auto& [from, to] : aliases->items())
      if (to.is_string()) settings.aliases_[canonical_host(from)] = canonical_host(to.get<std::string>());
  return settings;
}

HostSettings Settings::of(std::string_view host) const {
  HostSettings out;
  if (const auto it = hosts_.find(host); it != hosts_.end()) {
    out = it->second;
  } else {
    std::string_view best;
    for (const auto& [name, settings] : hosts_)
      if (is_host_pattern(name) && name.size() > best.size() && host_matches(name, host)) {
        best = name;
        out = settings;
      }
  }
  if (out.endpoint.empty())
    out.endpoint = "https://" + std::string(host == "docker.io" ? "registry-1.docker.io" : host);
  return out;
}

bool Settings::has_accounts() const {
  return std::any_of(hosts_.begin(), hosts_.end(), [](const auto& entry) { return !entry.second.username.empty(); });
}

std::vector<std::string> Settings::names_of(std::string_view authority) const {
  const std::string own = canonical_host(authority);
  if (const auto it = aliases_.find(own); it != aliases_.end()) return {it->second};
  std::vector<std::string> names{own};
  for (const auto& [name, host] : hosts_)
    if (const auto origin = origin_of(host.endpoint);
        name != own && !is_host_pattern(name) && host.prefix.empty() && origin && origin->authority() == own)
      names.push_back(name);
  return names;
}

}  // namespace headwind::registries
