// SPDX-License-Identifier: Apache-2.0
#include "config/structures.hpp"

#include <algorithm>

#include "config/duration.hpp"
#include "config/reader.hpp"
#include "config/values.hpp"
#include "config/yaml_json.hpp"

namespace headwind::config {
namespace {

Plugin read_instance(const YamlNode& node, const std::string& path, Report& report) {
  Plugin instance;
  instance.settings = "{}";
  instance.place.at = report.place(node, path);
  MapReader fields(node, path, report);
  fields.text("name", [&](std::string_view value) -> Problem {
    if (!is_instance_name(value)) return "must be a short name of lower-case letters, digits, '-', '.' and '_'";
    instance.name = value;
    return {};
  });
  fields.text("plugin", [&](std::string_view value) -> Problem {
    if (!is_plugin_id(value)) return "must be the id of a plugin, such as headwind.notifier.slack";
    instance.plugin = value;
    return {};
  });
  fields.node("settings", [&](const YamlNode& value, const std::string& at) {
    if (value.kind == YamlNode::Kind::null) return;
    if (value.kind != YamlNode::Kind::map) return report.add(value, at, "must be a map of keys and values");
    auto json = to_json(value);
    if (!json) {
      YamlNode where;
      where.line = json.error().line;
      where.column = json.error().column;
      return report.add(where, at, json.error().sentence);
    }
    instance.settings = std::move(*json);
  });
  fields.node("secrets", [&](const YamlNode& value, const std::string& at) {
    MapReader secrets(value, at, report);
    for (const auto& [key, reference] : value.fields) {
      if (!is_identifier(key.text)) report.add(key, at, "a secret's name is made of letters, digits, '-', '.' and '_'");
      secrets.secret(key.text, instance.secrets[key.text]);
    }
  });
  fields.node("deadlines", [&](const YamlNode& value, const std::string& at) {
    MapReader deadlines(value, at, report);
    for (const auto& [key, unused] : value.fields) {
      deadlines.text(key.text, [&, name = key.text](std::string_view text) -> Problem {
        const auto duration = parse_duration(text);
        if (!duration) return duration.error().message;
        if (duration->count() == 0) return "must be longer than nothing";
        instance.deadlines[name] = *duration;
        return {};
      });
    }
  });
  fields.refuse_others();
  if (!node.find("name")) fields.mistake("needs a name");
  if (!node.find("plugin")) fields.mistake("needs a plugin, such as headwind.notifier.slack");
  return instance;
}

}  // namespace

void read_aliases(Config& config, const YamlNode& node, std::string_view path, Report& report) {
  config.registry_aliases.clear();
  MapReader(node, path, report).each([&](const std::string& from, const YamlNode& value, const std::string& at) {
    const std::string* to = scalar(value, at, report);
    if (!to) return;
    if (!is_registry_host(from) || !is_registry_host(*to)) {
      return report.add(value, at, "must map a registry host to a registry host, such as registry.example.com:5000");
    }
    config.registry_aliases[from] = *to;
  });
}

void read_directories(Config& config, const YamlNode& node, std::string_view path, Report& report) {
  config.plugin_directories.clear();
  if (!is_list(node, path, report)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string* directory = scalar(node.items[i], item_path(path, i), report);
    if (directory) config.plugin_directories.push_back(*directory);
  }
}

void read_source_namespaces(Config& config, const YamlNode& node, std::string_view path, Report& report) {
  config.chart_source_namespaces.clear();
  if (!is_list(node, path, report)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string* name = scalar(node.items[i], item_path(path, i), report);
    if (!name) continue;
    if (is_dns_label(*name))
      config.chart_source_namespaces.push_back(*name);
    else
      report.add(node.items[i], item_path(path, i), "must be the name of a namespace, such as flux-system");
  }
}

void read_platforms(Config& config, const YamlNode& node, std::string_view path, Report& report) {
  config.platforms.clear();
  if (!is_list(node, path, report)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string* platform = scalar(node.items[i], item_path(path, i), report);
    if (!platform) continue;
    if (is_platform(*platform))
      config.platforms.push_back(*platform);
    else
      report.add(node.items[i], item_path(path, i), "must be a platform, such as linux/amd64 or linux/arm/v7");
  }
}

void read_instances(Config& config, const YamlNode& node, std::string_view path, Report& report) {
  config.plugins.clear();
  if (!is_list(node, path, report)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    Plugin instance = read_instance(node.items[i], item_path(path, i), report);
    const bool taken = std::any_of(config.plugins.begin(), config.plugins.end(), [&](const Plugin& other) {
      return !other.name.empty() && other.name == instance.name;
    });
    if (taken) report.add(node.items[i], item_path(path, i), "the name '" + instance.name + "' is already taken");
    config.plugins.push_back(std::move(instance));
  }
}

}  // namespace headwind::config
