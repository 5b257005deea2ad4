// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/companions.hpp"

#include <string>

#include "workloads/core/pod_reader.hpp"
#include "workloads/core/replica_set_reader.hpp"

namespace headwind::workloads {
namespace {

// Items of a list carry no kind of their own, but only a pod has containers there, and only a ReplicaSet a template.
bool is_a(Value root, std::string_view kind, const char* member) {
  const auto own = text_of(root["kind"]);
  return own.empty() ? !root["spec"][member].error() : own == kind;
}

}  // namespace

void Companions::add(std::string_view json) {
  constexpr std::size_t max_companions = 20'000, max_companion = 2 * 1024 * 1024;
  if (seen_ == max_companions || json.size() > max_companion) return;
  ++seen_;
  Value root;
  std::string error;
  if (!parse_object(json, root, error)) return;
  if (is_a(root, "Pod", "containers"))
    pods_.push_back(read_pod(root));
  else if (is_a(root, "ReplicaSet", "template"))
    replica_sets_.push_back(read_replica_set(root));
}

}  // namespace headwind::workloads
