// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "core/text.hpp"

namespace headwind::config {
namespace {

constexpr std::size_t max_text = 1U << 20;
constexpr std::size_t max_nodes = 100'000;
constexpr std::size_t max_bytes = 4 * max_text;
constexpr int max_depth = 64;

// Thrown and caught within this file only: yaml-cpp reports by exception anyway.
struct Refused {
  YamlMistake mistake;
};

YamlMistake mistake_at(const YAML::Mark& mark, std::string sentence) {
  // yaml-cpp counts from zero, and says -1 where it does not know.
  return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1, std::move(sentence)};
}

[[noreturn]] void refuse(const YAML::Mark& mark, std::string sentence) {
  throw Refused{mistake_at(mark, std::move(sentence))};
}

struct Size {
  std::size_t nodes = 0, bytes = 0;
  int depth = 0;
};

Size size_of(const YamlNode& node) {
  Size total{1, node.text.size(), 1};
  const auto add = [&total](const YamlNode& child) {
    const Size size = size_of(child);
    total = {total.nodes + size.nodes, total.bytes + size.bytes, std::max(total.depth, size.depth + 1)};
  };
  for (const auto& item : node.items) add(item);
  for (const auto& [key, value] : node.fields) {
    add(key);
    add(value);
  }
  return total;
}

// Builds our tree from the parser's events, so that a document is refused as soon as it grows too large.
class Builder : public YAML::EventHandler {
 public:
  YAML::Mark start;
  YamlNode root;

  void OnDocumentStart(const YAML::Mark& mark) override { start = mark; }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { place(mark, node_at(mark, {}), anchor); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto named = anchors_.find(anchor);
    if (named == anchors_.end()) refuse(mark, "an alias must not stand within the value that it names");
    const Size size = size_of(named->second);
    count(mark, size.nodes, size.bytes);
    check_depth(mark, size.depth - 1);
    place(mark, named->second, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = node_at(mark, YamlNode::Kind::scalar);
    count(mark, 0, value.size());
    // yaml-cpp turns the escapes \_ and \N into one byte that is no character.
    if (!is_valid_utf8(value)) refuse(mark, "an escape in the text gives no UTF-8: write the character itself");
    node.text = value;
    node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    place(mark, std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, YamlNode::Kind::sequence, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, YamlNode::Kind::map, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    YAML::Mark mark;
    bool has_key = false;
    YamlNode key;
    std::set<std::string> seen;
  };

  YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) {
    check_depth(mark, 0);
    count(mark, 1, 0);
    YamlNode node;
    node.kind = kind;
    node.line = std::max(mark.line, 0) + 1;
    node.column = std::max(mark.column, 0) + 1;
    return node;
  }

  void check_depth(const YAML::Mark& mark, int more) const {
    if (static_cast<int>(open_.size()) + more > max_depth) refuse(mark, "is nested deeper than 64 levels");
  }

  void count(const YAML::Mark& mark, std::size_t nodes, std::size_t bytes) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > max_nodes) refuse(mark, "the document has more than 100,000 values, aliases counted as used");
    if (bytes_ > max_bytes) refuse(mark, "the document is larger than 4 MiB, aliases counted as used");
  }

  void open(const YAML::Mark& mark, YamlNode::Kind kind, YAML::anchor_t anchor) {
    YamlNode node = node_at(mark, kind);
    open_.push_back({std::move(node), anchor, mark, false, {}, {}});
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    place(closed.mark, std::move(closed.node), closed.anchor);
  }

  void place(const YAML::Mark& mark, YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) {
      const Size size = size_of(node);
      count(mark, size.nodes, size.bytes);  // a copy is kept
      anchors_[anchor] = node;
    }
    if (open_.empty()) {
      root = std::move(node);
    } else if (Open& parent = open_.back(); parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      check_key(parent, mark, node);
      parent.key = std::move(node);
      parent.has_key = true;
    } else {
      parent.node.fields.push_back({std::move(parent.key), std::move(node)});
      parent.has_key = false;
    }
  }

  static void check_key(Open& parent, const YAML::Mark& mark, const YamlNode& key) {
    if (key.kind != YamlNode::Kind::scalar) refuse(mark, "a key must be plain text");
    if (key.text == "<<" && !key.quoted) refuse(mark, "merge keys (<<) are not supported: write the keys out");
    if (!parent.seen.insert(key.text).second) {
      refuse(mark, "the key '" + printable(key.text, 64) + "' is written twice");
    }
  }

  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
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

std::vector<YamlNode> read_documents(std::string_view text) {
  std::istringstream in{std::string(text)};
  YAML::Parser parser(in);
  std::vector<YamlNode> documents;
  int last_start = -1;
  for (;;) {
    Builder builder;
    if (!parser.HandleNextDocument(builder)) return documents;
    // A stray ',' or ']' between documents makes yaml-cpp hand out empty documents for ever, all from one place.
    if (builder.start.pos == last_start) refuse(builder.start, "is not YAML: a character stands where no value begins");
    last_start = builder.start.pos;
    documents.push_back(std::move(builder.root));
  }
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
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    const auto start = before.rfind('\n');
    const auto column = static_cast<int>(start == std::string_view::npos ? at : at - start - 1);
    return YamlMistake{line + 1, column + 1, "a control character is not allowed in YAML"};
  }
  try {
    return read_documents(text);
  } catch (const Refused& refused) {
    return refused.mistake;
  } catch (const YAML::Exception& failure) {
    return mistake_at(failure.mark, "is not YAML: " + failure.msg);
  }
}

}  // namespace headwind::config
