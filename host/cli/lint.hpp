// SPDX-License-Identifier: Apache-2.0
// `headwind lint`: annotations in manifests that cannot work, found before they reach a cluster.
#pragma once
#include <functional>
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

// What is wrong in one file. `all_policies`: a policy that no plugin serves is a mistake; else only where it is one of
// the built-in names, since nobody said which others there are.
Task<Result<std::vector<LintFinding>>> lint_file(OfflinePlugins& plugins, std::string file, std::string text,
                                                 bool all_policies);

}  // namespace headwind::cli
