// SPDX-License-Identifier: Apache-2.0
// An UpdateRequest: something waited for, or remembered.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace headwind::update {

enum class Phase : std::uint8_t {
  pending,     // waits for a person, or for its time
  approved,    // may happen; recorded before anything is sent
  applying,    // the patch is on its way; the intent is recorded
  completed,   // the workload's patch was accepted
  failed,      // refused for good; remembered
  rejected,    // a person said no; remembered
  expired,     // nobody answered in time
  superseded,  // something newer took its place, or the workload was changed by someone else
  rolled_back  // it was applied and undone; remembered
};
std::string_view to_string(Phase phase);  // "Pending"
Phase phase_from(std::string_view text);  // missing or unknown: pending

// How one thing about a request stands, as Kubernetes writes it: a condition of its status.
struct Condition {
  std::string type, status, reason, message;  // status: "True", "False" or "Unknown"
  std::int64_t since_ms = 0;                  // lastTransitionTime
};
namespace condition {
// Whether the workload serves the new version (decisions 1). Unknown with reason Following or Held: it is watched.
inline constexpr std::string_view rolled_out = "RolledOut";
// The same of the way back: of a request that was rolled back.
inline constexpr std::string_view rolled_back = "RolledBack";
}  // namespace condition

// One person's yes, and to what.
struct Approval {
  std::string by;  // the authenticated identity; or a name that nobody checked (see Vote)
  std::int64_t at_ms = 0;
  std::string comment;
  std::string digest;  // that the request showed; another one than spec.digest: the approval is void
};
inline constexpr std::uint32_t most_approvals = 10;

// A person's answer to a request, as it is given.
struct Vote {
  std::string by;              // empty: nobody knows who
  bool authenticated = false;  // the API server says that it is they; else the call claims it (auth.mode none)
  std::string comment;
  std::string digest;  // what they saw, where they say so
};

// What a person wrote on the request with kubectl. It counts only where an admission policy vouches for who wrote it.
struct RequestNotes {
  std::string approve, reject;  // annotations headwind.sh/approve and headwind.sh/reject: the writer's own user name
  std::string comment;          // headwind.sh/comment
  std::string requested_by;     // headwind.sh/requested-by: who made the request by hand
  bool answered() const { return !approve.empty() || !reject.empty(); }
};

struct RequestKey {
  std::string name_space, name;
  auto operator<=>(const RequestKey&) const = default;
  std::string text() const { return name_space + "/" + name; }
};

struct UpdateRequest {
  RequestKey key;
  std::string uid, resource_version;
  std::int64_t generation = 0;
  std::int64_t created_ms = 0;
  bool deleting = false;
  std::string identity;  // label headwind.sh/identity; empty on objects made by hand or by 0.1.x
  std::string trace;     // annotation headwind.sh/traceparent
  RequestNotes notes;

  // spec
  std::string target_api_version, target_kind, target_name, target_namespace, target_uid;
  std::string update_type = "image";
  std::string container;
  std::string slot;  // "containers/web"; 0.1.x objects have none
  std::string current_image, new_image, digest, policy, reason;
  bool require_approval = true;
  std::uint32_t required_approvals = 1;
  std::optional<std::int64_t> expires_at_ms;
  bool rollback = false;  // spec.action
  std::string rollback_image, rollback_reason, rollback_by;

  // status
  Phase phase = Phase::pending;
  std::string approved_by, rejected_by, message;
  std::int64_t approved_at_ms = 0, rejected_at_ms = 0, last_updated_ms = 0;
  std::int64_t approved_generation = 0;
  std::vector<Approval> approvals;
  // The Deployment's highest ReplicaSet revision seen when the intent was recorded (decisions 7).
  std::int64_t noted_revision = 0;
  std::vector<Condition> conditions;

  const Condition* find_condition(std::string_view type) const;  // null where there is none

  std::string json;  // the object as stored, without managedFields: what the REST API serves
};

// Reads a stored object; Code::invalid names the field that is missing or of the wrong type.
Result<UpdateRequest> request_from_json(std::string_view json);
// The body of a create: metadata and spec (a status would be dropped by the server).
std::string request_to_json(const UpdateRequest& request);

}  // namespace headwind::update
