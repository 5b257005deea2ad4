// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/revision_pods.hpp"

#include <set>

#include "workloads/core/find.hpp"

namespace headwind::workloads::generic {
namespace {

// Some controllers label with the whole name of the revision, "web-5d9f7", others with its hash alone.
bool is_of(const std::string& label, std::string_view revision) {
  if (label.empty() || !revision.ends_with(label)) return false;
  return label.size() == revision.size() || revision[revision.size() - label.size() - 1] == '-';
}

}  // namespace

void RevisionPods::add(std::string_view json, const std::string& label) {
  constexpr std::size_t max_companions = 20'000, max_companion = 2 * 1024 * 1024;
  if (seen_ == max_companions || json.size() > max_companion) return;
  ++seen_;
  Value root;
  std::string error;
  if (!parse_object(json, root, error)) return;
  // Items of a list carry no kind of their own, but only a pod has containers there, and only a ReplicaSet a template.
  const Value metadata = root["metadata"];
  if (!root["spec"]["containers"].error())
    pods_.push_back({read_pod(root), kept(metadata["labels"][label])});
  else if (!root["spec"]["template"].error())
    replica_sets_.push_back({kept(metadata["uid"]), owner_of(metadata)});
}

NewPods RevisionPods::sum_up(Value object, const PodRule& rule) const {
  const std::string uid = kept(object["metadata"]["uid"]);
  const auto value = find_one(object, rule.revision.steps);
  const std::string_view revision = value ? text_of(*value) : std::string_view();
  if (uid.empty() || revision.empty()) return {};
  std::set<std::string> owners;
  if (!rule.through_replica_sets) owners.insert(uid);
  for (const Owned& set : replica_sets_)
    if (rule.through_replica_sets && set.owner == uid && !set.uid.empty()) owners.insert(set.uid);
  std::vector<NewPod> out;
  for (const Labelled& one : pods_)
    // What they went through before is not known, so only their present counts.
    if (owners.contains(one.pod.owner) && is_of(one.label, revision)) out.push_back({&one.pod, true});
  return workloads::sum_up(std::move(out));
}

}  // namespace headwind::workloads::generic
