// SPDX-License-Identifier: Apache-2.0
// What `headwind registry check` found out, as far as it came.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/registry_job.hpp"

namespace headwind::cli {

struct RegistryReport {
  RegistryJob job;
  std::string digest;
  std::optional<std::vector<std::string>> platforms;  // nothing: not told
  std::vector<std::string> missing;                   // of the platforms that were asked for
  std::string problem;                                // why no node could pull it; empty: one could
  bool known = false;                                 // that none could: the registry's own word
  bool denied = false;                                // none of the names was let in

  void print_text() const;
  void print_json() const;
};

}  // namespace headwind::cli
