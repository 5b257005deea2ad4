// SPDX-License-Identifier: Apache-2.0
#include "config/report.hpp"

#include "core/text.hpp"

namespace headwind::config {
namespace {
constexpr std::size_t max_lines = 50;
}

void Report::add(const YamlNode& where, std::string_view path, std::string_view sentence) {
  add_at(place(where, path), sentence);
}

void Report::add(std::string_view name, std::string_view sentence) {
  const YamlNode* found = text_ == nullptr ? nullptr : &innermost(*text_, name);
  if (found != text_) return add(*found, name, sentence);
  add_line(source_ + ": " + printable(name, 256) + ": " + std::string(sentence));
}

std::string Report::place(const YamlNode& where, std::string_view path) const {
  const std::string at = source_ + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
  return path.empty() ? at : at + ": " + printable(path, 256);
}

void Report::add_at(std::string_view place, std::string_view sentence) {
  add_line(std::string(place) + ": " + std::string(sentence));
}

void Report::add_all(const Report& other) {
  for (const auto& line : other.lines_) add_line(line);
  more_ += other.more_;
}

void Report::add_line(std::string line) {
  if (lines_.size() < max_lines) {
    lines_.push_back(std::move(line));
  } else {
    ++more_;
  }
}

Error Report::error() const {
  std::string text;
  for (const auto& line : lines_) text += (text.empty() ? "" : "\n") + line;
  if (more_ > 0) text += "\n" + source_ + ": and " + std::to_string(more_) + " more";
  return make_error(Code::invalid, std::move(text));
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view near = nearest(word, known);
  return near.empty() ? std::string() : " (did you mean '" + std::string(near) + "'?)";
}

}  // namespace headwind::config
