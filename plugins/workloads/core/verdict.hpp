// SPDX-License-Identifier: Apache-2.0
// What the kinds share when they read an object and conclude.
#pragma once
#include <algorithm>
#include <limits>
#include <utility>

#include "workloads/core/json_object.hpp"
#include "workloads/core/rollout.hpp"
#include "workloads/core/sentence.hpp"

namespace headwind::workloads {

inline constexpr const char* not_seen = "the controller has not seen the change yet";
inline constexpr const char* scaled_to_zero = "it is scaled to zero: nothing runs, so nothing is proven";
inline constexpr const char* by_hand = "its update strategy is OnDelete: pods change when somebody deletes them";

// A number of pods, whatever stands there.
inline std::int64_t pods_of(Value value, std::int64_t otherwise) {
  return std::clamp<std::int64_t>(number_of(value, otherwise), 0, std::numeric_limits<std::int32_t>::max());
}

// Of a status that names no generation.
enum class Unnamed { old, believed };

// The controller has not looked at this spec yet: its status speaks of an older one. Argo writes the generation as a
// text. Kinds that write none are to be believed; one without any status was not looked at yet.
inline bool is_stale(Value root, Unnamed unnamed = Unnamed::old) {
  const Value observed = root["status"]["observedGeneration"];
  std::int64_t generation = number_of(observed, count_in(text_of(observed)));
  if (generation < 0 && unnamed == Unnamed::believed) return !root["status"].is_object();
  return std::max<std::int64_t>(generation, 0) < number_of(root["metadata"]["generation"], 0);
}

inline void conclude(Rollout& out, State state, std::string_view reason) {
  out.state = state;
  out.reason = cut(reason, max_sentence);
}

inline void count(Rollout& out, std::int64_t ready, std::int64_t wanted) {
  out.ready = static_cast<std::int32_t>(std::min<std::int64_t>(ready, std::numeric_limits<std::int32_t>::max()));
  out.wanted = static_cast<std::int32_t>(wanted);
}

}  // namespace headwind::workloads
