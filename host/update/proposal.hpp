// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/decision.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// Makes the UpdateRequest that asks a person about `chosen`, or opens the same one again after it had expired or was
// superseded, or takes over one that asks for the same and was made by others; and supersedes what was proposed for
// that slot before. Idempotent.
Task<Result<UpdateRequest>> propose(Context& context, inventory::Workload workload, Settings settings, Chosen chosen,
                                    std::vector<UpdateRequest> requests);

// Whether two references name the same image, however they spell it.
bool is_same_version(std::string_view left, std::string_view right);

// `kept` is what is proposed for the slot: whatever else waits there for an answer is Superseded.
Task<Result<>> supersede_others(Context& context, UpdateRequest kept, std::vector<UpdateRequest> requests,
                                inventory::Slot slot);

// Creates `request` under its plain name, or the hashed one where another request has that.
Task<Result<UpdateRequest>> create_request(Context& context, UpdateRequest request, std::string container,
                                           std::string tag);

// A request about `to` in `slot`, instead of `from`: whom it is about, and its identity.
UpdateRequest request_about(const inventory::Workload& workload, const inventory::Slot& slot, std::string from,
                            std::string to, std::string digest);

// Moves a request to a final or waiting phase, unless it was changed meanwhile (Code::conflict) or is gone.
Task<Result<UpdateRequest>> set_phase(Context& context, UpdateRequest request, Phase phase, std::string message);

}  // namespace headwind::update
