// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "config/key_defaults.hpp"
#include "config/keys.hpp"

namespace headwind::cli {
namespace {

using Row = std::array<std::string, 5>;

std::string or_dash(std::string_view text) { return text.empty() ? "-" : std::string(text); }

}  // namespace

// One line for each, so that grep finds all of it.
int config_keys_command() {
  std::vector<Row> rows{{"KEY OF THE FILE", "DEFAULT", "VARIABLE", "OF 0.1.x", "MEANING"}};
  for (const config::Key& key : config::keys())
    rows.push_back({key.path, or_dash(config::default_of(key.path)), key.environment + (key.read ? " (YAML)" : ""),
                    or_dash(key.former), key.meaning});
  std::array<std::size_t, 4> widths{};
  for (const Row& row : rows)
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) line += row[i] + std::string(widths[i] + 2 - row[i].size(), ' ');
    std::puts((line + row.back()).c_str());
  }
  return done;
}

}  // namespace headwind::cli
