// SPDX-License-Identifier: Apache-2.0
// UpdateRequests as kubectl shows them and as others write them, and those of kinds other than Deployment.
#include <fstream>
#include <sstream>

#include "core/clock.hpp"
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> words(const std::string& line) {
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

std::string in_seconds(int seconds) { return format_rfc3339(system_clock().unix_ms() + seconds * 1000); }

class Requests : public EndToEnd {
 protected:
  void run_first() {
    for (const char* tag : {"1.0.0", "1.1.0"}) registry().push(repository(), tag);
    start();
    deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
  }
  Reply approve(const std::string& name, const Json& body = Json::object()) {
    return headwind->api("POST", "/api/v1/updates/" + space + "/" + name + "/approve", body);
  }
  void make_by_hand(const std::string& name, bool require_approval, const std::string& expires_at = {}) {
    Json hand{
        {"apiVersion", "headwind.sh/v1alpha1"},
        {"kind", "UpdateRequest"},
        {"metadata", {{"name", name}}},
        {"spec",
         {{"targetRef", {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "web"}, {"namespace", space}}},
          {"updateType", "image"},
          {"containerName", "app"},
          {"currentImage", image("1.0.0")},
          {"newImage", image("1.1.0")},
          {"policy", "minor"},
          {"requireApproval", require_approval}}}};
    if (!expires_at.empty()) hand["spec"]["expiresAt"] = expires_at;
    const auto made = plane().call("POST", requests_path(space), hand.dump());
    ASSERT_TRUE(made.ok()) << made.body;
  }
  // The shape of examples/updaterequest.yaml of 0.1.x: one that waits, one that claims to be over, for no workload.
  std::string example() const {
    const std::string file = testing::TempDir() + space + ".yaml";
    std::ofstream(file) << "apiVersion: headwind.sh/v1alpha1\n"
                           "kind: UpdateRequest\n"
                           "metadata:\n"
                           "  name: web-update-1-1-0\n"
                           "  namespace: "
                        << space
                        << "\nspec:\n"
                           "  targetRef:\n"
                           "    apiVersion: apps/v1\n"
                           "    kind: Deployment\n"
                           "    name: web\n"
                           "    namespace: "
                        << space
                        << "\n  updateType: image\n"
                           "  containerName: app\n"
                           "  currentImage: "
                        << image("1.0.0") << "\n  newImage: " << image("1.1.0")
                        << "\n  policy: none\n"
                           "  reason: \"New version available: 1.0.0 -> 1.1.0\"\n"
                           "  requireApproval: true\n"
                           "---\n"
                           "apiVersion: headwind.sh/v1alpha1\n"
                           "kind: UpdateRequest\n"
                           "metadata:\n"
                           "  name: cache-update\n"
                           "  namespace: "
                        << space
                        << "\nspec:\n"
                           "  targetRef: {apiVersion: apps/v1, kind: Deployment, name: cache, namespace: "
                        << space
                        << "}\n"
                           "  updateType: image\n"
                           "  containerName: cache\n"
                           "  currentImage: cache:7.2.0\n"
                           "  newImage: cache:7.2.1\n"
                           "  policy: patch\n"
                           "  requireApproval: false\n"
                           "status:\n"
                           "  phase: Completed\n"
                           "  message: Update applied successfully\n"
                           "  lastUpdated: \"2024-01-15T10:00:00Z\"\n";
    return file;
  }
};

TEST_F(Requests, T58_the_example_of_0_1_is_applied_by_kubectl_shown_in_its_columns_and_read) {
  run_first();
  const std::string file = example();
  const std::string printed = kubectl({"apply", "-f", file});
  EXPECT_THAT(printed, HasSubstr("web-update-1-1-0 created"));
  EXPECT_THAT(printed, HasSubstr("cache-update created"));
  // kubectl prints the Table that the server makes of the printer columns.
  for (const char* short_name : {"ur", "upd"}) {
    std::istringstream table(kubectl({"-n", space, "get", short_name, "web-update-1-1-0"}));
    std::string head, row;
    std::getline(table, head), std::getline(table, row);
    EXPECT_THAT(words(head), ElementsAre("NAME", "TARGET", "CONTAINER", "CURRENT", "NEW", "POLICY", "PHASE", "AGE"));
    EXPECT_THAT(words(row), ElementsAre("web-update-1-1-0", "web", "app", image("1.0.0"), image("1.1.0"), "none",
                                        "Pending", testing::_));
  }
  // The status of a manifest is not stored: nothing there to apply it to is what counts.
  const Json lost = request_for("cache-update", "Failed");
  ASSERT_TRUE(lost.is_object()) << Json(requests(space));
  EXPECT_THAT(lost["status"].value("message", ""), HasSubstr("Deployment " + space + "/cache"));
  EXPECT_THAT(kubectl({"apply", "-f", file}), testing::Not(HasSubstr("created")));

  const Json shown = headwind->api("GET", "/api/v1/updates/" + space + "/web-update-1-1-0").json();
  EXPECT_EQ(shown["spec"]["policy"], "none");
  EXPECT_EQ(phase_of(shown), "Pending");
  EXPECT_EQ(approve("web-update-1-1-0").status, 200u);
  EXPECT_EQ(image_of(workload()), image("1.1.0"));
}

TEST_F(Requests, T59_an_approval_updates_sets_with_a_time_that_parses_and_tells_it_once) {
  registry().push(repository(), "1.0.0");
  start();
  const std::vector<std::pair<std::string, std::string>> kinds{{"StatefulSet", "store"}, {"DaemonSet", "agent"}};
  for (const auto& [kind, name] : kinds)
    deploy({kind, name, {{"app", image("1.0.0")}, {"side", "busybox:1.36.0"}}, on_approval()});
  registry().push(repository(), "1.1.0");
  for (const auto& [kind, name] : kinds) {
    const std::string request = name + "-1-1-0";
    ASSERT_TRUE(request_for(request, "Pending").is_object()) << Json(requests(space));
    const Reply done = approve(request, {{"approver", "a@x"}});
    ASSERT_EQ(done.status, 200u) << done.body;
    EXPECT_EQ(phase_of(done.json()), "Completed");
    const Json now = workload(name, kind);
    EXPECT_EQ(image_of(now), image("1.1.0"));
    EXPECT_EQ(image_of(now, "side"), "busybox:1.36.0");
    const auto when = parse_rfc3339(annotation_of(now, "last-update"));
    ASSERT_TRUE(when) << annotation_of(now, "last-update");
    EXPECT_NEAR(static_cast<double>(*when), static_cast<double>(system_clock().unix_ms()), 60'000);
    const Json history = history_of(now);
    ASSERT_EQ(history.size(), 2u) << history;
    EXPECT_EQ(history[0]["image"], image("1.1.0"));
    EXPECT_EQ(history[0]["approvedBy"], "a@x") << "the approver has a place of their own";
    EXPECT_EQ(history[0]["updateRequestName"], request);
    EXPECT_EQ(history[1]["image"], image("1.0.0"));
  }
  for (const auto& [kind, name] : kinds) {
    const std::string followed = name;
    EXPECT_TRUE(eventually([&] { return !events_about(space, followed, "RolledOut").empty(); })) << kind;
  }
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "update_completed") >= 2; }));
  std::vector<std::string> told;
  for (const Json& one : receiver->about(space))
    if (one["event"] == "update_completed") told.push_back(one["deployment"].value("resourceKind", ""));
  EXPECT_THAT(told, testing::UnorderedElementsAre("StatefulSet", "DaemonSet"));
}

TEST_F(Requests, T60_a_request_made_by_hand_without_approval_is_applied) {
  run_first();
  make_by_hand("by-hand", false, in_seconds(3600));
  EXPECT_TRUE(runs(image("1.1.0")));
  EXPECT_EQ(phase_of(request_in("Completed")), "Completed");
}

TEST_F(Requests, T60_what_is_made_by_hand_expires_when_it_says) {
  run_first();
  const std::uint64_t mark = plane().audit().mark();
  make_by_hand("too-late", false, in_seconds(-60));
  EXPECT_TRUE(request_for("too-late", "Expired").is_object()) << Json(requests(space));
  const std::string until = in_seconds(2);
  make_by_hand("for-a-moment", true, until);
  const Json expired = request_for("for-a-moment", "Expired");
  ASSERT_TRUE(expired.is_object()) << Json(requests(space));
  EXPECT_GE(*parse_rfc3339(expired["status"]["lastUpdated"].get<std::string>()), *parse_rfc3339(until));
  for (const char* name : {"too-late", "for-a-moment"}) {
    const Reply refused = approve(name);
    EXPECT_EQ(refused.status, 409u) << name;
    EXPECT_EQ(refused.json()["current_phase"], "Expired") << name;
  }
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  EXPECT_THAT(accepted_writes(space, mark), testing::Not(testing::Contains("patch deployments web")));
}

}  // namespace
}  // namespace headwind::end_to_end
