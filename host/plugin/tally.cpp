// SPDX-License-Identifier: Apache-2.0
#include "plugin/tally.hpp"

#include "core/clock.hpp"
#include "core/text.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kLongestSentence = 1024;

}  // namespace

Tally::Tally() : since_ms_(system_clock().unix_ms()) {}

void Tally::count(std::string_view status, std::uint64_t by) {
  calls_ += by;
  if (status != "ok") errors_[status] += by;
}

void Tally::failed(const std::string& sentence) {
  last_error_ = printable(sentence, kLongestSentence);
  last_error_ms_ = system_clock().unix_ms();
}

std::map<std::string, std::uint64_t> Tally::errors() const { return {errors_.begin(), errors_.end()}; }

}  // namespace headwind::plugin
