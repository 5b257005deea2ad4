// SPDX-License-Identifier: Apache-2.0
#include "cli/tag_file.hpp"

#include <fstream>
#include <iostream>
#include <set>

#include "core/text.hpp"

namespace headwind::cli {
namespace {

constexpr std::size_t max_bytes = 32U << 20, max_tag = 128;  // as the distribution API limits a tag

Result<std::string> read_all(std::istream& in, const std::string& name) {
  std::string text;
  std::string piece(1U << 16, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    text.append(piece, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_bytes) return make_error(Code::invalid, name + " is longer than 32 MiB");
  }
  if (in.bad()) return make_error(Code::invalid, name + " cannot be read");
  return text;
}

}  // namespace

Result<std::string> read_input(const std::string& file, const std::string& what) {
  if (file == "-") return read_all(std::cin, "standard input");
  std::ifstream in(file, std::ios::binary);
  if (!in) return make_error(Code::not_found, what + " " + printable(file, 500) + " cannot be opened");
  return read_all(in, file);
}

Result<std::vector<std::string>> read_tags(const std::string& file) {
  const std::string name = file == "-" ? "standard input" : file;
  Result<std::string> text = read_input(file, "the file of tags");
  if (!text) return text.error();
  std::vector<std::string> tags;
  std::set<std::string> seen;
  std::size_t number = 0;
  for (const std::string_view line : split(*text, '\n')) {
    ++number;
    const std::string_view tag = trim(line);
    if (tag.empty()) continue;
    if (tag.size() > max_tag || printable(tag) != tag) {
      return make_error(Code::invalid, "line " + std::to_string(number) + " of " + name + " is no tag");
    }
    if (seen.insert(std::string(tag)).second) tags.emplace_back(tag);  // a repeated one counts once
  }
  return tags;
}

}  // namespace headwind::cli
