// SPDX-License-Identifier: Apache-2.0
#include "app/stuck_pods.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/belongings.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

json array_at(const json& object, const char* pointer) {
  const json::json_pointer place(pointer);
  return object.is_object() && object.contains(place) && object.at(place).is_array() ? object.at(place) : json::array();
}

std::int64_t number_at(const json& object, const char* pointer, std::int64_t otherwise) {
  const json::json_pointer place(pointer);
  return object.is_object() && object.contains(place) && object.at(place).is_number_integer()
             ? object.at(place).get<std::int64_t>()
             : otherwise;
}

bool is_ready(const json& pod) {
  const json conditions = array_at(pod, "/status/conditions");
  return std::any_of(conditions.begin(), conditions.end(), [](const json& condition) {
    return text_at(condition, "/type") == "Ready" && text_at(condition, "/status") == "True";
  });
}

// "db-12": 12.
std::optional<std::int64_t> ordinal_of(const std::string& name) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string::npos) return std::nullopt;
  std::int64_t ordinal = 0;
  const char* const end = name.data() + name.size();
  const auto [stopped, failure] = std::from_chars(name.data() + dash + 1, end, ordinal);
  if (failure != std::errc{} || stopped != end || ordinal < 0) return std::nullopt;
  return ordinal;
}

// What the pod was made with; its status may still say otherwise, or nothing.
bool runs(const json& pod, const update::BadImage& bad) {
  for (const char* list : {"/spec/containers", "/spec/initContainers"}) {
    const json containers = array_at(pod, list);
    if (std::any_of(containers.begin(), containers.end(), [&](const json& container) {
          return text_at(container, "/name") == bad.container && text_at(container, "/image") == bad.image;
        }))
      return true;
  }
  return false;
}

}  // namespace

std::vector<StuckPod> stuck_pods(const json& set, const json& pods, const std::vector<update::BadImage>& bad) {
  std::vector<StuckPod> stuck;
  const std::string uid = text_at(set, "/metadata/uid"), revision = text_at(set, "/status/updateRevision");
  const bool seen = number_at(set, "/status/observedGeneration", 0) >= number_at(set, "/metadata/generation", 1);
  const bool by_hand = text_at(set, "/spec/updateStrategy/type") == "OnDelete";
  if (!seen || by_hand || uid.empty() || revision.empty()) return stuck;
  const std::int64_t first =
      number_at(set, "/spec/ordinals/start", 0) + number_at(set, "/spec/updateStrategy/rollingUpdate/partition", 0);
  for (const json& pod : pods) {
    const std::string of = text_at(pod, "/metadata/labels/controller-revision-hash");
    const std::string name = text_at(pod, "/metadata/name");
    const bool deleting = pod.contains("/metadata/deletionTimestamp"_json_pointer);
    const auto ordinal = ordinal_of(name);
    if (of.empty() || of == revision || deleting || is_ready(pod) || !is_owned_by(pod, uid)) continue;
    if (!ordinal || *ordinal < first) continue;
    const bool runs_bad = std::any_of(bad.begin(), bad.end(), [&](const auto& image) { return runs(pod, image); });
    stuck.push_back({name, text_at(pod, "/metadata/uid"), runs_bad});
  }
  return stuck;
}

}  // namespace headwind::app
