// SPDX-License-Identifier: Apache-2.0
#include "cli/platform.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "core/text.hpp"

namespace headwind::cli {
namespace {

struct Platform {
  std::string_view system, architecture;
  std::string_view variant;
};

Platform parts_of(std::string_view text) {
  const auto parts = split(text, '/');
  Platform platform;
  platform.system = parts[0];
  if (parts.size() > 1) platform.architecture = parts[1];
  if (parts.size() > 2) platform.variant = parts[2];
  if (!platform.variant.empty()) return platform;
  if (platform.architecture == "arm64") platform.variant = "v8";
  if (platform.architecture == "arm") platform.variant = "v7";
  if (platform.architecture == "amd64") platform.variant = "v1";
  return platform;
}

// 7 of "v7", 0 of anything else.
int grade(std::string_view variant) {
  int number = 0;
  if (variant.starts_with('v')) std::from_chars(variant.data() + 1, variant.data() + variant.size(), number);
  return number;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  });
}

}  // namespace

bool is_platform(std::string_view text) {
  const auto parts = split(text, '/');
  return (parts.size() == 2 || parts.size() == 3) && std::all_of(parts.begin(), parts.end(), is_word);
}

bool runs_on(std::string_view image, std::string_view node) {
  const Platform offered = parts_of(image), wanted = parts_of(node);
  if (offered.system != wanted.system || offered.architecture != wanted.architecture) return false;
  if (offered.variant == wanted.variant) return true;
  return grade(offered.variant) > 0 && grade(offered.variant) <= grade(wanted.variant);
}

}  // namespace headwind::cli
