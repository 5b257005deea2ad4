// SPDX-License-Identifier: Apache-2.0
#include <fnmatch.h>

#include <algorithm>

#include "config/config.hpp"

namespace headwind::config {
namespace {

bool is_pattern(std::string_view host) { return host.find('*') != std::string_view::npos; }

// '*' stands for (a part of) one label; ports are equal or both absent.
bool fits(std::string_view pattern, std::string_view host) {
  if (!is_pattern(pattern)) return pattern == host;
  const auto globs = split(pattern, '.'), labels = split(host, '.');
  return globs.size() == labels.size() &&
         std::equal(globs.begin(), globs.end(), labels.begin(), [](std::string_view glob, std::string_view label) {
           const auto colon = [](std::string_view text) { return text.substr(std::min(text.find(':'), text.size())); };
           return colon(glob) == colon(label) &&
                  fnmatch(std::string(glob).c_str(), std::string(label).c_str(), FNM_NOESCAPE) == 0;
         });
}

// The most special entry for the host of those that `counts`.
template <class Counts>
const RegistryHost* best(const Config& config, std::string_view host, Counts counts) {
  const RegistryHost* found = nullptr;
  for (const RegistryHost& entry : config.registries) {
    if (!counts(entry) || !fits(entry.host, host)) continue;
    if (!is_pattern(entry.host)) return &entry;
    if (found == nullptr || entry.host.size() > found->host.size()) found = &entry;
  }
  return found;
}

bool is_ecr(std::string_view host) {
  if (host == "public.ecr.aws" || host == "ecr-public.aws.com") return true;
  const std::size_t dot = host.find_first_of(".-");
  return dot == 12 && host.substr(0, dot).find_first_not_of("0123456789") == std::string_view::npos &&
         (host.find(".dkr.ecr") == dot || host.find(".dkr-ecr") == dot);
}

}  // namespace

const RegistryHost* registry_entry(const Config& config, std::string_view host) {
  return best(config, host, [](const RegistryHost&) { return true; });
}

RegistryChoice registry_plugin_for(const Config& config, std::string_view host) {
  if (const auto* entry = best(config, host, [](const RegistryHost& e) { return !e.plugin.empty(); }))
    return {entry->plugin, "registries." + entry->host + ".plugin says so"};
  if (host == "docker.io") return {"dockerhub", "it is Docker Hub"};
  if (is_ecr(host)) return {"ecr", "it is a host of Amazon ECR"};
  return {"oci", "no other plugin is configured or known for it"};
}

}  // namespace headwind::config
