// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_json.hpp"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "config/config.hpp"
#include "core/text.hpp"

namespace headwind::config {
namespace {

using Json = nlohmann::json;

template <class Integer>
std::optional<Integer> integer(std::string_view digits, int base) {
  Integer value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<Json> as_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string_view digits = negative || text.starts_with('+') ? text.substr(1) : text;
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  int base = 10;
  if (digits.starts_with("0x")) {
    base = 16;
  } else if (digits.starts_with("0o")) {
    base = 8;
  } else if (digits.size() > 1 && digits.front() == '0' && integer<std::uint64_t>(digits, 8)) {
    base = 8;  // "0644", as kubectl reads it
  }
  if (base != 10 && digits.size() > 1 && (digits[1] == 'x' || digits[1] == 'o')) digits.remove_prefix(2);
  if (!negative) {
    if (const auto value = integer<std::uint64_t>(digits, base)) return Json(*value);
    return std::nullopt;
  }
  if (const auto value = integer<std::int64_t>("-" + std::string(digits), base)) return Json(*value);
  return std::nullopt;
}

bool looks_like_float(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  bool digit = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digit = true;
    } else if (c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-') {
      return false;
    }
  }
  return digit && (text.front() == '.' || (text.front() >= '0' && text.front() <= '9'));
}

struct Converter {
  std::optional<YamlMistake> mistake;

  Json convert(const YamlNode& node) {
    switch (node.kind) {
      case YamlNode::Kind::null: return nullptr;
      case YamlNode::Kind::scalar: return node.quoted ? Json(node.text) : plain(node);
      case YamlNode::Kind::sequence: {
        Json array = Json::array();
        for (const auto& item : node.items) array.push_back(convert(item));
        return array;
      }
      case YamlNode::Kind::map: {
        Json object = Json::object();
        for (const auto& [key, value] : node.fields) object[key.text] = convert(value);
        return object;
      }
    }
    return nullptr;
  }

  Json plain(const YamlNode& node) {
    const std::string& text = node.text;
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    if (auto value = as_integer(text)) return *value;
    const std::string lower = to_lower(text);
    const std::string_view unsigned_text =
        lower.starts_with('-') || lower.starts_with('+') ? std::string_view(lower).substr(1) : std::string_view(lower);
    if (unsigned_text == ".inf" || unsigned_text == ".nan") return refuse(node);
    if (looks_like_float(text)) {
      double value = 0;
      const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
      const auto [end, problem] = std::from_chars(begin, text.data() + text.size(), value);
      if (end == text.data() + text.size()) {
        if (problem != std::errc() || !std::isfinite(value)) return refuse(node);
        return value;
      }
    }
    return text;
  }

  Json refuse(const YamlNode& node) {
    if (!mistake) mistake = YamlMistake{node.line, node.column, "is a number that JSON cannot hold: put it in quotes"};
    return nullptr;
  }
};

Error placed(const YamlMistake& mistake) {
  return make_error(Code::invalid, "line " + std::to_string(mistake.line) + ", column " +
                                       std::to_string(mistake.column) + ": " + mistake.sentence);
}

}  // namespace

boost::system::result<std::string, YamlMistake> to_json(const YamlNode& node) {
  Converter converter;
  const Json json = converter.convert(node);
  if (converter.mistake) return *converter.mistake;
  return json.dump();
}

Result<std::vector<std::string>> yaml_stream_to_json(std::string_view yaml) {
  const auto documents = parse_yaml(yaml);
  if (!documents) return placed(documents.error());
  std::vector<std::string> texts;
  for (const auto& document : *documents) {
    if (document.kind == YamlNode::Kind::null) continue;
    auto text = to_json(document);
    if (!text) return placed(text.error());
    texts.push_back(std::move(*text));
  }
  return texts;
}

Result<std::string> yaml_to_json(std::string_view yaml) {
  auto texts = yaml_stream_to_json(yaml);
  if (!texts) return texts.error();
  if (texts->size() > 1)
    return make_error(Code::invalid, "the text has more than one YAML document where one is meant");
  return texts->empty() ? std::string("null") : std::move(texts->front());
}

}  // namespace headwind::config
