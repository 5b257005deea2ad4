// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/text.hpp"

namespace headwind::config {
namespace {

constexpr std::size_t max_text = 1U << 20;
constexpr std::size_t max_nodes = 100'000;
constexpr int max_depth = 64;

// Thrown and caught within this file only: yaml-cpp reports by exception anyway.
struct Refused {
  YamlMistake mistake;
};

[[noreturn]] void refuse(const YAML::Mark& mark, std::string sentence) {
  // yaml-cpp counts from zero, and says -1 where it does not know.
  throw Refused{{std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1, std::move(sentence)}};
}

class Copier {
 public:
  YamlNode copy(const YAML::Node& from, int depth) {
    const YAML::Mark mark = from.Mark();
    if (depth > max_depth) refuse(mark, "is nested deeper than 64 levels");
    if (++nodes_ > max_nodes) refuse(mark, "the document has more than 100,000 values, aliases counted as used");
    YamlNode node;
    node.line = std::max(mark.line, 0) + 1;
    node.column = std::max(mark.column, 0) + 1;
    switch (from.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null: break;
      case YAML::NodeType::Scalar:
        node.kind = YamlNode::Kind::scalar;
        node.text = from.Scalar();
        node.quoted = from.Tag() == "!" || from.Tag() == "tag:yaml.org,2002:str";
        bytes_ += node.text.size();
        if (bytes_ > 4 * max_text) refuse(mark, "the document is larger than 4 MiB, aliases counted as used");
        break;
      case YAML::NodeType::Sequence:
        node.kind = YamlNode::Kind::sequence;
        for (const auto& item : from) node.items.push_back(copy(item, depth + 1));
        break;
      case YAML::NodeType::Map: copy_fields(from, node, depth); break;
    }
    return node;
  }

 private:
  void copy_fields(const YAML::Node& from, YamlNode& node, int depth) {
    node.kind = YamlNode::Kind::map;
    std::set<std::string> seen;
    for (const auto& field : from) {
      YamlNode key = copy(field.first, depth + 1);
      const YAML::Mark mark = field.first.Mark();
      if (key.kind != YamlNode::Kind::scalar) refuse(mark, "a key must be plain text");
      if (key.text == "<<" && !key.quoted) refuse(mark, "merge keys (<<) are not supported: write the keys out");
      if (!seen.insert(key.text).second) refuse(mark, "the key '" + printable(key.text, 64) + "' is written twice");
      node.fields.push_back({std::move(key), copy(field.second, depth + 1)});
    }
  }

  std::size_t nodes_ = 0, bytes_ = 0;
};

// The first control character that YAML has no use for; yaml-cpp would take one of them for the end of the text.
std::size_t control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) return i;
  }
  return std::string_view::npos;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : fields) {
    if (name.text == key) return &value;
  }
  return nullptr;
}

void throw_exception_from_error(const YamlMistake& mistake, const boost::source_location&) {
  throw std::logic_error(mistake.sentence);
}

YamlDocuments parse_yaml(std::string_view text) {
  if (text.size() > max_text) return YamlMistake{1, 1, "the text is longer than 1 MiB"};
  if (!is_valid_utf8(text)) return YamlMistake{1, 1, "the text is not UTF-8"};
  if (const auto at = control_character(text); at != std::string_view::npos) {
    const std::string_view before = text.substr(0, at);
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
    const auto start = before.rfind('\n');
    const auto column = static_cast<int>(start == std::string_view::npos ? at : at - start - 1) + 1;
    return YamlMistake{line, column, "a control character is not allowed in YAML"};
  }
  try {
    std::vector<YamlNode> documents;
    Copier copier;
    for (const auto& document : YAML::LoadAll(std::string(text))) documents.push_back(copier.copy(document, 0));
    return documents;
  } catch (const Refused& refused) {
    return refused.mistake;
  } catch (const YAML::Exception& failure) {
    return YamlMistake{std::max(failure.mark.line, 0) + 1, std::max(failure.mark.column, 0) + 1,
                       "is not YAML: " + failure.msg};
  }
}

}  // namespace headwind::config
