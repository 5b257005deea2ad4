// SPDX-License-Identifier: Apache-2.0
// Artifact managers: JFrog Artifactory and Sonatype Nexus. What image a repository of theirs holds depends on how it is
// served (by path, by name, by port), which the configuration knows.
#include "registries/core/sender.hpp"

namespace headwind::registries {
namespace {

// "registry.example.com/team" and "app"
std::optional<Repository> below(const std::string& base, const std::string& image) {
  const std::string name = base + "/" + image;
  const std::size_t slash = name.find('/');
  return make_repository(name.substr(0, slash), name.substr(slash + 1));
}

}  // namespace

Pushes read_jfrog(const Notice& notice) {
  const std::string domain = text_of(notice.root["domain"]), type = text_of(notice.root["event_type"]);
  if (domain.empty() || type.empty()) return std::nullopt;
  std::vector<Push> pushes;
  if (domain != "docker" || type != "pushed") return pushes;
  const Value data = notice.root["data"];
  const std::string key = text_of(data["repo_key"]), image = text_of(data["image_name"]);
  if (key.empty() || image.empty()) return unreadable("the event of JFrog lacks data.repo_key or data.image_name");
  std::string base = authority_of_url(text_of(notice.root["jpd_origin"])) + "/" + key;
  if (const Place* place = notice.head.place_of("jfrog", key))
    base = place->repository.empty() ? place->base + "/" + key : place->base;
  const auto repository = below(base, image);
  if (!repository)
    return unreadable("the event of JFrog names no host that an image could name: set webhooks.jfrog.host");
  add_push(pushes, repository, text_of(data["tag"]), "sha256:" + text_of(data["sha256"]));
  return pushes;
}

// A component tells name and version; an asset only its path, "v2/team/app/manifests/1.0".
Pushes read_nexus(const Notice& notice) {
  const std::string repository = text_of(notice.root["repositoryName"]), action = text_of(notice.root["action"]);
  if (repository.empty() || action.empty()) return std::nullopt;
  std::vector<Push> pushes;
  const Value component = notice.root["component"], asset = notice.root["asset"];
  if (action != "CREATED" && !(action == "UPDATED" && has(notice.root, "asset"))) return pushes;
  std::string name = text_of(component["name"]), tag = text_of(component["version"]);
  std::string format = text_of(component["format"]);
  if (format.empty()) format = text_of(asset["format"]);
  if (format != "docker") return pushes;
  if (name.empty()) {
    std::string path = text_of(asset["name"]);
    if (path.starts_with('/')) path.erase(0, 1);
    const std::size_t manifests = path.rfind("/manifests/");
    if (!path.starts_with("v2/") || manifests == std::string::npos || manifests < 3) return pushes;  // a layer
    name = path.substr(3, manifests - 3);
    tag = path.substr(manifests + std::string_view("/manifests/").size());
  }
  const Place* place = notice.head.place_of("nexus", repository);
  if (place == nullptr)
    return unreadable("the event of Nexus names no host: set webhooks.nexus.host, or webhooks.nexus.repositories");
  add_push(pushes, below(place->base, name), tag, {}, notice.head.delivery);
  return pushes;
}

}  // namespace headwind::registries
