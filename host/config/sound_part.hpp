// SPDX-License-Identifier: Apache-2.0
// For who wants to tell all mistakes of a configuration at once: its text is read once, as a pipe can be.
#pragma once
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace headwind::config {

// The text of the file; of standard input where it is "-". Code::not_found where it cannot be read.
Result<std::string> read_text(const std::string& file);

// As load(); `source` is the text's name in mistakes.
Result<Config> load_text(std::string_view yaml, std::string_view source, const TextMap& environment);

// What can be read of the text and the environment, whatever is wrong with the rest: for who has told the mistakes of
// load_text() already. Nothing may be started with it.
Config sound_part(std::string_view yaml, std::string_view source, const TextMap& environment);

// Where the text has the field ("registries.r.example.com.password.file", or only the beginning of it), as mistakes
// begin: "c.yaml:3:13: ". Empty where the text has it not, or a variable of the environment speaks instead.
std::string place_of(std::string_view field, std::string_view yaml, std::string_view source,
                     const TextMap& environment);

}  // namespace headwind::config
