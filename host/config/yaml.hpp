// SPDX-License-Identifier: Apache-2.0
// A YAML document as a bounded tree of our own: text stays text, each node knows where it was written.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace headwind::config {

struct YamlField;

struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, sequence, map };
  Kind kind = Kind::null;
  bool quoted = false;  // a scalar in quotes or a block: a string, whatever it looks like
  int line = 1, column = 1;
  std::string text;               // scalar
  std::vector<YamlNode> items;    // sequence
  std::vector<YamlField> fields;  // map: scalar keys, each once

  const YamlNode* find(std::string_view key) const;  // of a map; nullptr where absent
};

struct YamlField {
  YamlNode key, value;
};

struct YamlMistake {
  int line = 1, column = 1;
  std::string sentence;
};

// boost::system::result with our own error type: a mistake has a place.
using YamlDocuments = boost::system::result<std::vector<YamlNode>, YamlMistake>;

// Refuses: more than 1 MiB, text that is not UTF-8, control characters, nesting beyond 64, more than 100,000 nodes
// with aliases counted as often as they are used, a key written twice, a key that is not plain text, merge keys.
YamlDocuments parse_yaml(std::string_view text);

[[noreturn]] void throw_exception_from_error(const YamlMistake& mistake, const boost::source_location& where);

}  // namespace headwind::config
