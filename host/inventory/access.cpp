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
  const std::string& any = chart_secret.empty() ? chart_certificates : chart_secret;
  const std::string source = any.substr(0, any.find('/'));
  // Both are in the namespace of the chart's source.
  const auto name_of = [&](const std::string& secret) {
    const auto name = secret.starts_with(source + "/") ? secret.substr(source.size() + 1) : std::string();
    return is_name(source) && is_name(name) ? name : std::string();
  };
  const std::string secret = name_of(chart_secret), certificates = name_of(chart_certificates);
  if (secret.empty() && certificates.empty())
    return out + "//" + (is_name(chart_identity) ? ",," + chart_identity : std::string()) + "/" + chart_repository;
  return out + "/" + source + "/" + secret + (certificates.empty() ? "" : "," + certificates) + "/" + chart_repository;
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
  const auto names = split(parts[4], ',');
  const std::string_view secret = names.empty() ? std::string_view() : names[0];
  const std::string_view certificates = names.size() > 1 ? names[1] : std::string_view();
  if (names.size() > 2) access.chart_identity = names[2];
  if (!secret.empty()) access.chart_secret = std::string(parts[3]) + "/" + std::string(secret);
  if (!certificates.empty()) access.chart_certificates = std::string(parts[3]) + "/" + std::string(certificates);
  std::size_t at = 0;
  for (int skipped = 0; skipped < 5; ++skipped) at = text.find('/', at) + 1;
  access.chart_repository = text.substr(at);
  return access;
}

}  // namespace headwind::inventory
