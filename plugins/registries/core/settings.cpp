// SPDX-License-Identifier: Apache-2.0
#include "registries/core/settings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

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

Outcome<HostSettings> parse_host(const std::string& name, const json& object) {
  HostSettings host;
  if (!object.is_object()) return invalid("hosts." + name + " must be an object");
  host.endpoint = text(object, "endpoint");
  host.username = text(object, "username");
  host.password_secret = text(object, "password_secret");
  while (host.endpoint.ends_with('/')) host.endpoint.pop_back();
  const bool whole = host.endpoint.empty() || (origin_of(host.endpoint) && path_of(host.endpoint).empty() &&
                                               host.endpoint.find_first_of("?#") == std::string::npos);
  if (!whole)
    return invalid("hosts." + name + ".endpoint must be a URL like https://registry.example.com, without a path");
  if (host.username.empty() != host.password_secret.empty())
    return invalid("hosts." + name + " needs both username and password_secret, or neither");
  if (const auto it = object.find("token_hosts"); it != object.end() && it->is_array())
    for (const auto& entry : *it)
      if (entry.is_string()) host.token_hosts.push_back(entry.get<std::string>());
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
  if (const auto it = hosts_.find(host); it != hosts_.end()) out = it->second;
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
    if (const auto origin = origin_of(host.endpoint); name != own && origin && origin->authority() == own)
      names.push_back(name);
  return names;
}

}  // namespace headwind::registries
