// SPDX-License-Identifier: Apache-2.0
// What the configuration says of one registry host: who asks it, where and how.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "net/proxy.hpp"

namespace headwind::cli {

struct RegistryPlace {
  std::string url;
  std::string tls;        // for a person: "TLS checked against the system's trust store"
  std::string proxy;      // "http://proxy:3128"; empty: directly
  std::string authority;  // as answers name it: "registry.example.com:5000"
  std::string account;    // the configured user name; empty: nobody's
  std::string entry;      // the key of `registries` where it stands
};

struct RegistryWay {
  config::Plugin plugin;  // the instance that serves the host
  std::string why;        // it is that one
  std::vector<RegistryPlace> mirrors;
  RegistryPlace endpoint;
  net::Proxies proxies;
  config::Config config;  // without the entries of `registries` that have nothing to do with the host

  // The mirror at `origin`, or null; null, too, where the registry itself has the same address.
  const RegistryPlace* mirror_at(std::string_view origin) const;
  // "mirror mirror.internal", "registry", else the origin itself.
  std::string name_of(std::string_view origin) const;
};

// Fails where the instance is not there to be made, or a proxy variable of the environment is none.
Result<RegistryWay> registry_way(config::Config config, std::string_view host, const TextMap& environment);

}  // namespace headwind::cli
