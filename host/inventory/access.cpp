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
  return out;
}

Access Access::of(std::string_view text) {
  Access access;
  const auto parts = split(text, '/');
  if (parts.size() != 3) return access;
  access.name_space = parts[0];
  access.service_account = parts[1];
  if (!parts[2].empty())
    for (const std::string_view secret : split(parts[2], ',')) access.secrets.emplace_back(secret);
  return access;
}

}  // namespace headwind::inventory
