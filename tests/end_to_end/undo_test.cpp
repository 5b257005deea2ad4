// SPDX-License-Identifier: Apache-2.0
// `kubectl rollout undo` is a person's word: it is respected, whether the operator saw it or not.
#include <csignal>

#include "fixture.hpp"
#include "proxy.hpp"

namespace headwind::end_to_end {
namespace {

using testing::ElementsAre;

class Undo : public EndToEnd {
 protected:
  // The cluster has made a ReplicaSet for what the Deployment asks for: there is something to go back from.
  void settle_rollout() const { kubectl({"-n", space, "rollout", "status", "deployment/web", "--timeout=60s"}); }
  void undo() const {
    kubectl({"-n", space, "rollout", "undo", "deployment/web"});
    ASSERT_EQ(image_of(workload()), image("1.0.0"));
    // What makes this hard: the annotations went back with the image.
    ASSERT_EQ(annotation_of(workload(), "update-history"), "");
  }
};

TEST_F(Undo, with_us_running_the_undone_version_is_remembered) {
  registry().push(repository(), "1.0.0");
  start();
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, automatic()});
  settle_rollout();
  registry().push(repository(), "1.1.0");
  ASSERT_TRUE(runs(image("1.1.0")));
  settle_rollout();
  undo();
  const Json remembered = request_in("RolledBack");
  ASSERT_TRUE(remembered.is_object()) << remembered;
  EXPECT_EQ(remembered["spec"]["newImage"], image("1.1.0"));

  const std::uint64_t mark = plane().audit().mark();
  EXPECT_EQ(headwind->announce(registry().host() + "/" + repository(), "1.1.0").status, 200u);
  EXPECT_TRUE(eventually([] { return inbox().empty(); })) << inbox();
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  EXPECT_THAT(accepted_writes(space, mark), ElementsAre());
  registry().push(repository(), "1.1.1");
  EXPECT_TRUE(runs(image("1.1.1"))) << "a newer version is another matter";
}

TEST_F(Undo, with_us_down_a_hint_that_was_left_over_does_not_bring_it_back) {
  silent_registry().push(repository(), "1.0.0");
  Proxy proxy;
  OperatorSettings through = settings();
  through.server = proxy.url(), through.registry = silent_registry().host();
  const std::string name = silent_registry().host() + "/" + repository();
  start(through);
  create(space, {"Deployment", "web", {{"app", name + ":1.0.0"}}, automatic()});
  ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", space, "web"); }));
  settle_rollout();
  silent_registry().push(repository(), "1.1.0");
  // Killed when the patch was accepted, before the hint was taken from the inbox.
  const pid_t victim = headwind->pid();
  proxy.arm_at(path_of("Deployment", space, "web"), Moment::after, [victim] { ::kill(victim, SIGKILL); });
  headwind->announce(name, "1.1.0");
  ASSERT_TRUE(eventually([&] { return proxy.struck(); }));
  ASSERT_TRUE(eventually([&] { return !headwind->running(); }));
  ASSERT_EQ(inbox().size(), 1u) << inbox();
  ASSERT_EQ(image_of(workload()), name + ":1.1.0");
  settle_rollout();
  kubectl({"-n", space, "rollout", "undo", "deployment/web"});
  ASSERT_EQ(image_of(workload()), name + ":1.0.0");
  ASSERT_EQ(annotation_of(workload(), "update-history"), "");
  proxy.arm();

  const std::uint64_t mark = plane().audit().mark();
  headwind->start();
  EXPECT_TRUE(eventually([] { return inbox().empty(); })) << inbox();
  const Json remembered = request_in("RolledBack");
  ASSERT_TRUE(remembered.is_object()) << remembered;
  EXPECT_EQ(remembered["spec"]["newImage"], name + ":1.1.0");
  EXPECT_EQ(image_of(workload()), name + ":1.0.0");
  const auto writes = accepted_writes(space, mark);
  EXPECT_EQ(std::count(writes.begin(), writes.end(), "patch deployments web"), 0);
}

TEST_F(Undo, with_us_down_the_next_list_does_not_bring_it_back) {
  silent_registry().push(repository(), "1.0.0");
  OperatorSettings polling = settings();
  polling.registry = silent_registry().host(), polling.polling = true;
  const std::string name = silent_registry().host() + "/" + repository();
  start(polling);
  auto annotations = automatic();
  annotations.emplace_back("event-source", "polling");
  deploy({"Deployment", "web", {{"app", name + ":1.0.0"}}, annotations});
  settle_rollout();
  silent_registry().push(repository(), "1.1.0");
  ASSERT_TRUE(runs(name + ":1.1.0"));
  settle_rollout();
  headwind->kill();
  kubectl({"-n", space, "rollout", "undo", "deployment/web"});
  ASSERT_EQ(image_of(workload()), name + ":1.0.0");
  ASSERT_EQ(annotation_of(workload(), "update-history"), "");

  const std::uint64_t mark = plane().audit().mark();
  headwind->start();
  const Json remembered = request_in("RolledBack");
  ASSERT_TRUE(remembered.is_object()) << remembered;
  EXPECT_EQ(remembered["spec"]["newImage"], name + ":1.1.0");
  // The list that brings a newer version was read after those that brought it again.
  silent_registry().push(repository(), "1.1.1");
  EXPECT_TRUE(runs(name + ":1.1.1")) << "a newer version is another matter";
  const auto writes = accepted_writes(space, mark);
  EXPECT_EQ(std::count(writes.begin(), writes.end(), "patch deployments web"), 1) << Json(writes);
}

}  // namespace
}  // namespace headwind::end_to_end
