// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_table.hpp"

#include <algorithm>
#include <cstdio>

namespace headwind::cli {

void print_table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i].empty() ? "-" : row[i];
      line.append(widths[i] - std::max<std::size_t>(row[i].size(), 1) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::puts(line.c_str());
  }
}

std::vector<Row> rows_of(const std::vector<plugin::PluginInfo>& plugins) {
  std::vector<Row> rows{{"FILE", "NAME", "VERSION", "KIND", "STATE", "REASON"}};
  for (const auto& info : plugins)
    rows.push_back({info.file, info.id, info.version, info.kind, info.state, info.reason});
  return rows;
}

}  // namespace headwind::cli
