// SPDX-License-Identifier: Apache-2.0
#include "update/naming.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/text.hpp"

namespace headwind::update {
namespace {

constexpr std::size_t longest_name = 253;

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }
bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// RFC 1123 subdomain, as the API server checks it.
bool is_valid_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name) return false;
  for (const auto label : split(name, '.'))
    if (label.empty() || !is_alnum(label.front()) || !is_alnum(label.back())) return false;
  return std::all_of(name.begin(), name.end(), is_name_character);
}

std::string replaced(std::string_view text, std::string_view characters) {
  std::string result(text);
  std::replace_if(
      result.begin(), result.end(), [&](char c) { return characters.find(c) != std::string_view::npos; }, '-');
  return result;
}

}  // namespace

std::string request_identity(std::string_view target_uid, std::string_view slot, std::string_view new_image,
                             std::string_view digest) {
  std::string text;
  for (const auto part : {target_uid, slot, new_image, digest}) text.append(part).push_back('\n');
  return sha256_hex(text).substr(0, 32);
}

std::string request_name(const inventory::WorkloadKey& target, std::string_view container, std::string_view tag,
                         std::string_view identity, bool collided) {
  std::string name;
  if (target.kind == "Deployment")
    name = target.name + "-" + std::string(container) + "-" + replaced(tag, ".:");
  else
    name = to_lower(target.name + "-" + replaced(tag, ":./"));
  if (!collided && is_valid_name(name)) return name;

  std::string safe = to_lower(name);
  std::replace_if(safe.begin(), safe.end(), [](char c) { return !is_alnum(c); }, '-');
  const std::string suffix = "-" + std::string(identity.substr(0, 10));
  safe.resize(std::min(safe.size(), longest_name - suffix.size()));
  while (!safe.empty() && safe.front() == '-') safe.erase(0, 1);
  return safe + suffix;
}

}  // namespace headwind::update
