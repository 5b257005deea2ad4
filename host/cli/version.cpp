// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <openssl/crypto.h>
#include <zlib.h>
#include <zstd.h>

#include <CLI/Version.hpp>
#include <boost/version.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/build_info.hpp"
#include "cli/commands.hpp"
#include "plugin/abi_version.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string fmt_version() {
  return std::to_string(FMT_VERSION / 10000) + "." + std::to_string(FMT_VERSION / 100 % 100) + "." +
         std::to_string(FMT_VERSION % 100);
}

// OpenSSL, zlib and zstd: as they are loaded now. The others: as we were built with them. Not those of plugins, which
// are files of their own, and not valijson, which knows no version of itself.
Json libraries() {
  const std::string boost = std::to_string(BOOST_VERSION / 100000) + "." + std::to_string(BOOST_VERSION / 100 % 1000) +
                            "." + std::to_string(BOOST_VERSION % 100);
  const std::string json = std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." +
                           std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
                           std::to_string(NLOHMANN_JSON_VERSION_PATCH);
  return {{"boost", boost},
          {"cli11", CLI11_VERSION},
          {"fmt", fmt_version()},
          {"nlohmann-json", json},
          {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
          {"prometheus-cpp", HEADWIND_PROMETHEUS},
          {"simdjson", HEADWIND_SIMDJSON},
          {"spdlog", HEADWIND_SPDLOG},
          {"yaml-cpp", HEADWIND_YAML_CPP},
          {"zlib", zlibVersion()},
          {"zstd", ZSTD_versionString()}};
}

}  // namespace

int version_command(bool json) {
  const BuildInfo& build = build_info();
  if (!json) {
    std::printf("headwind %s\n", std::string(build.version).c_str());
    return done;
  }
  const Json all{{"version", build.version},   {"commit", build.commit},       {"date", build.date},
                 {"compiler", build.compiler}, {"abi", plugin::abi_version()}, {"libraries", libraries()}};
  std::puts(all.dump(2).c_str());
  return done;
}

}  // namespace headwind::cli
