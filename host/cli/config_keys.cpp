// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "config/key_defaults.hpp"
#include "config/keys.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::array<std::string, 5>;

std::string or_dash(std::string_view text) { return text.empty() ? "-" : std::string(text); }

// What is not there has no member.
Json json_of(const config::Key& key) {
  Json one{{"key", key.path}};
  if (const std::string_view value = config::default_of(key.path); !value.empty()) one["default"] = value;
  one["variable"] = key.environment;
  if (!key.former.empty()) one["former_variable"] = key.former;
  one["is_yaml"] = key.read != nullptr;  // the variable holds a structure, as the file would
  one["meaning"] = key.meaning;
  return one;
}

}  // namespace

// One line for each, so that grep finds all of it.
int config_keys_command(bool json) {
  if (json) {
    Json all = Json::array();
    for (const config::Key& key : config::keys()) all.push_back(json_of(key));
    std::puts(all.dump(2).c_str());
    return done;
  }
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
