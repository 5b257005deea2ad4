// SPDX-License-Identifier: Apache-2.0
#include "cli/kubectl_print.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/clock.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string as_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

// Whether YAML reads the word as just that string. What is in doubt is quoted, as JSON: that is YAML, too.
bool is_plain(const std::string& text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view others = "0123456789-_./";
  if (text.empty() || letters.find(text.front()) == std::string_view::npos) return false;
  for (const char c : text)
    if (letters.find(c) == std::string_view::npos && others.find(c) == std::string_view::npos) return false;
  const std::string lower = to_lower(text);
  for (const char* word : {"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
    if (lower == word) return false;
  return true;
}

std::string scalar(const Json& value) {
  if (value.is_string() && is_plain(value.get<std::string>())) return value.get<std::string>();
  return as_json(value);
}

bool is_block(const Json& value) { return value.is_structured() && !value.empty(); }

void write(const Json& value, std::size_t indent, std::string& out);

void write_item(const Json& item, std::size_t indent, std::string& out) {
  if (!is_block(item)) {
    out += "- " + scalar(item) + "\n";
    return;
  }
  std::string block;
  write(item, indent + 2, block);
  out += "- " + block.substr(indent + 2);  // the first line stands behind the dash
}

void write(const Json& value, std::size_t indent, std::string& out) {
  const std::string space(indent, ' ');
  if (value.is_array()) {
    for (const Json& item : value) {
      out += space;
      write_item(item, indent, out);
    }
    return;
  }
  for (const auto& [key, child] : value.items()) {
    out += space + (is_plain(key) ? key : as_json(Json(key))) + ":";
    if (!is_block(child)) {
      out += " " + scalar(child) + "\n";
    } else {
      out += "\n";
      write(child, child.is_array() ? indent : indent + 2, out);
    }
  }
}

}  // namespace

std::string yaml_of(const Json& document) {
  if (!is_block(document)) return scalar(document) + "\n";
  std::string out;
  write(document, 0, out);
  return out;
}

bool print_document(const Json& document, const std::string& output) {
  if (output == "json")
    std::puts(document.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  else if (output == "yaml")
    std::fputs(yaml_of(document).c_str(), stdout);
  else
    return false;
  return true;
}

std::string text_at(const Json& document, const std::string& pointer) {
  const Json::json_pointer at(pointer);
  if (!document.is_structured() || !document.contains(at)) return {};
  const Json& value = document.at(at);
  return value.is_string() ? printable(value.get<std::string>()) : value.is_null() ? std::string() : as_json(value);
}

std::string age_of(const std::string& moment) {
  const Result<std::int64_t> then = parse_rfc3339(moment);
  if (!then) return "-";
  const std::int64_t seconds = std::max<std::int64_t>(0, system_clock().unix_ms() - *then) / 1000;
  if (seconds < 120) return std::to_string(seconds) + "s";
  if (seconds < 7200) return std::to_string(seconds / 60) + "m";
  if (seconds < 172'800) return std::to_string(seconds / 3600) + "h";
  return std::to_string(seconds / 86'400) + "d";
}

}  // namespace headwind::cli
