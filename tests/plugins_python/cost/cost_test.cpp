// SPDX-License-Identifier: Apache-2.0
#include "plugins_python/script_world.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;
using testing::Not;

// What this process has in memory and shares with nobody, in KiB.
std::size_t own_kib() {
  std::ifstream file("/proc/self/smaps_rollup");
  std::size_t sum = 0, value = 0;
  for (std::string key; file >> key;) {
    if ((key == "Private_Clean:" || key == "Private_Dirty:") && file >> value) sum += value;
  }
  return sum;
}

class Cost : public ScriptWorld {
 protected:
  Cost() : ScriptWorld("headwind-policy-semver.so") {}
};

TEST_F(Cost, PythonIsNotInTheProcessUntilAnInstanceIsMade) {
  constexpr std::size_t kModule = 1024, kPython = 4096;
  ASSERT_TRUE(create("semver", "headwind.policy.semver"));
  ASSERT_TRUE(ask("semver"));  // its threads are there
  const std::size_t without = own_kib();
  ASSERT_GT(without, 0U);
  run(host->load_new({bundle() / "headwind-policy-semver.so", bundle() / "headwind-policy-python.so"}));
  ASSERT_TRUE(ask("semver"));
  ASSERT_THAT(mapped_files(), HasSubstr("headwind-policy-python.so"));
  EXPECT_THAT(mapped_files(), Not(HasSubstr("libpython")));
  EXPECT_THAT(mapped_files(), Not(HasSubstr("headwind-python-bridge")));
  const std::size_t loaded = own_kib();
  EXPECT_LT(loaded, without + kModule) << "no more than a module takes";
  ASSERT_TRUE(script("one", "def choose(workload, slot, candidates, parameters):\n    return None\n"));
  EXPECT_THAT(mapped_files(), HasSubstr("libpython3.11"));
  EXPECT_GT(own_kib(), loaded + kPython) << "which is how it would show";
}

}  // namespace
}  // namespace headwind::plugin
