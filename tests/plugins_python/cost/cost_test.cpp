// SPDX-License-Identifier: Apache-2.0
#include "plugins_python/script_world.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;
using testing::Not;

class Cost : public ScriptWorld {};

TEST_F(Cost, PythonIsNotInTheProcessUntilAnInstanceIsMade) {
  ASSERT_TRUE(create("semver", "headwind.policy.semver"));
  ASSERT_THAT(mapped_files(), HasSubstr("headwind-policy-python.so"));
  EXPECT_THAT(mapped_files(), Not(HasSubstr("libpython")));
  EXPECT_THAT(mapped_files(), Not(HasSubstr("headwind-python-bridge")));
  ASSERT_TRUE(script("one", "def choose(workload, slot, candidates, parameters):\n    return None\n"));
  EXPECT_THAT(mapped_files(), HasSubstr("libpython3.11"));
}

}  // namespace
}  // namespace headwind::plugin
