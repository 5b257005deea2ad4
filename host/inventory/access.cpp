// SPDX-License-Identifier: Apache-2.0
#include "inventory/access.hpp"

#include "core/text.hpp"

namespace headwind::inventory {
namespace {

// A name in a pod template is checked by nobody until it is used.
bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string_view::npos;
}

}  // namespace

std::string Access::text() const {
  std::string out = name_space + "/" + (is_name(service_account) ? service_account : std::string("default")) + "/";
  bool first = true;
  for (const std::string& secret : secrets) {
    if (!is_name(secret)) continue;
    out += (first ? "" : ",") + secret;
    first = false;
  }
  if (chart_repository.empty()) return out;
  const auto slash = chart_secret.find('/');
  const bool named =
      slash != std::string::npos && is_name(chart_secret.substr(0, slash)) && is_name(chart_secret.substr(slash + 1));
  return out + "/" + (named ? chart_secret : std::string("/")) + "/" + chart_repository;
}

Access Access::of(std::string_view text) {
  Access access;
  const auto parts = split(text, '/');
  if (parts.size() != 3 && parts.size() < 7) return access;
  access.name_space = parts[0];
  access.service_account = parts[1];
  if (!parts[2].empty())
    for (const std::string_view secret : split(parts[2], ',')) access.secrets.emplace_back(secret);
  if (parts.size() == 3) return access;
  if (!parts[4].empty()) access.chart_secret = std::string(parts[3]) + "/" + std::string(parts[4]);
  std::size_t at = 0;
  for (int skipped = 0; skipped < 5; ++skipped) at = text.find('/', at) + 1;
  access.chart_repository = text.substr(at);
  return access;
}

}  // namespace headwind::inventory
