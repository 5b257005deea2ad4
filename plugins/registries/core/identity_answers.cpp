// SPDX-License-Identifier: Apache-2.0
#include "registries/core/identity_answers.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>

#include "registries/core/json_text.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t max_body = 64 * 1024, max_token = 16 * 1024;
constexpr std::int64_t second_ms = 1000, day_s = 86'400;
constexpr std::int64_t unknown_access_ms = 5 * 60 * second_ms, unknown_refresh_ms = 60 * 60 * second_ms;

nlohmann::json read(std::string_view body) { return body.size() <= max_body ? parse_json(body) : nlohmann::json(); }

std::string token_at(const nlohmann::json& answer, const char* key) {
  std::string token = text_at(answer, key);
  const bool printable = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 127; });
  return printable && token.size() <= max_token ? token : std::string();
}

// A whole number that is one, or is written as text.
std::optional<std::int64_t> number_at(const nlohmann::json& object, const char* key) {
  if (!object.is_object()) return std::nullopt;
  const auto it = object.find(key);
  if (it == object.end()) return std::nullopt;
  if (it->is_number_unsigned() && it->get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  if (it->is_number_integer()) return it->get<std::int64_t>();
  if (!it->is_string()) return std::nullopt;
  const auto& text = it->get_ref<const std::string&>();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The claims of a JWT, whose signature is its owner's business; null where it is none.
nlohmann::json claims_of(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) return nullptr;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return nullptr;
  std::string text(token.substr(first + 1, second - first - 1));
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0 || static_cast<std::size_t>(size) < padding) return nullptr;
  out.resize(static_cast<std::size_t>(size) - padding);
  return parse_json(out);
}

bool is_error_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

}  // namespace

std::optional<IdentityToken> read_access_token(std::string_view body) {
  const auto answer = read(body);
  IdentityToken out{token_at(answer, "access_token"), unknown_access_ms};
  if (out.value.empty()) return std::nullopt;
  if (const auto seconds = number_at(answer, "expires_in"))
    out.life_ms = std::clamp<std::int64_t>(*seconds, 0, day_s) * second_ms;
  return out;
}

std::optional<IdentityToken> read_refresh_token(std::string_view body, std::int64_t now_unix_ms) {
  IdentityToken out{token_at(read(body), "refresh_token"), unknown_refresh_ms};
  if (out.value.empty()) return std::nullopt;
  const auto claims = claims_of(out.value);
  const auto until = number_at(claims, "exp");
  if (!until) return out;
  // It was made just now, by a clock that need not be ours.
  const std::int64_t since = number_at(claims, "iat").value_or(now_unix_ms / second_ms);
  const std::int64_t life = *until > since && since >= 0 ? *until - since : 0;
  out.life_ms = std::min(life, day_s) * second_ms;
  return out;
}

std::string read_oauth_error(std::string_view body) {
  const auto answer = read(body);
  std::string out = text_at(answer, "error");
  if (!is_error_name(out)) return {};
  if (const auto codes = answer.find("error_codes"); codes != answer.end() && codes->is_array() && !codes->empty())
    if (const auto& code = codes->front(); code.is_number_unsigned())
      out += " AADSTS" + std::to_string(code.get<std::uint64_t>());
  return out;
}

}  // namespace headwind::registries
