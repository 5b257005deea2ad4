// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/commands.hpp"
#include "config/config.hpp"
#include "config/keys.hpp"

namespace headwind::cli {

int config_check_command(const std::string& file) {
  const auto config = config::load(file, {});
  if (!config) {
    // Each line begins with file:line:column, which editors jump to.
    std::fprintf(stderr, "%s\n", config.error().message.c_str());
    return failed;
  }
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
