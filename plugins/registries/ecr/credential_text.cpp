// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/credential_text.hpp"

#include <algorithm>

#include "registries/core/json_text.hpp"
#include "registries/core/push.hpp"

namespace headwind::registries::ecr {
namespace {

constexpr std::size_t max_text = 64 * 1024;

// The keys where they are usable and the time is one, or there is none.
std::optional<Keys> checked(Keys keys, const std::string& expiration) {
  if (!expiration.empty()) {
    const auto time = parse_time(expiration);
    if (!time) return std::nullopt;
    keys.expires_unix_ms = *time;
  }
  if (!is_usable(keys)) return std::nullopt;
  return keys;
}

// What lies between <name ...> and </name>; empty where either is missing. The elements that are read here never
// hold another of their own name.
std::string_view inside(std::string_view xml, std::string_view name) {
  for (auto at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    auto rest = xml.substr(at + 1);
    if (!rest.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    if (rest.empty() || std::string_view("> \t\r\n").find(rest.front()) == std::string_view::npos) continue;
    const auto open = rest.find('>');
    if (open == std::string_view::npos) return {};
    rest.remove_prefix(open + 1);
    const auto close = rest.find("</" + std::string(name) + ">");
    return close == std::string_view::npos ? std::string_view() : rest.substr(0, close);
  }
  return {};
}

// An element without children. No entities: base64 and times need none.
std::string text_of(std::string_view xml, std::string_view name) {
  const auto text = inside(xml, name);
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text.find_first_of("<&") != std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

}  // namespace

std::optional<Keys> read_keys_json(std::string_view text) {
  if (text.size() > max_text) return std::nullopt;
  const auto object = parse_json(text);
  return checked({text_at(object, "AccessKeyId"), text_at(object, "SecretAccessKey"), text_at(object, "Token")},
                 text_at(object, "Expiration"));
}

std::optional<Keys> read_keys_xml(std::string_view text) {
  if (text.size() > max_text) return std::nullopt;
  const auto credentials = inside(
      inside(inside(text, "AssumeRoleWithWebIdentityResponse"), "AssumeRoleWithWebIdentityResult"), "Credentials");
  return checked({text_of(credentials, "AccessKeyId"), text_of(credentials, "SecretAccessKey"),
                  text_of(credentials, "SessionToken")},
                 text_of(credentials, "Expiration"));
}

std::string read_error_xml(std::string_view text) {
  if (text.size() > max_text) return {};
  auto code = text_of(inside(text, "Error"), "Code");
  return is_error_name(code) ? code : std::string();
}

bool is_error_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace headwind::registries::ecr
