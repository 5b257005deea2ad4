// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace headwind::cli {

struct AuditVerifyOptions {
  std::vector<std::string> files;  // of a rotation, the oldest first; or "-" alone: standard input
  std::string last;                // the hash that the last entry must have; empty: any
};
// Tells the first line that is not as Headwind wrote it, with its number; 0 where all are.
int audit_verify_command(const AuditVerifyOptions& options);

}  // namespace headwind::cli
