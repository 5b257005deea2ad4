// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <iostream>

#include "config/config.hpp"
#include "config/keys.hpp"
#include "config/reader.hpp"
#include "config/sound_part.hpp"

namespace headwind::config {
namespace {

constexpr std::size_t max_file = 1U << 20;

// The names that may stand below `section` ("" for the top): "ports" has webhooks, api, metrics.
std::vector<std::string_view> names_below(std::string_view section) {
  std::vector<std::string_view> names;
  for (const Key& key : keys()) {
    std::string_view rest = key.path;
    if (!section.empty()) {
      if (!rest.starts_with(section) || rest.size() <= section.size() || rest[section.size()] != '.') continue;
      rest.remove_prefix(section.size() + 1);
    }
    const std::string_view name = rest.substr(0, rest.find('.'));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

void read_section(Config& config, const YamlNode& node, const std::string& section, Report& report) {
  if (node.kind == YamlNode::Kind::null) return;
  if (node.kind != YamlNode::Kind::map) return report.add(node, section, "must be a map of keys and values");
  const auto known = names_below(section);
  for (const auto& [name, value] : node.fields) {
    const std::string path = section.empty() ? name.text : section + "." + name.text;
    // A dot in a key would otherwise reach a key of another section.
    if (std::find(known.begin(), known.end(), name.text) == known.end()) {
      report.add(name, path, "is not a key of Headwind" + did_you_mean(name.text, known));
      continue;
    }
    const Key* key = key_at(path);
    if (!key) {
      read_section(config, value, path, report);
    } else if (key->read) {
      key->read(config, value, path, report);
    } else if (const std::string* text = scalar(value, path, report)) {
      if (const auto problem = key->apply(config, *text)) report.add(value, path, *problem);
    }
  }
}

Result<std::string> read_whole(std::istream& in, const std::string& name) {
  std::string text(max_file + 1, '\0');
  const bool opened = static_cast<bool>(in);
  if (opened) in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!opened || in.bad())
    return make_error(Code::not_found, "the configuration file " + name + " cannot be read: check its path and mode");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

Result<std::string> read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return read_whole(in, file);
}

// Of a manifest every key would be a mistake.
bool is_manifest(const YamlNode& node) { return node.find("apiVersion") && node.find("kind"); }

Config read(std::string_view yaml, Report& report) {
  Config config;
  const auto documents = parse_yaml(yaml);
  if (!documents) {
    YamlNode where;
    where.line = documents.error().line;
    where.column = documents.error().column;
    report.add(where, "", documents.error().sentence);
    return config;
  }
  if (!documents->empty() && is_manifest(documents->front())) {
    report.add(documents->front(), "",
               "this is a Kubernetes manifest: give the text under its data, as a file of its own");
    return config;
  }
  if (documents->size() > 1) report.add((*documents)[1], "", "a second document is one too many: remove the ---");
  if (!documents->empty()) read_section(config, documents->front(), "", report);
  if (!documents->empty()) report.about(&documents->front());
  check_whole(config, report);
  report.about(nullptr);
  return config;
}

}  // namespace

Result<Config> parse(std::string_view yaml, std::string_view file_name) {
  Report report(file_name);
  Config config = read(yaml, report);
  if (!report.empty()) return report.error();
  return config;
}

Result<std::string> read_text(const std::string& file) {
  return file == "-" ? read_whole(std::cin, "standard input") : read_file(file);
}

Config sound_part(std::string_view yaml, std::string_view source, const TextMap& environment) {
  Report told_already(source);
  Config config = read(yaml, told_already);
  (void)apply_environment(config, environment);  // all of it, or nothing
  return config;
}

Result<Config> load_text(std::string_view yaml, std::string_view source, const TextMap& environment) {
  Report report(source);
  Config config = read(yaml, report);
  if (!report.empty()) {
    // All mistakes at once, unless the instances are those of the environment.
    if (!environment.contains("HEADWIND_PLUGINS_INSTANCES")) {
      check_registry_plugins(config, report);
      check_webhooks(config, report);
      check_routes(config, report);
    }
    return report.error();
  }
  if (const auto applied = apply_environment(config, environment); !applied) return applied.error();
  return config;
}

Result<Config> load(const std::string& file, const TextMap& environment) {
  if (file.empty()) return load_text("", "", environment);
  const auto text = read_file(file);
  if (!text) return text.error();
  return load_text(*text, file, environment);
}

}  // namespace headwind::config
