// SPDX-License-Identifier: Apache-2.0
// Nobody announces anything: the operator reads the lists of a real registry itself.
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using Annotations = std::vector<std::pair<std::string, std::string>>;

class Polling : public EndToEnd {
 protected:
  void start_polling() {
    OperatorSettings with = settings();
    with.registry = silent_registry().host();
    with.polling = true;
    start(with);
  }
  std::string image_there(const std::string& tag) const {
    return silent_registry().host() + "/" + repository() + ":" + tag;
  }
  // Until every list was read at least twice more, those of other tests' workloads included.
  void wait_two_rounds() const {
    const double streams = headwind->metric("headwind_polling_streams");
    const double cycles = headwind->metric("headwind_polling_cycles_total");
    EXPECT_TRUE(
        eventually([&] { return headwind->metric("headwind_polling_cycles_total") >= cycles + 2 * streams + 1; }));
  }
  static Annotations polled(const std::string& policy) {
    return {
        {"policy", policy}, {"require-approval", "false"}, {"min-update-interval", "0"}, {"event-source", "polling"}};
  }
};

TEST_F(Polling, T79_T84_new_tags_are_found_for_every_kind_and_T90_nothing_happens_without) {
  silent_registry().push(repository(), "1.0.0");
  start_polling();
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"})
    deploy({kind, "web", {{"app", image_there("1.0.0")}}, polled("minor")});
  deploy({"Deployment", "listener", {{"app", image_there("1.0.0")}}, automatic()});
  silent_registry().push(repository(), "2.0.0");
  silent_registry().push(repository(), "1.1.0");
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"})
    ASSERT_TRUE(runs(image_there("1.1.0"), "web", kind)) << kind;
  EXPECT_EQ(image_of(workload("listener")), image_there("1.0.0")) << "it listens to webhooks only";
  const std::uint64_t mark = plane().audit().mark();
  wait_two_rounds();
  EXPECT_TRUE(accepted_writes(space, mark).empty()) << "two more lists without news";
  EXPECT_GE(headwind->metric("headwind_polling_images_checked_total"), 3);
  EXPECT_EQ(headwind->metric("headwind_polling_new_tags_found_total"), 3);
  EXPECT_GE(headwind->metric("headwind_polling_resources_filtered_total"), 1);
  EXPECT_EQ(headwind->metric("headwind_polling_errors_total"), 0);
  EXPECT_EQ(headwind->metric("headwind_polling_streams"), 1) << "one list for all of them";
}

TEST_F(Polling, T89_a_tag_that_moves_is_rolled_out_once_per_digest) {
  const std::string first = silent_registry().push(repository(), "stable", "first");
  start_polling();
  deploy({"Deployment", "web", {{"app", image_there("stable") + "@" + first}}, polled("force")});
  const std::uint64_t mark = plane().audit().mark();
  const std::string second = silent_registry().push(repository(), "stable", "second");
  ASSERT_TRUE(runs(image_there("stable") + "@" + second));
  wait_two_rounds();
  EXPECT_EQ(accepted_writes(space, mark).size(), 1U);
  kubectl({"-n", space, "rollout", "status", "deployment/web", "--timeout=60s"});
}

}  // namespace
}  // namespace headwind::end_to_end
