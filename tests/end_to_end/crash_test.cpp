// SPDX-License-Identifier: Apache-2.0
// The process is killed at every write, before and after the server has done it, and started again: the workload is
// patched exactly once and everything ends as if nothing had happened. The same in memory, with more scenarios:
// tests/update/crash_test.cpp.
#include "crash_fixture.hpp"

namespace headwind::end_to_end {
namespace {

TEST_F(Crash, an_automatic_update_survives_every_kill) {
  survives(automatic(), "app:1.1.0 | app:1.1.0  | app:1.0.0  | patches 1 | inbox 0",
           [this](Run& run) { announce(run); });
}

TEST_F(Crash, T56_an_approved_update_survives_every_kill) {
  survives(
      on_approval(),
      "app:1.1.0 | app:1.1.0 web-app-1-1-0 | app:1.0.0  | web-app-1-1-0 Completed RolledOut=True | patches 1 | inbox 0",
      [this](Run& run) {
        announce(run);
        approve(run);
      });
}

TEST_F(Crash, a_rollback_survives_every_kill) {
  survives(automatic(),
           "app:1.0.0 | app:1.0.0 web-app-1-1-0 | app:1.1.0  | app:1.0.0  | web-app-1-1-0 RolledBack RolledOut=False "
           "RolledBack=True | patches 2 | "
           "inbox 0",
           [this](Run& run) {
             announce(run);
             roll_back(run);
           });
}

}  // namespace
}  // namespace headwind::end_to_end
