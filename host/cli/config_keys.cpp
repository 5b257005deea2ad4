// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string>

#include "cli/commands.hpp"
#include "config/key_defaults.hpp"
#include "config/keys.hpp"

namespace headwind::cli {

int config_keys_command() {
  std::puts("KEY OF THE FILE | VARIABLE | OF 0.1.x | DEFAULT | MEANING");
  for (const config::Key& key : config::keys()) {
    const std::string fallback(config::default_of(key.path));
    std::printf("%s | %s%s | %s | %s | %s\n", key.path.c_str(), key.environment.c_str(), key.read ? " (YAML)" : "",
                key.former.empty() ? "-" : key.former.c_str(), fallback.empty() ? "-" : fallback.c_str(),
                key.meaning.c_str());
  }
  return done;
}

}  // namespace headwind::cli
