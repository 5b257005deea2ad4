// SPDX-License-Identifier: Apache-2.0
// What Headwind itself did, and what people said by annotation, in the audit stream.
#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "inventory/workload.hpp"
#include "update/patch.hpp"
#include "update/request.hpp"

namespace headwind::update {

// The patch of one slot was accepted, or refused for good. `action`: "apply" or "rollback"; `why`: who asked for it.
void audit_move(std::string_view action, const inventory::WorkloadKey& workload, const Move& move, std::string why,
                const Result<>& outcome = {});
// The same of what a request was about.
void audit_request(std::string_view action, const UpdateRequest& request, const Result<>& outcome = {});
// A rollback that a request asked for will not be carried out.
void audit_refused_rollback(const UpdateRequest& request, const std::string& why);
// "release": the request was deleted with kubectl, and with it the memory of its version.
void audit_deleted(const UpdateRequest& request);
// "approve" or "reject" by an annotation. Nobody knows from where it was written: the API server's own audit log does.
// `who`: as the annotation says; `vouched`: the admission policy says so, too.
void audit_note(std::string_view action, const UpdateRequest& request, std::string_view who, bool vouched,
                std::string comment, const Result<>& outcome);
// headwind.sh/suspend of a namespace was seen to come or go, not only to be there when the process began.
void audit_suspension(const std::string& name_space, bool suspended);

}  // namespace headwind::update
