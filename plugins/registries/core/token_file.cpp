// SPDX-License-Identifier: Apache-2.0
#include "registries/core/token_file.hpp"

#include <algorithm>
#include <fstream>

namespace headwind::registries {
namespace {

constexpr std::size_t max_token_file = 16 * 1024;

}  // namespace

Outcome<std::string> read_token_file(const std::string& path, std::string_view what) {
  const auto failed = [&](std::string_view why) {
    return Failure{HW_DENIED, "the token file " + path + " of " + std::string(what) + " " + std::string(why), 0};
  };
  std::ifstream file(path, std::ios::binary);
  if (!file) return failed("cannot be opened: mount it, or correct the path");
  std::string text(max_token_file + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > max_token_file) return failed("is longer than a token");
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return failed("is empty");
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
  if (!printable) return failed("does not hold a token: it has spaces or control characters");
  return text;
}

}  // namespace headwind::registries
