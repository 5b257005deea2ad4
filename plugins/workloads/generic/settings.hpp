// SPDX-License-Identifier: Apache-2.0
// The settings of one instance: the kind that it serves, where its images stand, and how its rollout is judged.
// docs/workloads-generic.md explains them.
#pragma once
#include <headwind/sdk.hpp>
#include <optional>
#include <string>
#include <vector>

#include "workloads/core/json_path.hpp"
#include "workloads/generic/rule.hpp"

namespace headwind::workloads::generic {

struct ImageRule {
  JsonPath path;                       // of the whole reference, or of a tag
  std::string slot;                    // of the one place; or empty
  std::string name;                    // the member beside it that names the list's item; or empty
  std::optional<JsonPath> repository;  // where the tag's repository stands
};

// Which pods are those of the object's present revision: the value of a label.
struct PodRule {
  std::string label;
  JsonPath revision;
  bool through_replica_sets = false;  // the object owns them so; else directly
};

struct Settings {
  hw::target target;
  std::vector<ImageRule> images;
  std::optional<PodRule> pods;
  std::optional<JsonPath> ready_count, wanted_count;
  std::vector<Rule> ready, failed, held;
};

// Of JSON that the host has checked against settings_schema. Throws hw::error(invalid) that names field and remedy.
Settings read_settings(const hw::config& config);

}  // namespace headwind::workloads::generic
