// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

TEST_F(EndToEnd, T124_a_SIGTERM_ends_what_is_under_way_and_tells_what_is_to_be_told) {
  registry().push(repository(), "1.0.0");
  start();
  for (const char* name : {"a", "b", "c"}) deploy({"Deployment", name, {{"app", image("1.0.0")}}, automatic()});
  // With this receiver the notifications still wait when the last workload is patched.
  receiver->be_slow(std::chrono::milliseconds(300));
  registry().push(repository(), "1.1.0");
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(runs(image("1.1.0"), name));
  EXPECT_EQ(headwind->stop(), 0) << headwind->log();
  EXPECT_EQ(receiver->count(space, "update_completed"), 3u);
  EXPECT_TRUE(inbox().empty()) << inbox();
  EXPECT_THAT(headwind->log(), testing::HasSubstr(R"("message":"stopped")"));

  // Nothing is told a second time by the next one.
  receiver->be_slow(std::chrono::milliseconds(0));
  headwind->start();
  registry().push(repository(), "1.1.1");
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "update_completed") == 6; }));
  EXPECT_EQ(receiver->count(space, "update_completed"), 6u);
}

}  // namespace
}  // namespace headwind::end_to_end
