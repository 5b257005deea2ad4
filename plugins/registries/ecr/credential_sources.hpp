// SPDX-License-Identifier: Apache-2.0
// The places where temporary keys come from. Each asks once, within seconds, and keeps nothing.
#pragma once
#include <string>

#include "registries/core/transport.hpp"
#include "registries/ecr/environment.hpp"
#include "registries/ecr/keys.hpp"

namespace headwind::registries::ecr {

struct WebIdentity {  // IRSA: the service account's token for a role
  std::string role_arn, token_file;
  std::string session_name;  // empty: "headwind"
  std::string endpoint;      // of the token service
  std::string named_by;      // what named the token file, for errors
};
Outcome<Keys> from_web_identity(const WebIdentity& identity, Transport& transport);

// EKS pod identity and ECS: AWS_CONTAINER_*. Plain HTTP only to this machine and the two known link-local addresses.
bool has_container_credentials(const Environment& environment);
Outcome<Keys> from_container(const Environment& environment, Transport& transport);

// The instance's role by IMDSv2; by v1 only where the service does not know v2 and v1 is not disabled.
struct InstanceMetadata {
  std::string endpoint;  // without a slash at its end
  bool v1_disabled = false;
};
Outcome<Keys> from_instance_metadata(const InstanceMetadata& service, Transport& transport);

}  // namespace headwind::registries::ecr
