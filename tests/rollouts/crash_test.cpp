// SPDX-License-Identifier: Apache-2.0
// The process is killed at every write of an update that fails and is undone, and started again.
#include "crash_fixture.hpp"

namespace headwind::end_to_end {
namespace {

std::vector<std::pair<std::string, std::string>> with_retries(std::vector<std::pair<std::string, std::string>> all) {
  all.emplace_back("auto-rollback", "true");
  all.emplace_back("health-check-retries", "1");
  return all;
}

class CrashInRollout : public Crash {
 protected:
  CrashInRollout() { both_moments = false; }
};

TEST_F(CrashInRollout, an_automatic_update_that_fails_is_undone_whenever_we_die) {
  survives(with_retries(automatic()),
           "app:1.0.0 | app:1.0.0 web-app-1-1-901 | app:1.1.901  | app:1.0.0  | "
           "web-app-1-1-901 RolledBack RolledOut=False RolledBack=True | patches 2 | inbox 0",
           [this](Run& run) { announce(run, "1.1.901"); });
}

// Its bad pod has to be deleted, too: nothing else takes it out of the way.
TEST_F(CrashInRollout, of_a_StatefulSet_an_automatic_update_that_fails_is_undone_whenever_we_die) {
  kind = "StatefulSet";
  survives(with_retries(automatic()),
           "app:1.0.0 | app:1.0.0 web-1-1-901 | app:1.1.901  | app:1.0.0  | "
           "web-1-1-901 RolledBack RolledOut=False RolledBack=True | patches 2 | inbox 0",
           [this](Run& run) { announce(run, "1.1.901"); });
}

TEST_F(CrashInRollout, an_approved_update_that_fails_is_undone_whenever_we_die) {
  survives(with_retries(on_approval()),
           "app:1.0.0 | app:1.0.0 web-app-1-1-901 | app:1.1.901 web-app-1-1-901 | app:1.0.0  | "
           "web-app-1-1-901 RolledBack RolledOut=False RolledBack=True | patches 2 | inbox 0",
           [this](Run& run) {
             announce(run, "1.1.901");
             approve(run);
           });
}

TEST_F(CrashInRollout, a_failed_update_that_stays_is_remembered_whenever_we_die) {
  auto staying = automatic();
  staying.emplace_back("health-check-retries", "1");
  survives(staying,
           "app:1.1.901 | app:1.1.901  | app:1.0.0  | web-app-1-1-901 Failed RolledOut=False | patches 1 | inbox 0",
           [this](Run& run) { announce(run, "1.1.901"); });
}

}  // namespace
}  // namespace headwind::end_to_end
