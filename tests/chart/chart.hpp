// SPDX-License-Identifier: Apache-2.0
// deploy/helm/headwind, as helm sees it.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace headwind::chart {

using Json = nlohmann::json;

std::filesystem::path source();                            // the root of the tree
std::filesystem::path directory();                         // of the chart
std::vector<std::filesystem::path> values_files();         // ci/*.yaml, in order
std::string read(const std::filesystem::path& file);       // throws where there is none
std::vector<Json> documents(const std::string& yaml);      // each document of a YAML file
std::string program(const std::string& name);              // helm, kubeconform: its path
std::string run(const std::vector<std::string>& command);  // what it printed; throws with its words where it fails

// `helm template` of the release headwind in headwind-system.
std::string rendered(std::vector<std::string> arguments = {});
// The only one of that kind and name; throws where there is none.
const Json& one(const std::vector<Json>& objects, const std::string& kind, const std::string& name);
bool has(const std::vector<Json>& objects, const std::string& kind);

// Writes the schemas of kubeconform's layout, strict, from the API server's own OpenAPI document (v2) into a directory.
void write_schemas(const Json& openapi, const std::filesystem::path& into);

}  // namespace headwind::chart

#define HEADWIND_NEEDS_HELM()                        \
  if (::headwind::testbed::chart_binaries().empty()) \
  GTEST_SKIP() << "helm is not built: tests/testbed/build --with chart"
