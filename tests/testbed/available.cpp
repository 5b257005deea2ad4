// SPDX-License-Identifier: Apache-2.0
#include "core/text.hpp"
#include "testbed/control_plane.hpp"

namespace headwind::testbed {
namespace {

std::filesystem::path built(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), std::string(HEADWIND_TESTBED_SOURCE) + "/tests/testbed/build");
  const auto printed = run(arguments);
  return printed ? std::filesystem::path(trim(*printed)) : std::filesystem::path();
}

}  // namespace

std::filesystem::path binaries() {
  static const std::filesystem::path found = built({"--check"});
  return found;
}

std::filesystem::path flux_binaries() {
  static const std::filesystem::path found = built({"--with", "flux", "--check"});
  return found;
}

std::filesystem::path chart_binaries() {
  static const std::filesystem::path found = built({"--with", "chart", "--check"});
  return found;
}

bool available() { return !binaries().empty(); }

std::string why_unavailable() {
  return available() ? std::string() : "The real control plane is not built: run `make testbed` (it needs Go).";
}

}  // namespace headwind::testbed
