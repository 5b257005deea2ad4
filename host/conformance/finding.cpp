// SPDX-License-Identifier: Apache-2.0
#include "conformance/finding.hpp"

namespace headwind::conformance {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed: return "passed";
    case Outcome::warning: return "warning";
    case Outcome::failed: return "failed";
    case Outcome::skipped: return "skipped";
  }
  return "failed";
}

std::string_view core_of(std::string_view sentence) {
  constexpr std::string_view mark = " it ";
  const std::size_t at = sentence.find(mark);
  if (!sentence.starts_with("in ") || at == std::string_view::npos) return sentence;
  return sentence.substr(at + mark.size());
}

}  // namespace headwind::conformance
