// SPDX-License-Identifier: Apache-2.0
// Readers and checks of single values. A Problem is a sentence about the value, fit to follow "<path>: ".
#pragma once
#include <charconv>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace headwind::config {

using Problem = std::optional<std::string>;

Problem read_bool(std::string_view value, bool& out);  // true or false, as 0.1.x
Problem read_seconds(std::string_view value, std::chrono::seconds& out);
// At least 10 s: what is asked more often than that is an attack on the registry.
Problem read_polling_interval(std::string_view value, std::chrono::seconds& out);
template <class Number>
Problem read_number(std::string_view value, std::uint32_t least, std::uint32_t most, Number& out) {
  std::uint32_t number = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (problem != std::errc() || end != value.data() + value.size() || number < least || number > most) {
    return "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  }
  out = static_cast<Number>(number);
  return {};
}

// "'blue' is unknown: use auto, token or none"
std::string one_of(std::string_view value, std::initializer_list<std::string_view> allowed);
// http:// or https://, a host, no user and password (they would end in logs).
Problem check_http_url(std::string_view value);
bool is_dns_label(std::string_view value);      // RFC 1123 label
bool is_ip_address(std::string_view value);     // v4 or v6
bool is_registry_host(std::string_view value);  // "docker.io", "registry.example.com:5000", "[::1]:5000"
bool is_instance_name(std::string_view value);  // [a-z0-9] and '-', '.', '_' inside; at most 63
bool is_plugin_id(std::string_view value);      // dotted lower-case name
bool is_platform(std::string_view value);       // "linux/amd64", "linux/arm/v7"
bool is_identifier(std::string_view value);     // [A-Za-z_][A-Za-z0-9_.-]*

}  // namespace headwind::config
