// SPDX-License-Identifier: Apache-2.0
// Forges: GitHub's packages in both of its events, those of Gitea and Forgejo.
#include "registries/core/sender.hpp"

namespace headwind::registries {
namespace {

// "ghcr.io/owner/img:1.0", or with nothing behind the colon where the push had no tag: the path and the tag.
struct PackageUrl {
  std::string path, tag;
};
PackageUrl read_package_url(const std::string& url) {
  const std::size_t slash = url.find('/');
  if (canonical_host(url.substr(0, slash)) != "ghcr.io") return {};
  PackageUrl read{url.substr(slash + 1), {}};
  if (const std::size_t colon = read.path.find(':'); colon != std::string::npos) {
    read.tag = read.path.substr(colon + 1);
    read.path.resize(colon);
  }
  return read;
}

// Names are written as their owner likes, references are in lower case. What tells the owner only by the source
// repository may be named after that one or after the package: both are asked for.
std::vector<std::string> paths_of(const Value& root, const Value& package, const PackageUrl& url) {
  if (!url.path.empty()) return {lower(url.path)};
  std::string owner = text_of(package["owner"]["login"]);
  if (owner.empty()) owner = text_of(package["namespace"]);
  const std::string name = lower(text_of(package["name"]));
  if (!owner.empty()) return {lower(owner) + "/" + name};
  const std::string source = lower(text_of(root["repository"]["full_name"]));
  return {source, source.substr(0, source.find('/')) + "/" + name};
}

bool is_container(const Value& package) {
  for (const char* key : {"package_type", "ecosystem", "type"})
    if (lower(text_of(package[key])) == "container") return true;
  return false;
}

bool announces_a_package(const std::string& event) { return event == "package" || event == "registry_package"; }

}  // namespace

Pushes read_github(const Notice& notice) {
  std::vector<Push> pushes;
  const bool registry = has(notice.root, "registry_package");
  const Value package = notice.root[registry ? "registry_package" : "package"];
  if (!notice.head.event.empty() && !announces_a_package(notice.head.event)) return pushes;  // ping, push of commits
  if (package.error() != simdjson::SUCCESS) return std::nullopt;
  if (!registry && !has(package, "package_version") && notice.head.endpoint != "ghcr") return std::nullopt;  // Gitea's
  const std::string action = text_of(notice.root["action"]);
  if (!is_container(package) || (action != "published" && action != "updated")) return pushes;
  const Value version = package["package_version"];
  const PackageUrl url = read_package_url(text_of(version["package_url"]));
  const Value named = version["container_metadata"]["tag"];
  std::string tag = text_of(named["name"]);
  if (tag.empty()) tag = url.tag;
  // A container's version is its digest, except in the short form of registry_package, where it is the tag.
  if (tag.empty() && registry) tag = text_of(version["version"]);
  for (const std::string& path : paths_of(notice.root, package, url))
    add_push(pushes, make_repository("ghcr.io", path), tag, text_of(named["digest"]), notice.head.delivery);
  return pushes;
}

Pushes read_gitea(const Notice& notice) {
  std::vector<Push> pushes;
  if (!notice.head.event.empty() && !announces_a_package(notice.head.event)) return pushes;
  const Value package = notice.root["package"];
  if (package.error() != simdjson::SUCCESS) return std::nullopt;
  if (!is_container(package) || text_of(notice.root["action"]) != "created") return pushes;
  add_push_at(pushes, notice.settings, authority_of_url(text_of(package["html_url"])),
              lower(text_of(package["owner"]["login"]) + "/" + text_of(package["name"])), text_of(package["version"]),
              {}, notice.head.delivery);
  return pushes;
}

}  // namespace headwind::registries
