// SPDX-License-Identifier: Apache-2.0
// What becomes of a rollout is written down and told.
#pragma once
#include <string>
#include <string_view>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/rollout_book.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// Why a RolledOut or RolledBack condition has the status that it has.
namespace rollout_reason {
inline constexpr std::string_view following = "Following";       // Unknown: it is being followed
inline constexpr std::string_view held = "Held";                 // Unknown: as long as somebody holds it
inline constexpr std::string_view not_seen = "NotSeen";          // Unknown: it is, but nothing can be seen of it
inline constexpr std::string_view complete = "RolloutComplete";  // True
inline constexpr std::string_view failed = "RolloutFailed";      // False
inline constexpr std::string_view late = "TimedOut";           // False: not ready in time, and nobody asked to undo it
inline constexpr std::string_view replaced = "Replaced";       // Unknown: somebody changed it meanwhile
inline constexpr std::string_view not_watched = "NotWatched";  // Unknown: its plugin cannot tell
}  // namespace rollout_reason

// The condition of a request that says how the rollout of `subject` stands.
inline std::string_view condition_type(const RolloutSubject& subject) {
  return subject.going_back ? condition::rolled_back : condition::rolled_out;
}

// Who ordered a rollback that nobody ordered; as 0.1.x wrote it.
inline constexpr std::string_view automatic_rollback = "headwind-auto-rollback";

// Why it is not known whether the rollout of `subject` succeeds: it is held, or nobody will ever say. Idempotent.
Task<Result<>> note_unknown(Context& context, RolloutSubject subject, std::string_view reason, std::string sentence);

// The rollout of `subject` is over, one way or the other. All are idempotent.
Task<Result<>> end_well(Context& context, inventory::Workload workload, RolloutSubject subject, std::string how);
Task<Result<>> end_late(Context& context, inventory::Workload workload, RolloutSubject subject, std::string why);
// Rolled back where `settings` ask for it and there is a version to go back to; else remembered as failed.
Task<Result<>> end_badly(Context& context, inventory::Workload workload, Settings settings, RolloutSubject subject,
                         std::string why);

}  // namespace headwind::update
