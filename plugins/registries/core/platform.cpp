// SPDX-License-Identifier: Apache-2.0
#include "registries/core/platform.hpp"

#include <algorithm>

namespace headwind::registries {
namespace {

constexpr std::size_t longest_word = 64;

// Lower case; empty where it holds what no platform's name does.
std::string word(std::string_view text) {
  if (text.size() > longest_word) return {};
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    if (!fits) return {};
  }
  return out;
}

// 7 of "v7"; 0 where there is none.
int level(const std::string& variant) {
  if (variant.size() != 2 || variant[0] != 'v' || variant[1] < '0' || variant[1] > '9') return 0;
  return variant[1] - '0';
}

}  // namespace

std::string Platform::text() const { return os + "/" + architecture + (variant.empty() ? "" : "/" + variant); }

bool Platform::is_known() const {
  return !os.empty() && !architecture.empty() && os != "unknown" && architecture != "unknown";
}

Platform normalised(std::string_view os, std::string_view architecture, std::string_view variant) {
  Platform out{word(os), word(architecture), word(variant)};
  std::string& arch = out.architecture;
  std::string& v = out.variant;
  if (out.os == "macos") out.os = "darwin";
  if (v.size() == 1 && v[0] >= '5' && v[0] <= '9') v.insert(0, "v");
  if (arch == "i386") {
    arch = "386";
    v.clear();
  } else if (arch == "x86_64" || arch == "x86-64" || arch == "amd64") {
    arch = "amd64";
    if (v == "v1") v.clear();
  } else if (arch == "aarch64" || arch == "arm64") {
    arch = "arm64";
    if (v == "v8") v.clear();
  } else if (arch == "armhf") {
    arch = "arm";
    v = "v7";
  } else if (arch == "armel") {
    arch = "arm";
    v = "v6";
  } else if (arch == "arm" && v.empty()) {
    v = "v7";
  }
  return out;
}

std::optional<Platform> parse_platform(std::string_view text) {
  const auto first = text.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find('/', first + 1);
  const auto architecture = text.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
  const auto variant = second == std::string_view::npos ? std::string_view() : text.substr(second + 1);
  auto out = normalised(text.substr(0, first), architecture, variant);
  const bool whole = out.is_known() && variant.find('/') == std::string_view::npos &&
                     (second == std::string_view::npos || !word(variant).empty());
  if (!whole) return std::nullopt;
  return out;
}

int fitness(const Platform& node, const Platform& image) {
  constexpr int exact = 100;
  if (node.os != image.os || node.architecture != image.architecture) return 0;
  if (node.variant == image.variant) return exact;
  const bool graded = node.architecture == "arm" || node.architecture == "arm64" || node.architecture == "amd64";
  if (!graded) return 0;
  // What amd64 and arm64 leave out is their first.
  const int base = node.architecture == "arm64" ? 8 : node.architecture == "amd64" ? 1 : 7;
  const int has = node.variant.empty() ? base : level(node.variant);
  const int wants = image.variant.empty() ? base : level(image.variant);
  return has > 0 && wants > 0 && wants <= has ? wants : 0;
}

}  // namespace headwind::registries
