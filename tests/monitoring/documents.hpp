// SPDX-License-Identifier: Apache-2.0
// What rules, dashboard and documents say about metrics.
#pragma once
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace headwind::monitoring {

std::string read_text(const std::filesystem::path& file);

// The queries of the dashboard as Grafana sends them: all instances, and the last minutes.
std::vector<std::string> dashboard_queries(const std::string& dashboard);

// The families that a text names: headwind_… and process_…, without the endings of a histogram's series.
std::set<std::string> families_in(const std::string& text);

struct Family {
  std::string type;
  std::set<std::string> labels;
  bool operator==(const Family&) const = default;
};
// The rows of the tables of docs/operations/metrics.md.
std::map<std::string, Family> documented(const std::string& page);
// What /metrics, as text/plain, serves. Labels: of all series together.
std::map<std::string, Family> served(const std::string& metrics);

}  // namespace headwind::monitoring
