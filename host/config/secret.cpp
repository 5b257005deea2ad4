// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "config/config.hpp"

namespace headwind::config {
namespace {

Error refused(Code code, const SecretReference& reference, const std::string& sentence) {
  return make_error(code, reference.field.empty() ? sentence : reference.field + ": " + sentence);
}

constexpr std::size_t max_secret = 64 * 1024;

std::string_view without_newlines(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<std::string> read_secret(const SecretReference& reference, const TextMap& environment) {
  if (!reference.file.empty()) {
    std::ifstream in(reference.file, std::ios::binary);
    if (!in)
      return refused(Code::not_found, reference,
                     "the secret file " + reference.file + " cannot be opened: mount it, or check path and mode");
    std::string text(max_secret + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad())
      return refused(Code::unavailable, reference,
                     "the secret file " + reference.file + " cannot be read: is it a file?");
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_secret) {
      return refused(Code::invalid, reference, "the secret file " + reference.file + " is longer than 64 KiB");
    }
    const auto value = without_newlines(text);
    if (value.empty())
      return refused(Code::invalid, reference,
                     "the secret file " + reference.file + " is empty: write the secret into it");
    return std::string(value);
  }
  if (reference.environment.empty())
    return refused(Code::invalid, reference, "the secret refers to no file and no variable");
  const auto found = environment.find(reference.environment);
  if (found == environment.end() || without_newlines(found->second).empty()) {
    return refused(
        Code::not_found, reference,
        "the variable " + reference.environment + " that holds the secret is not set: set it, from a Secret");
  }
  return std::string(without_newlines(found->second));
}

}  // namespace headwind::config
