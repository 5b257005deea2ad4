// SPDX-License-Identifier: Apache-2.0
// Collects the mistakes of one source, so that a reader sees all of them at once.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml.hpp"
#include "core/result.hpp"

namespace headwind::config {

class Report {
 public:
  explicit Report(std::string_view source) : source_(source) {}

  // "<source>:<line>:<column>: <path>: <sentence>"
  void add(const YamlNode& where, std::string_view path, std::string_view sentence);
  // "<source>: <name>: <sentence>", for sources without lines; as above where a text is known that has some of `name`
  void add(std::string_view name, std::string_view sentence);

  // "<source>:<line>:<column>: <path>", for a mistake that shows only later; then add_at(place, sentence)
  std::string place(const YamlNode& where, std::string_view path) const;
  void add_at(std::string_view place, std::string_view sentence);

  // The text that names are looked up in, while it lives; null: none.
  void about(const YamlNode* text) { text_ = text; }

  void add_all(const Report& other);

  bool empty() const { return lines_.empty(); }
  Error error() const;  // Code::invalid, one line per mistake

 private:
  void add_line(std::string line);

  std::string source_;
  const YamlNode* text_ = nullptr;
  std::vector<std::string> lines_;
  std::size_t more_ = 0;
};

// The innermost node that `text` has of a field such as "registries.r.example.com.password.file": of a field that it
// has not, whom it would be a field of. Names may hold dots: the longest that fits is meant.
const YamlNode& innermost(const YamlNode& text, std::string_view field);

// " (did you mean 'x'?)", or empty where nothing known is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace headwind::config
