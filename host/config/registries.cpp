// SPDX-License-Identifier: Apache-2.0
// `registries:` how each registry host is reached, and which plugin serves it.
#include <algorithm>

#include "config/reader.hpp"
#include "config/structures.hpp"
#include "core/cloud_registry.hpp"
#include "core/host_pattern.hpp"

namespace headwind::config {
namespace {

// "registry.example.com", or a pattern with '*' for (a part of) a label: "*.dkr.ecr.*.amazonaws.com".
bool is_host_or_pattern(std::string host) {
  std::replace(host.begin(), host.end(), '*', 'x');
  return is_registry_host(host);
}

// With or without a path; the slash at its end is of no meaning.
Problem read_endpoint(std::string_view value, std::string& out) {
  if (auto problem = check_http_url(value)) return problem;
  if (value.find_first_of("?#") != std::string_view::npos) return "must not hold a query or fragment";
  while (value.ends_with('/')) value.remove_suffix(1);
  out = value;
  return {};
}

void read_list(MapReader& fields, std::string_view name, Report& report, std::vector<std::string>& out,
               Problem (*read)(std::string_view, std::string&)) {
  fields.node(name, [&](const YamlNode& value, const std::string& at) {
    if (value.kind != YamlNode::Kind::sequence) return report.add(value, at, "must be a list");
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      const std::string item = at + "[" + std::to_string(i) + "]";
      const std::string* text = scalar(value.items[i], item, report);
      if (!text) continue;
      std::string read_text;
      if (const Problem problem = read(*text, read_text)) {
        report.add(value.items[i], item, *problem);
      } else {
        out.push_back(std::move(read_text));
      }
    }
  });
}

Problem read_host(std::string_view value, std::string& out) {
  if (!is_registry_host(value)) return "must be a host, such as login.example.com";
  out = value;
  return {};
}

Problem read_identity(std::string_view value, std::string& out) {
  if (value != "gcp" && value != "azure") return "must be gcp or azure";
  out = value;
  return {};
}

// Our identity is shown to hosts of that cloud, who prove that they are, and to nobody else.
void check_identity(const RegistryHost& registry, MapReader& fields) {
  const bool is_google = registry.identity == "gcp";
  const std::string hosts = is_google ? "gcr.io, *.gcr.io and *-docker.pkg.dev" : "*.azurecr.io, .cn and .us";
  std::string host = registry.host;
  std::replace(host.begin(), host.end(), '*', 'x');
  if (cloud_of_registry(host) != registry.identity)
    fields.mistake("has identity: " + registry.identity + ", which is for the hosts " + hosts + " only");
  constexpr std::string_view https = "https://";
  if (const std::string_view place = registry.endpoint; !place.empty()) {
    const bool safe = place.starts_with(https);
    const std::string_view rest = place.substr(safe ? https.size() : 0);
    if (!safe || cloud_of_registry(rest.substr(0, rest.find('/'))) != registry.identity)
      fields.mistake("has identity: " + registry.identity + ", which is shown to the hosts " + hosts +
                     " only, and an endpoint elsewhere: remove one");
  }
  if (!registry.username.empty()) fields.mistake("has both username and identity: remove one");
  if (registry.insecure) fields.mistake("has identity, which is shown to nobody unproven: remove insecure");
}

RegistryHost read_registry(const std::string& host, const YamlNode& node, const std::string& path, Report& report) {
  RegistryHost registry;
  registry.host = host;
  MapReader fields(node, path, report);
  fields.node("plugin", [&](const YamlNode& value, const std::string& at) {
    const std::string* name = scalar(value, at, report);
    if (!name) return;
    if (!is_instance_name(*name))
      return report.add(value, at, "must be the name of a registry instance, such as oci, harbor or ecr");
    registry.plugin = *name;
    registry.plugin_place.at = report.place(value, at);
  });
  fields.text("endpoint", [&](std::string_view value) { return read_endpoint(value, registry.endpoint); });
  read_list(fields, "mirrors", report, registry.mirrors, read_endpoint);
  read_list(fields, "tokenHosts", report, registry.token_hosts, read_host);
  fields.text("caFile", registry.ca_file);
  fields.text("certificateFile", registry.certificate_file);
  fields.text("keyFile", registry.key_file);
  fields.boolean("insecure", registry.insecure);
  fields.text("username", registry.username);
  fields.secret("password", registry.password);
  fields.text("identity", [&](std::string_view value) { return read_identity(value, registry.identity); });
  fields.refuse_others();
  // What was given and refused is not missing, too.
  const auto given = [&](std::string_view name) {
    const YamlNode* value = node.find(name);
    return value && (value->kind != YamlNode::Kind::scalar || !value->text.empty());
  };
  if (given("username") != given("password")) fields.mistake("needs both username and password");
  if (given("certificateFile") != given("keyFile"))
    fields.mistake("needs both certificateFile and keyFile, or neither");
  if (!registry.identity.empty()) check_identity(registry, fields);
  if (is_host_pattern(host) && !registry.endpoint.empty())
    fields.mistake("is a pattern for several hosts, which cannot share one endpoint: name the hosts instead");
  return registry;
}

}  // namespace

void read_registries(Config& config, const YamlNode& node, std::string_view path, Report& report) {
  config.registries.clear();
  MapReader(node, path, report).each([&](const std::string& host, const YamlNode& value, const std::string& at) {
    if (!is_host_or_pattern(host)) {
      return report.add(value, at,
                        "must be a registry host as images name it, such as registry.example.com:5000, or a pattern "
                        "such as *.example.com");
    }
    config.registries.push_back(read_registry(host, value, at, report));
  });
}

}  // namespace headwind::config
