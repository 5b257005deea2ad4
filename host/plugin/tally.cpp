// SPDX-License-Identifier: Apache-2.0
#include "plugin/tally.hpp"

#include "core/clock.hpp"
#include "core/text.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kShortestSecret = 4;  // less would be found in ordinary words
constexpr std::size_t kLongestSentence = 1024;

}  // namespace

Tally::Tally(const std::map<std::string, std::string>& secrets)
    : secrets_(secrets), since_ms_(system_clock().unix_ms()) {}

void Tally::count(std::string_view status, std::uint64_t by) {
  calls_ += by;
  if (status != "ok") errors_[status] += by;
}

void Tally::failed(const std::string& sentence) {
  last_error_ = sentence;
  for (const auto& [name, value] : secrets_) {
    if (value.size() < kShortestSecret) continue;
    for (std::size_t at = last_error_.find(value); at != std::string::npos; at = last_error_.find(value, at + 3))
      last_error_.replace(at, value.size(), "***");
  }
  last_error_ = printable(last_error_, kLongestSentence);
  last_error_ms_ = system_clock().unix_ms();
}

std::map<std::string, std::uint64_t> Tally::errors() const { return {errors_.begin(), errors_.end()}; }

}  // namespace headwind::plugin
