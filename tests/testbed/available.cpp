// SPDX-License-Identifier: Apache-2.0
#include "core/text.hpp"
#include "testbed/control_plane.hpp"

namespace headwind::testbed {

std::filesystem::path binaries() {
  static const std::filesystem::path found = [] {
    const auto printed = run({std::string(HEADWIND_TESTBED_SOURCE) + "/tests/testbed/build", "--check"});
    return printed ? std::filesystem::path(trim(*printed)) : std::filesystem::path();
  }();
  return found;
}

bool available() { return !binaries().empty(); }

std::string why_unavailable() {
  return available() ? std::string() : "The real control plane is not built: run `make testbed` (it needs Go).";
}

}  // namespace headwind::testbed
