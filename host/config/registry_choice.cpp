// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "config/config.hpp"
#include "config/keys.hpp"
#include "core/chart_reference.hpp"
#include "core/host_pattern.hpp"
#include "core/image_reference.hpp"

namespace headwind::config {
namespace {

// The most special entry for the host of those that `counts`.
template <class Counts>
const RegistryHost* best(const Config& config, std::string_view host, Counts counts) {
  const RegistryHost* found = nullptr;
  for (const RegistryHost& entry : config.registries)
    if (counts(entry) && host_fits(entry.host, host) && (found == nullptr || is_more_special(entry.host, found->host)))
      found = &entry;
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

RegistryChoice registry_plugin_for(const Config& config, std::string_view repository) {
  if (is_chart_url(repository)) return {"helm", "it is a Helm repository over HTTP"};
  const std::string_view host = host_of(repository);
  if (const auto* entry = best(config, host, [](const RegistryHost& e) { return !e.plugin.empty(); }))
    return {entry->plugin, "registries." + entry->host + ".plugin says so"};
  if (host == "docker.io") return {"dockerhub", "it is Docker Hub"};
  if (is_ecr(host)) return {"ecr", "it is a host of Amazon ECR"};
  return {"oci", "no other plugin is configured or known for it"};
}

std::vector<std::string> registry_names(const Config& config) {
  std::vector<std::string> names;
  for (const Plugin& plugin : plugin_instances(config)) {
    const bool of_another_kind =
        plugin.plugin.starts_with("headwind.") && !plugin.plugin.starts_with("headwind.registry.");
    if (!of_another_kind && !plugin.name.empty()) names.push_back(plugin.name);
  }
  return names;
}

void check_registry_plugins(const Config& config, Report& report) {
  const std::vector<std::string> names = registry_names(config);
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const RegistryHost& entry : config.registries) {
    if (entry.plugin.empty() || std::find(known.begin(), known.end(), entry.plugin) != known.end()) continue;
    std::string sentence = "'" + entry.plugin + "' is no registry instance" + did_you_mean(entry.plugin, known) + ":";
    for (const std::string& name : names) sentence += (name == names.front() ? " there are " : ", ") + name;
    report.add_at(entry.plugin_place.at.empty() ? "registries." + entry.host + ".plugin" : entry.plugin_place.at,
                  sentence + "; plugins.instances adds others");
  }
}

}  // namespace headwind::config
