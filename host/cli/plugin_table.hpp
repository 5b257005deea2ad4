// SPDX-License-Identifier: Apache-2.0
// Plugins as a table for people.
#pragma once
#include <string>
#include <vector>

#include "plugin/host.hpp"

namespace headwind::cli {

using Row = std::vector<std::string>;

// In columns; the first row is the heading.
void print_table(const std::vector<Row>& rows);
std::vector<Row> rows_of(const std::vector<plugin::PluginInfo>& plugins);

}  // namespace headwind::cli
