// SPDX-License-Identifier: Apache-2.0
// How far the rollout of a workload's present state is, from the object and what its selector found. Pure functions:
// they judge what is there now; the host counts time and retries.
//
// What holds for every kind:
//   - A status that is older than the spec is "running", whatever it says. Zero wanted pods are "held".
//   - Only pods of the new revision count, and only those that the object itself owns, by its uid.
//   - One new pod that cannot run is "failed", also while the old ones serve and while the status says "available".
//   - "done": all is updated and available, nothing old is left, and every new pod that was seen is ready.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "workloads/core/companions.hpp"

namespace headwind::workloads {

enum class State : std::int32_t { running = 0, done = 1, failed = 2, held = 3 };  // as HW_ROLLOUT_*
struct Rollout {
  State state = State::running;
  std::int32_t ready = 0, wanted = 0;  // pods of the new revision, for humans
  std::string reason;                  // one sentence, at most 512 bytes
};

// False, with one sentence, where the text is no JSON object.
bool read_deployment_rollout(std::string_view object, const Companions& companions, Rollout& out, std::string& error);
bool read_statefulset_rollout(std::string_view object, const Companions& companions, Rollout& out, std::string& error);
bool read_daemonset_rollout(std::string_view object, const Companions& companions, Rollout& out, std::string& error);

}  // namespace headwind::workloads
