// SPDX-License-Identifier: Apache-2.0
#include "plugin/blot.hpp"

#include <algorithm>
#include <functional>

#include "core/text.hpp"

namespace headwind::plugin {
namespace {

constexpr std::string_view kBlot = "***";
constexpr std::size_t kShortestSecret = 4;

}  // namespace

void blot_out(std::string& text, std::string_view secret) {
  if (secret.size() < kShortestSecret) return;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kBlot.size()))
    text.replace(at, secret.size(), kBlot);
}

Blot::Blot(const std::map<std::string, std::string>& secrets) {
  for (const auto& [name, value] : secrets) values_.emplace_back(trim(value));
  std::ranges::sort(values_, std::greater(), &std::string::size);
}

std::string Blot::clean(std::string_view text) const {
  std::string out(text);
  for (const std::string& value : values_) blot_out(out, value);
  return out;
}

}  // namespace headwind::plugin
