// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "cli/commands.hpp"
#include "config/config.hpp"
#include "config/keys.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

// Not opened: it may be a pipe.
bool is_readable(const std::string& file) {
  std::error_code failure;
  return ::access(file.c_str(), R_OK) == 0 && !std::filesystem::is_directory(file, failure);
}

// What is no mistake of the file: another machine may have what this one has not.
void tell_notes(const config::Config& config) {
  for (const std::string& warning : config.warnings) std::fprintf(stderr, "note: %s\n", warning.c_str());
  for (const config::NamedFile& named : config::named_files(config)) {
    if (is_readable(named.file)) continue;
    std::fprintf(stderr, "note: %s: %s cannot be read here; it must be there when Headwind starts\n",
                 printable(named.field, 256).c_str(), printable(named.file, 256).c_str());
  }
}

}  // namespace

int config_check_command(const std::string& file) {
  const auto config = config::load(file, config::process_environment());  // as run does
  if (!config) {
    // Each line begins with file:line:column, which editors jump to, or with the variable.
    std::fprintf(stderr, "%s\n", config.error().message.c_str());
    return failed;
  }
  tell_notes(*config);
  std::printf("%s: no mistakes\n", file.c_str());
  return done;
}

int config_keys_command() {
  std::puts("KEY OF THE FILE | VARIABLE | OF 0.1.x | MEANING");
  for (const config::Key& key : config::keys()) {
    std::printf("%s | %s%s | %s | %s\n", key.path.c_str(), key.environment.c_str(), key.read ? " (YAML)" : "",
                key.former.empty() ? "-" : key.former.c_str(), key.meaning.c_str());
  }
  return done;
}

}  // namespace headwind::cli
