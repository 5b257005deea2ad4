// SPDX-License-Identifier: Apache-2.0
// After its start the operator lives from its watches.
#include <thread>

#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

TEST_F(EndToEnd, T27_in_steady_state_nothing_is_listed_and_nothing_is_read) {
  registry().push(repository(), "1.0.0");
  const std::uint64_t before = plane().audit().mark();
  start();
  for (int i = 0; i < 5; ++i)
    deploy({"Deployment", "web-" + std::to_string(i), {{"app", image("1.0.0")}}, automatic()});
  deploy({"StatefulSet", "store", {{"app", image("1.0.0")}}, on_approval()});
  ASSERT_TRUE(eventually([] { return inbox().empty(); }));
  // The start ends with a read, some moments after it is ready: what notifiers were told before.
  ASSERT_TRUE(eventually([&] {
    const auto reads =
        plane().audit().entries({.verb = "get", .resource = "configmaps", .user = operator_user}, before);
    return std::any_of(reads.begin(), reads.end(), [](const auto& one) { return one.name == "headwind-state"; });
  }));
  ASSERT_TRUE(eventually([&] { return headwind->log().find("cluster is prepared") != std::string::npos; }));
  const std::uint64_t mark = plane().audit().mark();

  // Ten seconds of ordinary life: pushes, edits by hand, a scaling, a workload that comes and one that goes.
  for (const char* tag : {"1.0.1", "1.1.0", "1.1.1"}) {
    registry().push(repository(), tag);
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(runs(image(tag), "web-" + std::to_string(i)));
    kubectl({"-n", space, "annotate", "--overwrite", "deployment/web-1", std::string("example.com/note=") + tag});
    kubectl({"-n", space, "scale", "deployment/web-2", "--replicas=2"});
    std::this_thread::sleep_for(std::chrono::seconds(3));
  }
  kubectl({"-n", space, "delete", "deployment/web-4"});
  deploy({"DaemonSet", "agent", {{"app", image("1.1.1")}}, automatic()});
  ASSERT_TRUE(eventually([] { return inbox().empty(); }));

  const auto writes = accepted_writes(space, mark);
  const auto rollouts = std::count_if(writes.begin(), writes.end(),
                                      [](const std::string& write) { return write.starts_with("patch deployments"); });
  for (const std::string verb : {"list", "get"}) {
    std::string found;
    std::ptrdiff_t accounts = 0, companions = 0, looks = 0;
    for (const auto& entry : plane().audit().entries({.verb = verb, .user = operator_user}, mark))
      if (entry.uri == "/apis/helm.toolkit.fluxcd.io")
        continue;  // whether Flux is here by now, once in half a minute
      else if (entry.resource == "serviceaccounts")
        ++accounts;
      else if (entry.uri.find("labelSelector=app%3D") != std::string::npos)
        ++companions;  // pods and ReplicaSets of a rollout that is followed
      else if (verb == "get" && entry.resource == "deployments")
        ++looks;
      else
        found += entry.uri + "\n";
    EXPECT_EQ(found, "") << verb;
    EXPECT_LE(companions, 4 * rollouts) << "a list of each at the beginning of each rollout, and one at its end";
    EXPECT_LE(looks, rollouts) << "one look before its verdict is believed";
    EXPECT_LE(accounts, 1) << "the pull secrets of the namespace, for all its workloads and minutes";
  }
  EXPECT_EQ(std::count(writes.begin(), writes.end(), "patch deployments web-0"), 3);
}

}  // namespace
}  // namespace headwind::end_to_end
