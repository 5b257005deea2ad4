// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "core/text.hpp"
#include "fake/resource.hpp"

namespace headwind::fake {
namespace {

Json resource_list(std::string_view group, std::string_view version) {
  Json resources = Json::array();
  for (const ResourceType& type : resource_types()) {
    if (type.group != group || type.version != version) continue;
    Json entry = {
        {"name", type.plural}, {"singularName", type.singular}, {"namespaced", type.namespaced}, {"kind", type.kind}};
    entry["verbs"] =
        type.stored ? Json{"create", "delete", "get", "list", "patch", "update", "watch"} : Json::array({"create"});
    if (!type.short_names.empty()) entry["shortNames"] = split(type.short_names, ',');
    resources.push_back(entry);
    if (!type.status) continue;
    entry.erase("shortNames");
    entry["name"] = std::string(type.plural) + "/status";
    entry["singularName"] = "";
    entry["verbs"] = Json{"get", "patch", "update"};
    resources.push_back(entry);
  }
  if (resources.empty()) return nullptr;
  const std::string group_version =
      group.empty() ? std::string(version) : std::string(group) + "/" + std::string(version);
  return {{"kind", "APIResourceList"}, {"apiVersion", "v1"}, {"groupVersion", group_version}, {"resources", resources}};
}

Json group_document(std::string_view group) {
  for (const ResourceType& type : resource_types()) {
    if (group.empty() || type.group != group) continue;
    const Json version = {{"groupVersion", type.api_version()}, {"version", type.version}};
    return {{"name", group}, {"versions", Json::array({version})}, {"preferredVersion", version}};
  }
  return nullptr;
}

}  // namespace

Json discovery_document(std::string_view path) {
  const auto parts = split(path.substr(1), '/');
  if (path == "/api") return {{"kind", "APIVersions"}, {"versions", Json::array({"v1"})}};
  if (parts.size() == 2 && parts[0] == "api") return resource_list("", parts[1]);
  if (path == "/apis") {
    Json groups = Json::array();
    std::set<std::string_view> seen = {""};
    for (const ResourceType& type : resource_types()) {
      if (seen.insert(type.group).second) groups.push_back(group_document(type.group));
    }
    return {{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", groups}};
  }
  if (parts[0] != "apis") return nullptr;
  if (parts.size() == 3) return resource_list(parts[1], parts[2]);
  if (parts.size() != 2) return nullptr;
  Json group = group_document(parts[1]);
  if (group.is_null()) return nullptr;
  group["kind"] = "APIGroup";
  group["apiVersion"] = "v1";
  return group;
}

}  // namespace headwind::fake
