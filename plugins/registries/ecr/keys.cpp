// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/keys.hpp"

#include <algorithm>

namespace headwind::registries::ecr {
namespace {

constexpr std::size_t max_id = 128;
constexpr std::size_t max_header = 16 * 1024 - 1;  // of one header's value in the host's HTTP service

bool is_printable(const std::string& text) {
  return text.size() <= max_header && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

bool is_usable(const Keys& keys) {
  return !keys.id.empty() && keys.id.size() <= max_id && std::all_of(keys.id.begin(), keys.id.end(), is_word) &&
         !keys.secret.empty() && is_printable(keys.secret) && is_printable(keys.session_token);
}

}  // namespace headwind::registries::ecr
