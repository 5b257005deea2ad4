// SPDX-License-Identifier: Apache-2.0
#include "config/values.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "config/duration.hpp"
#include "core/text.hpp"

namespace headwind::config {
namespace {

bool is_lower_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alphanumeric(char c) { return is_lower_alphanumeric(c) || (c >= 'A' && c <= 'Z'); }

// Lower-case letters and digits, with `inner` allowed between them.
bool is_name(std::string_view value, std::string_view inner, std::size_t max) {
  return !value.empty() && value.size() <= max && is_lower_alphanumeric(value.front()) &&
         is_lower_alphanumeric(value.back()) && std::all_of(value.begin(), value.end(), [&](char c) {
           return is_lower_alphanumeric(c) || inner.find(c) != std::string_view::npos;
         });
}

}  // namespace

Problem read_bool(std::string_view value, bool& out) {
  if (value != "true" && value != "false") return "must be true or false";
  out = value == "true";
  return {};
}

Problem read_seconds(std::string_view value, std::chrono::seconds& out) {
  const auto duration = parse_duration(value);
  if (!duration) return duration.error().message;
  if (*duration % std::chrono::seconds(1) != std::chrono::milliseconds(0)) return "must be whole seconds";
  out = std::chrono::duration_cast<std::chrono::seconds>(*duration);
  return {};
}

Problem read_polling_interval(std::string_view value, std::chrono::seconds& out) {
  constexpr std::chrono::seconds least{10};
  std::chrono::seconds interval{};
  if (auto problem = read_seconds(value, interval)) return problem;
  if (interval < least) return "must be at least 10 seconds";
  out = interval;
  return {};
}

std::string one_of(std::string_view value, std::initializer_list<std::string_view> allowed) {
  std::string sentence = "'" + printable(value, 64) + "' is unknown: use ";
  std::size_t left = allowed.size();
  for (const auto word : allowed) {
    sentence += word;
    if (--left > 0) sentence += left == 1 ? " or " : ", ";
  }
  return sentence;
}

Problem check_http_url(std::string_view value) {
  const auto url = boost::urls::parse_uri(value);
  if (!url || (url->scheme() != "http" && url->scheme() != "https") || url->encoded_host().empty()) {
    return "must be a URL that starts with http:// or https:// and names a host";
  }
  if (url->has_userinfo()) return "must not hold a user or password: use username and password keys instead";
  return {};
}

bool is_dns_label(std::string_view value) { return is_name(value, "-", 63); }

bool is_ip_address(std::string_view value) {
  boost::system::error_code failure;
  boost::asio::ip::make_address(value, failure);
  return !failure;
}

bool is_registry_host(std::string_view value) {
  if (value.empty() || value.size() > 255 || value.find_first_of("/?#@ ") != std::string_view::npos) return false;
  const auto authority = boost::urls::parse_uri("https://" + std::string(value));
  return authority.has_value() && !authority->encoded_host().empty() &&
         (!authority->has_port() || authority->port_number() > 0);
}

bool is_instance_name(std::string_view value) { return is_name(value, "-._", 63); }
bool is_plugin_id(std::string_view value) { return is_name(value, "-._", 128); }

bool is_platform(std::string_view value) {
  const auto parts = split(value, '/');
  return (parts.size() == 2 || parts.size() == 3) &&
         std::all_of(parts.begin(), parts.end(), [](std::string_view part) { return is_name(part, "-._", 32); });
}

bool is_identifier(std::string_view value) {
  return !value.empty() && value.size() <= 128 && (is_alphanumeric(value.front()) || value.front() == '_') &&
         std::all_of(value.begin(), value.end(),
                     [](char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; });
}

}  // namespace headwind::config
