// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace headwind::app {

// The objects of deploy/15-approval-policy.yaml. What they say is compared by the SHA-256 of `spec` as JSON with its
// keys sorted; a test compares it with the file.
inline constexpr std::string_view kApprovalPolicy = "approvals-v1.headwind.sh";
inline constexpr std::string_view kApprovalPolicyHash =
    "1756ac55addcd2476f1f17200b1de070485dc58949838c0a65f36b9dc172ac54";

}  // namespace headwind::app
