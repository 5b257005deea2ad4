// SPDX-License-Identifier: Apache-2.0
// What one check of a plugin came to.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace headwind::conformance {

enum class Outcome : std::uint8_t { passed, warning, failed, skipped };
std::string_view to_string(Outcome outcome);

struct Finding {
  Outcome outcome = Outcome::passed;
  std::string sentence{};  // what happened, and the remedy; mostly empty where it passed
  bool died = false;       // the plugin ended the process of the check, or had to be ended with it
};

// "throws ...; ..." of "in choose (seven tags) it throws ...; ...": the same flaw in another place has the same core.
std::string_view core_of(std::string_view sentence);

inline Finding passed(std::string sentence = {}) { return {Outcome::passed, std::move(sentence)}; }
inline Finding warned(std::string sentence) { return {Outcome::warning, std::move(sentence)}; }
inline Finding failed(std::string sentence) { return {Outcome::failed, std::move(sentence)}; }
inline Finding skipped(std::string sentence) { return {Outcome::skipped, std::move(sentence)}; }

}  // namespace headwind::conformance
