// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "config/config.hpp"

namespace headwind::config {
namespace {

constexpr std::size_t max_secret = 64 * 1024;

std::string_view without_newlines(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<std::string> read_secret(const SecretReference& reference, const TextMap& environment) {
  if (!reference.file.empty()) {
    std::ifstream in(reference.file, std::ios::binary);
    if (!in) return make_error(Code::not_found, "the secret file " + reference.file + " cannot be opened");
    std::string text(max_secret + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) return make_error(Code::unavailable, "the secret file " + reference.file + " cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_secret) {
      return make_error(Code::invalid, "the secret file " + reference.file + " is longer than 64 KiB");
    }
    const auto value = without_newlines(text);
    if (value.empty()) return make_error(Code::invalid, "the secret file " + reference.file + " is empty");
    return std::string(value);
  }
  if (reference.environment.empty()) return make_error(Code::invalid, "the secret refers to no file and no variable");
  const auto found = environment.find(reference.environment);
  if (found == environment.end() || without_newlines(found->second).empty()) {
    return make_error(Code::not_found, "the variable " + reference.environment + " that holds the secret is not set");
  }
  return std::string(without_newlines(found->second));
}

}  // namespace headwind::config
