// SPDX-License-Identifier: Apache-2.0
// What people order over 8081, in the audit stream: told before they are answered.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "api/auth.hpp"
#include "core/result.hpp"
#include "net/server.hpp"
#include "telemetry/audit.hpp"
#include "update/engine.hpp"

namespace headwind::api {

// Who, and from where: the address of the connection, since no header is believed about it.
telemetry::AuditEntry audit_of(const net::ServerRequest& request, std::string_view action, std::string_view who,
                               bool vouched);

// An order about an UpdateRequest, as it stands in `engine` before or after it.
struct RequestOrder {
  std::string_view action, who;
  bool vouched = false;
  std::string reason = {};  // what the person said
};
void audit_request(const net::ServerRequest& request, const RequestOrder& order, const update::RequestKey& key,
                   const std::optional<update::UpdateRequest>& known, const Result<>& outcome);

// An order that was refused because of who gave it: the answer to it is `admission`'s. Others are not told: of those
// without a valid token nobody knows who they are.
void audit_denied(const net::ServerRequest& request, const Admission& admission, std::string_view action,
                  const update::RequestKey& about);

}  // namespace headwind::api
