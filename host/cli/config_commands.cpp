// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/loaded_plugins.hpp"
#include "cli/plugin_directories.hpp"
#include "cli/plugin_settings.hpp"
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

// One of the default bundle, which nobody wrote down.
bool is_unwritten(const CheckedInstance& instance) { return instance.place.empty(); }

std::string where(const CheckedInstance& instance) {
  return is_unwritten(instance) ? "instance " + instance.name : instance.place;
}

// A directory with nothing but a site's own plugins is usual while they are written: one line for all.
void tell_what_is_absent(const std::vector<CheckedInstance>& instances) {
  std::string absent;
  for (const CheckedInstance& instance : instances)
    if (instance.absent && is_unwritten(instance)) absent += (absent.empty() ? "" : ", ") + instance.name;
  if (!absent.empty())
    std::fprintf(
        stderr,
        "note: the plugins of the bundle are not all in the plugin directories here, and Headwind does not start "
        "without them (plugins.directories replaces the default; name the bundle's directory in it, too): %s\n",
        absent.c_str());
}

// Settings against the schemas of the plugins. Returns whether they fit; what cannot be told is a note.
bool check_plugins(const config::Config& config) {
  const auto directories = plugin_directories(config);
  std::error_code failure;
  const bool here = !directories.empty() && std::ranges::any_of(directories, [&](const auto& one) {
    return std::filesystem::is_directory(one, failure);
  });
  if (!here) {
    std::fputs("note: there are no plugins here, so the settings of instances are not checked\n", stderr);
    return true;
  }
  LoadedPlugins plugins(directories);
  const std::vector<CheckedInstance> instances = check_instances(config, plugins.host());
  tell_what_is_absent(instances);
  bool fit = true;
  for (const CheckedInstance& instance : instances) {
    if (instance.problem.empty() || (instance.absent && is_unwritten(instance))) continue;
    fit = fit && instance.absent;
    const bool of_settings = instance.problem.starts_with("settings.") || instance.problem.starts_with("settings:");
    std::fprintf(stderr, "%s%s%s%s\n", instance.absent ? "note: " : "", where(instance).c_str(),
                 of_settings ? "." : ": ", instance.problem.c_str());
  }
  return fit;
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
  if (!check_plugins(*config)) return failed;
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
