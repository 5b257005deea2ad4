// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/sigv4.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <vector>

namespace headwind::registries::ecr {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out += hex_digits[static_cast<unsigned char>(c) >> 4U];
    out += hex_digits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return hex({reinterpret_cast<const char*>(digest.data()), size});
}

std::string hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

// "20150830T123600Z"
std::string timestamp(std::int64_t unix_ms) {
  const auto second = std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(unix_ms)));
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second - day);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string encode(std::string_view text, std::string_view kept) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4U];
      out += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15U];
    }
  }
  return out;
}

// Sorted by name, then value; '%' is kept, since what comes in is encoded already.
std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.empty()) continue;
    const auto equals = std::min(part.find('='), part.size());
    parameters.emplace_back(encode(part.substr(0, equals), "%"),
                            encode(part.substr(std::min(part.size(), equals + 1)), "%"));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) out += (out.empty() ? "" : "&") + name + "=" + value;
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Without white space at its ends, and one space for each run of it within.
std::string trimmed(std::string_view value) {
  std::string out;
  bool gap = false;
  for (const char c : value) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) {
      if (gap && !out.empty()) out += ' ';
      out += c;
    }
    gap = space;
  }
  return out;
}

struct Target {
  std::string host, path, query;
};

Target target_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('#'));
  const auto end = std::min(url.find_first_of("/?"), url.size());
  const auto rest = url.substr(end);
  const auto mark = std::min(rest.find('?'), rest.size());
  Target out{lower(url.substr(0, end)), std::string(rest.substr(0, mark)),
             std::string(rest.substr(std::min(rest.size(), mark + 1)))};
  if (out.path.empty()) out.path = "/";
  return out;
}

std::map<std::string, std::string> canonical_headers(const Request& request, const std::string& host) {
  std::map<std::string, std::string> headers{{"host", host}};
  for (const auto& [name, value] : request.headers) {
    const auto [entry, fresh] = headers.try_emplace(lower(name), trimmed(value));
    if (!fresh) entry->second += "," + trimmed(value);
  }
  return headers;
}

std::string names_of(const std::map<std::string, std::string>& headers) {
  std::string out;
  for (const auto& [name, value] : headers) out += (out.empty() ? "" : ";") + name;
  return out;
}

}  // namespace

std::string canonical_request(const Request& request) {
  const auto target = target_of(request.url);
  const auto headers = canonical_headers(request, target.host);
  std::string out = request.method + "\n" + encode(target.path, "/") + "\n" + canonical_query(target.query) + "\n";
  for (const auto& [name, value] : headers) {
    out += name;
    out += ":" + value + "\n";
  }
  return out + "\n" + names_of(headers) + "\n" + sha256_hex(request.body);
}

void sign(Request& request, const Keys& keys, const SigningScope& scope, std::int64_t unix_ms) {
  const std::string time = timestamp(unix_ms);
  const std::string day = time.substr(0, 8);
  request.headers.emplace_back("X-Amz-Date", time);
  if (!keys.session_token.empty()) request.headers.emplace_back("X-Amz-Security-Token", keys.session_token);
  const std::string where = day + "/" + scope.region + "/" + scope.service + "/aws4_request";
  const std::string to_sign =
      "AWS4-HMAC-SHA256\n" + time + "\n" + where + "\n" + sha256_hex(canonical_request(request));
  const std::string key =
      hmac(hmac(hmac(hmac("AWS4" + keys.secret, day), scope.region), scope.service), "aws4_request");
  const auto names = names_of(canonical_headers(request, target_of(request.url).host));
  request.headers.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=" + keys.id + "/" + where +
                                                    ", SignedHeaders=" + names +
                                                    ", Signature=" + hex(hmac(key, to_sign)));
}

}  // namespace headwind::registries::ecr
