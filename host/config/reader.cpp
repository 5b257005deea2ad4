// SPDX-License-Identifier: Apache-2.0
#include "config/reader.hpp"

#include <algorithm>

namespace headwind::config {

bool is_list(const YamlNode& node, std::string_view path, Report& report) {
  if (node.kind == YamlNode::Kind::scalar || node.kind == YamlNode::Kind::map) report.add(node, path, "must be a list");
  return node.kind == YamlNode::Kind::sequence;
}

std::string item_path(std::string_view path, std::size_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

const std::string* scalar(const YamlNode& node, std::string_view path, Report& report) {
  switch (node.kind) {
    case YamlNode::Kind::scalar: return &node.text;
    case YamlNode::Kind::null: report.add(node, path, "has no value: give it one or take the key away"); break;
    case YamlNode::Kind::sequence: report.add(node, path, "must be one value, not a list"); break;
    case YamlNode::Kind::map: report.add(node, path, "must be one value, not a map"); break;
  }
  return nullptr;
}

MapReader::MapReader(const YamlNode& node, std::string_view path, Report& report)
    : node_(node), path_(path), report_(report) {
  if (node.kind == YamlNode::Kind::scalar || node.kind == YamlNode::Kind::sequence) {
    report.add(node, path, "must be a map of keys and values");
  }
}

std::string MapReader::below(std::string_view name) const { return path_ + "." + std::string(name); }

void MapReader::node(std::string_view name, const std::function<void(const YamlNode&, const std::string&)>& read) {
  asked_.push_back(name);
  if (const YamlNode* value = node_.find(name)) read(*value, below(name));
}

void MapReader::text(std::string_view name, const std::function<Problem(std::string_view)>& set) {
  node(name, [&](const YamlNode& value, const std::string& path) {
    const std::string* text = scalar(value, path, report_);
    if (!text) return;
    if (const auto problem = set(*text)) report_.add(value, path, *problem);
  });
}

void MapReader::text(std::string_view name, std::string& out) {
  text(name, [&out](std::string_view value) -> Problem {
    out = value;
    return {};
  });
}

void MapReader::boolean(std::string_view name, bool& out) {
  text(name, [&out](std::string_view value) { return read_bool(value, out); });
}

void MapReader::secret(std::string_view name, SecretReference& out) {
  node(name, [&](const YamlNode& value, const std::string& path) {
    if (value.kind != YamlNode::Kind::map) {
      // Never the value: someone may have written the secret itself here.
      report_.add(value, path, "must be a reference to a secret, {file: PATH} or {environment: NAME}, not the secret");
      return;
    }
    MapReader fields(value, path, report_);
    out.field = path;
    fields.text("file", out.file);
    fields.text("environment", out.environment);
    fields.refuse_others();
    if (out.file.empty() == out.environment.empty()) fields.mistake("needs either file or environment, not both");
  });
}

void MapReader::each(const std::function<void(const std::string&, const YamlNode&, const std::string&)>& read) {
  for (const auto& [key, value] : node_.fields) {
    asked_.push_back(key.text);
    read(key.text, value, below(key.text));
  }
}

void MapReader::refuse_others() {
  for (const auto& [key, value] : node_.fields) {
    if (std::find(asked_.begin(), asked_.end(), key.text) != asked_.end()) continue;
    report_.add(key, below(key.text), "is not a key of Headwind" + did_you_mean(key.text, asked_));
  }
}

}  // namespace headwind::config
