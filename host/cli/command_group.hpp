// SPDX-License-Identifier: Apache-2.0
// What is wrong with a command line that names no command of a group, or an option or command that there is not.
#pragma once
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace headwind::cli {

// "registry: 'bogus' is no command; there are check and tags", of the innermost group of commands that the failed parse
// had come to. Empty where that one knows no commands at all, or needs none: then something else is wrong.
std::string unknown_command(const CLI::App& app, const CLI::ParseError& mistake);

// "run: '--confg' is no option (did you mean '--config'?)", of the innermost command that the failed parse had come to,
// or which of its options is missing. Empty where something else is wrong.
std::string unknown_option(const CLI::App& app, const CLI::ParseError& mistake);

// That command as one types it: "headwind plugin new".
std::string typed_command(const CLI::App& app);

}  // namespace headwind::cli
