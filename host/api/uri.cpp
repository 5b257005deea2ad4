// SPDX-License-Identifier: Apache-2.0
#include "api/uri.hpp"

#include <algorithm>
#include <charconv>

namespace headwind::api {

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out.push_back(text[at]);
      continue;
    }
    unsigned char byte = 0;
    const std::string_view digits = text.substr(at + 1, 2);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (failure != std::errc{} || end != digits.data() + 2) return std::nullopt;
    out.push_back(static_cast<char>(byte));
    at += 2;
  }
  if (out.find('\0') != std::string::npos || !is_valid_utf8(out)) return std::nullopt;
  return out;
}

std::optional<TextMap> parse_query(std::string_view query) {
  TextMap parameters;
  for (const std::string_view pair : split(query, '&')) {
    if (pair.empty()) continue;
    std::string plain(pair);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    const std::size_t equals = plain.find('=');
    const std::string_view view = plain;
    auto key = percent_decode(view.substr(0, equals));
    auto value = percent_decode(equals == std::string::npos ? std::string_view() : view.substr(equals + 1));
    if (!key || !value) return std::nullopt;
    parameters.insert_or_assign(std::move(*key), std::move(*value));
  }
  return parameters;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || std::string_view("-._~").find(letter) != std::string::npos;
    if (plain) {
      out.push_back(letter);
    } else {
      out.push_back('%');
      out.push_back(kDigits[byte >> 4U]);
      out.push_back(kDigits[byte & 15U]);
    }
  }
  return out;
}

}  // namespace headwind::api
