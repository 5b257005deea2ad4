// SPDX-License-Identifier: Apache-2.0
// `headwind lint`: annotations in manifests that cannot work, found before they reach a cluster.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "cli/lint_finding.hpp"
#include "cli/offline_plugins.hpp"

namespace CLI {
class App;
}

namespace headwind::cli {

struct LintOptions {
  std::vector<std::string> places;  // files, directories, or "-"
  std::string format = "text", config_file;
};

// Adds the command; choosing it sets `chosen`.
void add_lint(CLI::App& app, std::function<int()>& chosen);

struct LintScope {
  // A configuration was named: a policy that no plugin serves is a mistake, and so is polling that is switched off.
  // Else nobody said which instances there are, and those that are named are gathered in `unchecked`.
  bool all_policies = false;
  std::set<std::string> unchecked;  // "python/team"
};

// What is wrong in one file, in the order of its lines.
Task<Result<std::vector<LintFinding>>> lint_file(OfflinePlugins& plugins, std::string file, std::string text,
                                                 LintScope& scope);

}  // namespace headwind::cli
