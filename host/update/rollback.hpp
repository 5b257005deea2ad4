// SPDX-License-Identifier: Apache-2.0
// Going back, and remembering what was left (decisions 3, 8, 11).
#pragma once
#include <optional>
#include <string>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/rollout_book.hpp"
#include "update/settings.hpp"

namespace headwind::update {

struct RollbackRecord {
  inventory::Workload workload;
  inventory::Slot slot;
  std::string bad_image, bad_digest;
  std::string good_image;
  std::string reason, by;
  std::optional<RequestKey> request{};  // that brought it, where that is known
};

// Writes down that `bad_image` is to be left for `good_image`: into the request that brought it, else into a new one.
// The intent of a rollback, recorded before anything is patched; and the memory of it afterwards.
Task<Result<UpdateRequest>> record_rollback(Context& context, RollbackRecord record);

// Writes down that the rollout of `subject` failed and that it stays: into the request that brought it, else into a new
// one. Failed, so that the version is not proposed again. Idempotent.
Task<Result<UpdateRequest>> remember_failure(Context& context, inventory::Workload workload, RolloutSubject subject,
                                             std::string why);

// Writes down that the rollout of `subject`, which no request brought, is held: into a new one, Completed, whose
// condition is awaited. So a restart finds it however late it comes; the history alone is asked for a while only.
// Idempotent.
Task<Result<UpdateRequest>> remember_held(Context& context, inventory::Workload workload, RolloutSubject subject,
                                          std::string why);

// To what `slot` goes back: the newest earlier image of its history that is not remembered as bad. Code::not_found.
Result<std::string> way_back(Context& context, const inventory::Workload& workload, const inventory::Slot& slot);

// Whether the slot runs what a rollback request sends it to, be it pinned by admission.
bool runs_rollback(const inventory::Slot& slot, const UpdateRequest& request);

// Carries out a request whose spec.action is rollback, until it is RolledBack or Failed. Idempotent; holds the turn.
Task<Result<UpdateRequest>> carry_out_rollback(Context& context, UpdateRequest request);

// What a person ordered over REST; holds the turn.
Task<Result<RollbackOutcome>> order_rollback(Context& context, RollbackOrder order);

// Looks at slots that somebody else changed: a version that was left for an older one is remembered.
Task<Result<>> remember_undone(Context& context, inventory::Workload workload);

}  // namespace headwind::update
