// SPDX-License-Identifier: Apache-2.0
#include "app/stuck_pods.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace headwind::app {
namespace {

using nlohmann::json;

bool is_owned_by(const json& pod, const std::string& uid) {
  const json owners = pod.value("/metadata/ownerReferences"_json_pointer, json::array());
  return std::any_of(owners.begin(), owners.end(), [&](const json& owner) { return owner.value("uid", "") == uid; });
}

bool is_ready(const json& pod) {
  const json conditions = pod.value("/status/conditions"_json_pointer, json::array());
  return std::any_of(conditions.begin(), conditions.end(), [](const json& condition) {
    return condition.value("type", "") == "Ready" && condition.value("status", "") == "True";
  });
}

}  // namespace

std::vector<StuckPod> stuck_pods(const json& set, const json& pods) {
  std::vector<StuckPod> stuck;
  const std::string uid = set.value("/metadata/uid"_json_pointer, "");
  const std::string revision = set.value("/status/updateRevision"_json_pointer, "");
  const bool seen = set.value("/status/observedGeneration"_json_pointer, std::int64_t{0}) >=
                    set.value("/metadata/generation"_json_pointer, std::int64_t{1});
  const bool by_hand = set.value("/spec/updateStrategy/type"_json_pointer, "") == "OnDelete";
  if (!seen || by_hand || uid.empty() || revision.empty()) return stuck;
  for (const json& pod : pods) {
    const std::string of = pod.value("/metadata/labels/controller-revision-hash"_json_pointer, "");
    const bool deleting = pod.contains("/metadata/deletionTimestamp"_json_pointer);
    if (of.empty() || of == revision || deleting || is_ready(pod) || !is_owned_by(pod, uid)) continue;
    stuck.push_back({pod.value("/metadata/name"_json_pointer, ""), pod.value("/metadata/uid"_json_pointer, "")});
  }
  return stuck;
}

}  // namespace headwind::app
