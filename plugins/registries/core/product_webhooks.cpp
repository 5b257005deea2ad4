// SPDX-License-Identifier: Apache-2.0
// Products that people host, or that host for them: Harbor, Quay, GitHub, Gitea and Forgejo, and the plain form.
#include <algorithm>

#include "registries/core/sender.hpp"

namespace headwind::registries {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::string host_of_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return std::string(url.substr(0, url.find('/')));
}

// GitHub's packages: names are written as their owner likes, references are in lower case.
void add_github(std::vector<Push>& pushes, const Value& package) {
  const std::string owner =
      text_of(package["owner"]["login"]).empty() ? text_of(package["namespace"]) : text_of(package["owner"]["login"]);
  const Value tag = package["package_version"]["container_metadata"]["tag"];
  add_push(pushes, make_repository("ghcr.io", lower(owner + "/" + text_of(package["name"]))), text_of(tag["name"]),
           text_of(tag["digest"]));
}

void add_gitea(std::vector<Push>& pushes, const Value& package) {
  const std::string path = lower(text_of(package["owner"]["login"]) + "/" + text_of(package["name"]));
  add_push(pushes, make_repository(canonical_host(host_of_url(text_of(package["html_url"]))), path),
           text_of(package["version"]));
}

}  // namespace

Pushes read_harbor(const Value& root) {
  const Value data = root["event_data"];
  if (data.error() != simdjson::SUCCESS) return std::nullopt;
  std::vector<Push> pushes;
  const std::string type = text_of(root["type"]);
  if (type != "PUSH_ARTIFACT" && type != "pushImage") return pushes;
  simdjson::dom::array resources;
  if (data["resources"].get(resources)) return pushes;
  for (const simdjson::dom::element item : resources) {
    const Value resource(simdjson::dom::element{item});
    const std::string host = host_of_url(text_of(resource["resource_url"]));
    add_push(pushes, make_repository(canonical_host(host), text_of(data["repository"]["repo_full_name"])),
             text_of(resource["tag"]), text_of(resource["digest"]));
  }
  return pushes;
}

Pushes read_quay(const Value& root) {
  const std::string name = text_of(root["docker_url"]);
  simdjson::dom::array tags;
  if (name.empty() || root["updated_tags"].get(tags)) return std::nullopt;
  std::vector<Push> pushes;
  for (const simdjson::dom::element tag : tags)
    add_push(pushes, parse_repository(name), text_of(Value(simdjson::dom::element{tag})));
  return pushes;
}

Pushes read_packages(const Value& root, const WebhookHead& head) {
  std::vector<Push> pushes;
  if (head.github_event == "ping") return pushes;
  const char* key = root["registry_package"].error() == simdjson::SUCCESS ? "registry_package" : "package";
  const Value package = root[key];
  if (package.error() != simdjson::SUCCESS) return std::nullopt;
  const std::string action = text_of(root["action"]);
  const bool container = lower(text_of(package["package_type"])) == "container" ||
                         lower(text_of(package["ecosystem"])) == "container" ||
                         lower(text_of(package["type"])) == "container";
  if (!container) return pushes;
  if (!text_of(package["html_url"]).empty() && package["package_version"].error() != simdjson::SUCCESS) {
    if (action == "created") add_gitea(pushes, package);
  } else if (action == "published" || action == "updated") {
    add_github(pushes, package);
  }
  return pushes;
}

Pushes read_image(const Value& root) {
  std::string name = text_of(root["image"]), tag = text_of(root["tag"]);
  if (name.empty()) name = text_of(root["name"]);
  if (name.empty()) return std::nullopt;
  const std::size_t colon = name.rfind(':');
  if (tag.empty() && colon != std::string::npos && name.find('/', colon) == std::string::npos) {
    tag = name.substr(colon + 1);
    name.resize(colon);
  }
  if (tag.empty()) return std::nullopt;
  std::vector<Push> pushes;
  add_push(pushes, parse_repository(name), tag, text_of(root["digest"]));
  if (pushes.empty()) return std::nullopt;
  return pushes;
}

}  // namespace headwind::registries
