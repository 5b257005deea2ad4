// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_directories.hpp"

namespace headwind::cli {

std::filesystem::path this_executable() {
  std::error_code failure;
  auto file = std::filesystem::read_symlink("/proc/self/exe", failure);
  return failure ? std::filesystem::path("headwind") : file;
}

std::vector<std::filesystem::path> plugin_directories(const config::Config& config) {
  if (!config.plugin_directories.empty()) return {config.plugin_directories.begin(), config.plugin_directories.end()};
  const auto beside = this_executable().parent_path();
  const std::filesystem::path installed = HEADWIND_INSTALLED_PLUGINS;  // relative to the prefix
  for (const auto& directory :
       {beside / "plugins", beside.parent_path() / "plugins", beside.parent_path() / installed}) {
    std::error_code failure;
    if (std::filesystem::is_directory(directory, failure)) return {directory};
  }
  return {};
}

}  // namespace headwind::cli
