// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace headwind::cli {

// A thing in a manifest that will not do what it says.
struct LintFinding {
  std::string file;
  int line = 1, column = 1;  // from 1
  std::string rule;          // "min-update-interval": see docs/lint.md
  bool error = true;         // the workload would be left alone; else it is updated, but not as it says
  std::string sentence;
};

// All rules with what they are about, in the order of docs/lint.md.
struct LintRule {
  std::string_view id, about;
};
const std::vector<LintRule>& lint_rules();

// A log of SARIF 2.1.0, as code scanning services take it.
std::string to_sarif(const std::vector<LintFinding>& findings);

}  // namespace headwind::cli
