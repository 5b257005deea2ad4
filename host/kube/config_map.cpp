// SPDX-License-Identifier: Apache-2.0
#include "kube/config_map.hpp"

#include <nlohmann/json.hpp>

#include "kube/paths.hpp"

namespace headwind::kube {
namespace {

using Json = nlohmann::json;

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

TextMap texts(const Json& object, const char* key) {
  TextMap result;
  const auto found = object.find(key);
  if (found != object.end() && found->is_object())
    for (const auto& [name, value] : found->items())
      if (value.is_string()) result[name] = value.get<std::string>();
  return result;
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<ConfigMap> parsed(const Result<std::string>& body) {
  if (!body) return body.error();
  return config_map_from_json(*body);
}

}  // namespace

Result<ConfigMap> config_map_from_json(std::string_view text_) {
  const Json json = Json::parse(text_, nullptr, false);
  const auto metadata = json.is_object() ? json.find("metadata") : json.end();
  if (!json.is_object() || metadata == json.end() || !metadata->is_object())
    return make_error(Code::invalid, "a ConfigMap without metadata came from the API server.");
  return ConfigMap{text(*metadata, "namespace"),       text(*metadata, "name"), text(*metadata, "uid"),
                   text(*metadata, "resourceVersion"), texts(json, "data"),     texts(*metadata, "labels")};
}

Task<Result<ConfigMap>> read_config_map(std::shared_ptr<const Client> client, std::string name_space,
                                        std::string name) {
  const auto body = co_await client->get(object_path(kConfigMaps, name_space, name));
  co_return parsed(body);
}

Task<Result<ConfigMap>> create_config_map(std::shared_ptr<const Client> client, ConfigMap config_map) {
  const Json json{
      {"apiVersion", "v1"},
      {"kind", "ConfigMap"},
      {"metadata", {{"name", config_map.name}, {"namespace", config_map.name_space}, {"labels", config_map.labels}}},
      {"data", config_map.data}};
  const auto body = co_await client->create(collection_path(kConfigMaps, config_map.name_space), dump(json));
  co_return parsed(body);
}

Task<Result<ConfigMap>> patch_config_map(std::shared_ptr<const Client> client, std::string name_space, std::string name,
                                         DataChanges changes, std::string expected_version) {
  Json data = Json::object();
  for (const auto& [key, value] : changes) data[key] = value ? Json(*value) : Json();
  Json json{{"data", std::move(data)}};
  if (!expected_version.empty()) json["metadata"]["resourceVersion"] = expected_version;
  const auto body = co_await client->merge_patch(object_path(kConfigMaps, name_space, name), dump(json));
  co_return parsed(body);
}

Task<Result<ConfigMap>> keep_in_config_map(std::shared_ptr<const Client> client, std::string name_space,
                                           std::string name, DataChanges changes) {
  Result<ConfigMap> kept = co_await patch_config_map(client, name_space, name, changes);
  if (kept || kept.error().code != Code::not_found) co_return kept;
  ConfigMap fresh{name_space, name};
  fresh.labels["app.kubernetes.io/managed-by"] = "headwind";
  for (const auto& [key, value] : changes)
    if (value) fresh.data[key] = *value;
  kept = co_await create_config_map(client, fresh);
  // Somebody else of us was quicker with another key.
  if (!kept && kept.error().code == Code::conflict) kept = co_await patch_config_map(client, name_space, name, changes);
  co_return kept;
}

}  // namespace headwind::kube
