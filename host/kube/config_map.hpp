// SPDX-License-Identifier: Apache-2.0
// ConfigMaps as small durable stores: text by key.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/text.hpp"
#include "kube/client.hpp"

namespace headwind::kube {

struct ConfigMap {
  std::string name_space, name;
  std::string uid = {}, resource_version = {};  // as stored; not sent on create
  TextMap data = {};
  TextMap labels = {};
};

// Code::not_found where there is none.
Task<Result<ConfigMap>> read_config_map(std::shared_ptr<const Client> client, std::string name_space, std::string name);

// Code::conflict where there is one already.
Task<Result<ConfigMap>> create_config_map(std::shared_ptr<const Client> client, ConfigMap config_map);

// Sets keys, and removes those without a value; the others stay. Code::not_found where there is no such ConfigMap;
// with `expected_version`, Code::conflict where it was written since.
using DataChanges = std::map<std::string, std::optional<std::string>>;
Task<Result<ConfigMap>> patch_config_map(std::shared_ptr<const Client> client, std::string name_space, std::string name,
                                         DataChanges changes, std::string expected_version = {});

// The same for a store of our own, which the first write makes, labelled as ours.
Task<Result<ConfigMap>> keep_in_config_map(std::shared_ptr<const Client> client, std::string name_space,
                                           std::string name, DataChanges changes);

// Reads a stored object.
Result<ConfigMap> config_map_from_json(std::string_view json);

}  // namespace headwind::kube
