// SPDX-License-Identifier: Apache-2.0
#include "cli/registry_way.hpp"

#include <algorithm>
#include <utility>

#include "net/url.hpp"

namespace headwind::cli {
namespace {

std::string tls_of(std::string_view url, const config::RegistryHost* entry) {
  if (url.starts_with("http://")) return "plain HTTP, as the configuration says";
  std::string text = "TLS checked against the system's trust store";
  if (entry == nullptr) return text;
  if (!entry->ca_file.empty()) text = "TLS checked against " + entry->ca_file;
  if (entry->insecure) text = "TLS NOT checked: registries." + entry->host + ".insecure is true";
  if (!entry->certificate_file.empty()) text += ", with our certificate " + entry->certificate_file;
  return text;
}

RegistryPlace place_of(const std::string& text, const config::RegistryHost* entry, const net::Proxies& proxies) {
  const Result<net::Url> url = net::parse_url(text);
  const auto proxy = url ? proxies.to(*url) : nullptr;
  RegistryPlace place{text, tls_of(text, entry), proxy ? proxy->url.origin() : "", url ? url->authority : "", {}, {}};
  if (entry != nullptr) {
    place.account = entry->identity.empty() ? entry->username : "identity " + entry->identity;
    place.entry = entry->host;
  }
  return place;
}

std::string origin_of(const std::string& text) {
  const Result<net::Url> url = net::parse_url(text);
  return url ? url->origin() : text;
}

std::string endpoint_of(std::string_view host, const config::RegistryHost* entry) {
  if (entry != nullptr && !entry->endpoint.empty()) return entry->endpoint;
  return host == "docker.io" ? "https://registry-1.docker.io" : "https://" + std::string(host);
}

}  // namespace

Result<RegistryWay> registry_way(config::Config config, std::string_view host, const TextMap& environment) {
  RegistryWay way;
  Result<net::Proxies> proxies = net::Proxies::of_environment(environment);
  if (!proxies) return proxies.error();
  way.proxies = std::move(*proxies);
  const config::RegistryChoice choice = config::registry_plugin_for(config, host);
  way.why = choice.why;
  const config::RegistryHost* entry = config::registry_entry(config, host);
  const std::string url = endpoint_of(host, entry);
  way.endpoint = place_of(url, entry, way.proxies);
  std::vector<std::string> wanted;  // entries by their key
  if (entry != nullptr) {
    wanted.push_back(entry->host);
    for (const std::string& mirror : entry->mirrors) {
      const Result<net::Url> url_of_mirror = net::parse_url(mirror);
      const config::RegistryHost* other =
          url_of_mirror ? config::registry_entry(config, url_of_mirror->authority) : nullptr;
      way.mirrors.push_back(place_of(mirror, other, way.proxies));
      if (other == nullptr) continue;
      wanted.push_back(other->host);
      // As the plugins do: the account of an entry is for the place that the entry names, and for no other.
      if (origin_of(endpoint_of(url_of_mirror->authority, other)) != url_of_mirror->origin())
        way.mirrors.back().account.clear();
    }
  }
  // So that a missing file of some other registry is no reason to know nothing of this one.
  std::erase_if(config.registries, [&](const config::RegistryHost& registry) {
    return std::find(wanted.begin(), wanted.end(), registry.host) == wanted.end();
  });
  std::vector<config::Plugin> instances = config::plugin_instances(config);
  const auto found = std::find_if(instances.begin(), instances.end(),
                                  [&](const config::Plugin& plugin) { return plugin.name == choice.instance; });
  if (found == instances.end())
    return make_error(Code::invalid, "registry " + std::string(host) + " is served by the plugin instance " +
                                         choice.instance + " (" + choice.why +
                                         "), which does not exist: add it to plugins.instances");
  way.plugin = std::move(*found);
  way.config = std::move(config);
  return way;
}

const RegistryPlace* RegistryWay::mirror_at(std::string_view origin) const {
  if (origin == endpoint.authority) return nullptr;
  const auto found =
      std::find_if(mirrors.begin(), mirrors.end(), [&](const RegistryPlace& one) { return one.authority == origin; });
  return found == mirrors.end() ? nullptr : &*found;
}

std::string RegistryWay::name_of(std::string_view origin) const {
  if (origin == endpoint.authority) return "registry";
  return (mirror_at(origin) != nullptr ? "mirror " : "") + std::string(origin);
}

}  // namespace headwind::cli
