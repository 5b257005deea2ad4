// SPDX-License-Identifier: Apache-2.0
#include "api/audit.hpp"

namespace headwind::api {

telemetry::AuditEntry audit_of(const net::ServerRequest& request, std::string_view action, std::string_view who,
                               bool vouched) {
  telemetry::AuditEntry entry;
  entry.action = action;
  entry.via = "api";
  entry.user = who;
  entry.vouched = vouched;
  entry.address = request.peer;
  entry.user_agent = net::find_header(request.headers, "User-Agent");
  return entry;
}

void audit_request(const net::ServerRequest& request, const RequestOrder& order, const update::RequestKey& key,
                   const std::optional<update::UpdateRequest>& known, const Result<>& outcome) {
  telemetry::AuditEntry entry = audit_of(request, order.action, order.who, order.vouched);
  entry.kind = "UpdateRequest", entry.name_space = key.name_space, entry.name = key.name;
  if (known) entry.from = known->current_image, entry.image = known->new_image, entry.digest = known->digest;
  entry.reason = order.reason;
  if (!outcome) entry.done = false, entry.reason = outcome.error().message;
  telemetry::audit(entry, telemetry::AuditFlush::now);
}

void audit_denied(const net::ServerRequest& request, const Admission& admission, std::string_view action,
                  const update::RequestKey& about) {
  if (!admission.refusal || admission.refusal->status != 403) return;
  telemetry::AuditEntry entry = audit_of(request, action, admission.identity.user, true);
  entry.name_space = about.name_space, entry.name = about.name;
  entry.done = false, entry.reason = "the caller has not the right to";
  telemetry::audit(entry, telemetry::AuditFlush::soon);
}

}  // namespace headwind::api
