// SPDX-License-Identifier: Apache-2.0
// Where the text has a field that only later turns out to be wrong.
#include <optional>

#include "config/keys.hpp"
#include "config/reader.hpp"
#include "config/sound_part.hpp"
#include "core/text.hpp"

namespace headwind::config {
namespace {

// `field` without `name` and the dot after it; nothing where it does not begin so.
std::optional<std::string_view> below(std::string_view field, std::string_view name) {
  if (!field.starts_with(name)) return std::nullopt;
  field.remove_prefix(name.size());
  if (field.empty() || field.front() == '[') return field;
  return field.front() == '.' ? std::optional(field.substr(1)) : std::nullopt;
}

bool is_of_environment(std::string_view field, const TextMap& environment) {
  for (const Key& key : keys()) {
    if (!below(field, key.path)) continue;
    for (const std::string& variable : {key.environment, key.former})
      if (const auto found = environment.find(variable); found != environment.end() && !trim(found->second).empty())
        return true;
  }
  return false;
}

}  // namespace

const YamlNode& innermost(const YamlNode& node, std::string_view field) {
  if (field.empty()) return node;
  for (std::size_t i = 0; i < node.items.size(); ++i)
    if (const auto rest = below(field, item_path("", i))) return innermost(node.items[i], *rest);
  const YamlField* best = nullptr;
  for (const YamlField& one : node.fields)
    if (below(field, one.key.text) && (best == nullptr || one.key.text.size() > best->key.text.size())) best = &one;
  return best == nullptr ? node : innermost(best->value, *below(field, best->key.text));
}

std::string place_of(std::string_view field, std::string_view yaml, std::string_view source,
                     const TextMap& environment) {
  const auto documents = parse_yaml(yaml);
  if (!documents || documents->empty() || is_of_environment(field, environment)) return {};
  const YamlNode& found = innermost(documents->front(), field);
  return &found == &documents->front() ? std::string() : Report(source).place(found, "") + ": ";
}

}  // namespace headwind::config
