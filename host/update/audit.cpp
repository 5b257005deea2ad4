// SPDX-License-Identifier: Apache-2.0
#include "update/audit.hpp"

#include <utility>

#include "telemetry/audit.hpp"

namespace headwind::update {
namespace {

using telemetry::AuditEntry;
using telemetry::AuditFlush;

AuditEntry entry_of(std::string_view action, const char* via) {
  AuditEntry entry;
  entry.action = action;
  entry.via = via;
  return entry;
}

void about(AuditEntry& entry, const UpdateRequest& request) {
  entry.kind = "UpdateRequest", entry.name_space = request.key.name_space, entry.name = request.key.name;
  entry.from = request.current_image, entry.image = request.new_image, entry.digest = request.digest;
}

void end(AuditEntry& entry, const Result<>& outcome, AuditFlush flush) {
  if (!outcome) entry.done = false, entry.reason = outcome.error().message;
  telemetry::audit(entry, flush);
}

}  // namespace

void audit_move(std::string_view action, const inventory::WorkloadKey& workload, const Move& move, std::string why,
                const Result<>& outcome) {
  AuditEntry entry = entry_of(action, "operator");
  entry.kind = workload.kind.str(), entry.name_space = workload.name_space.str(), entry.name = workload.name;
  entry.from = move.replaced.empty() ? move.slot.image : move.replaced;
  entry.image = move.new_image, entry.digest = move.digest;
  entry.reason = std::move(why);
  end(entry, outcome, AuditFlush::soon);
}

void audit_request(std::string_view action, const UpdateRequest& request, const Result<>& outcome) {
  AuditEntry entry = entry_of(action, "operator");
  about(entry, request);
  if (!request.approved_by.empty()) entry.reason = "approved by " + request.approved_by;
  end(entry, outcome, AuditFlush::soon);
}

void audit_refused_rollback(const UpdateRequest& request, const std::string& why) {
  AuditEntry entry = entry_of("rollback", "operator");
  about(entry, request);
  // It leaves what the request brought; the digest is that version's, not that of the one to go back to.
  entry.from = request.new_image, entry.image = request.rollback_image, entry.digest.clear();
  end(entry, make_error(Code::invalid, why), AuditFlush::soon);
}

void audit_deleted(const UpdateRequest& request) {
  AuditEntry entry = entry_of("release", "operator");
  about(entry, request);
  entry.reason = "the UpdateRequest was deleted; the API server's own audit log knows by whom";
  end(entry, {}, AuditFlush::soon);
}

void audit_note(std::string_view action, const UpdateRequest& request, std::string_view who, bool vouched,
                std::string comment, const Result<>& outcome) {
  AuditEntry entry = entry_of(action, "annotation");
  about(entry, request);
  entry.user = who, entry.vouched = vouched;
  entry.reason = std::move(comment);
  end(entry, outcome, AuditFlush::now);
}

void audit_suspension(const std::string& name_space, bool suspended) {
  AuditEntry entry = entry_of(suspended ? "suspend" : "resume", "operator");
  entry.kind = "Namespace", entry.name = name_space;
  entry.reason = "headwind.sh/suspend of the namespace";
  end(entry, {}, AuditFlush::soon);
}

}  // namespace headwind::update
