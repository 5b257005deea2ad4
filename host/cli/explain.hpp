// SPDX-License-Identifier: Apache-2.0
// `headwind explain`: why a workload runs what it runs; asked of a running Headwind, or worked out offline.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "cli/api_way.hpp"

namespace headwind::cli {

struct ExplainOptions {
  ApiOptions api;
  std::string workload;           // namespace/kind/name
  std::string manifest;           // offline: a file, or "-"
  std::vector<std::string> tags;  // offline: FILE, or CONTAINER=FILE
  std::string config_file;        // offline: for plugin directories and policies of one's own
  bool json = false;
};

// Adds the command; choosing it sets `chosen`.
void add_explain(CLI::App& app, std::function<int()>& chosen);

int explain_offline(const ExplainOptions& options);

// "Deployment" of deploy, deployments, Deployment, and so on; what is not known stays as it is.
std::string kind_named(const std::string& word);

}  // namespace headwind::cli
