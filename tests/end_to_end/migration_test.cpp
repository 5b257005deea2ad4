// SPDX-License-Identifier: Apache-2.0
// A cluster on which Headwind 0.1.x ran: its objects, annotations and ConfigMap are taken as they are.
#include <thread>

#include "core/clock.hpp"
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::IsEmpty;

class Migration : public EndToEnd {
 protected:
  // As 0.1.x created it: no labels, no owner, no action; its status was dropped.
  void request_of_old(const std::string& name, const std::string& from, const std::string& to,
                      const Json& status) const {
    const Json object{
        {"apiVersion", "headwind.sh/v1alpha1"},
        {"kind", "UpdateRequest"},
        {"metadata", {{"name", name}}},
        {"spec",
         {{"targetRef", {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "web"}, {"namespace", space}}},
          {"updateType", "image"},
          {"containerName", "app"},
          {"currentImage", from},
          {"newImage", to},
          {"policy", "none"},
          {"reason", "New version available"},
          {"requireApproval", true},
          {"expiresAt", "2099-01-01T00:00:00Z"}}}};
    ASSERT_EQ(plane().call("POST", requests_path(space), object.dump()).status, 201u);
    if (status.empty()) return;
    ASSERT_TRUE(plane().call("PATCH", requests_path(space, name) + "/status", Json{{"status", status}}.dump()).ok());
  }
};

TEST_F(Migration, T128_nothing_is_applied_again_or_recreated) {
  for (const char* tag : {"1.0.0", "1.1.0", "1.2.0"}) silent_registry().push(repository(), tag);
  const std::string name = silent_registry().host() + "/" + repository();
  Workload web{"Deployment", "web", {{"app", name + ":1.1.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}}};
  web.annotations.emplace_back("last-update", "2025-11-06T10:31:00.123+00:00 (approved by a@x)");
  web.annotations.emplace_back("update-history", Json{{{"container", "app"},
                                                       {"image", name + ":1.1.0"},
                                                       {"timestamp", "2025-11-06T10:31:00Z"},
                                                       {"updateRequestName", "web-app-1-1-0"},
                                                       {"approvedBy", "a@x"}}}
                                                     .dump());
  create(space, web);
  const std::string now = format_rfc3339(system_clock().unix_ms());  // younger than what is pruned by age
  request_of_old("web-app-1-1-0", name + ":1.0.0", name + ":1.1.0",
                 {{"phase", "Completed"},
                  {"approvedBy", "a@x"},
                  {"message", "Update applied successfully"},
                  {"lastUpdated", now}});
  request_of_old("web-app-1-2-0", name + ":1.1.0", name + ":1.2.0",
                 {{"phase", "Rejected"}, {"rejectedBy", "a@x"}, {"message", "Rejected by user"}, {"lastUpdated", now}});
  kubectl({"-n", home, "create", "configmap", "headwind-config", "--from-literal=polling.enabled=false",
           "--from-literal=slack.enabled=false"});
  const std::uint64_t mark = plane().audit().mark();
  OperatorSettings old = settings();
  old.registry = silent_registry().host();
  start(old);
  ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", space, "web"); }));
  for (const char* tag : {"1.1.0", "1.2.0"}) EXPECT_EQ(headwind->announce(name, tag).status, 200u);
  EXPECT_TRUE(eventually([] { return inbox().empty(); })) << inbox();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_EQ(image_of(workload()), name + ":1.1.0");
  EXPECT_THAT(accepted_writes(space, mark), IsEmpty());
  EXPECT_EQ(requests(space).size(), 2u);
  kubectl({"-n", home, "delete", "configmap", "headwind-config"});
}

TEST_F(Migration, T58_T128_a_request_that_waited_there_with_policy_none_is_approved_here) {
  for (const char* tag : {"1.0.0", "1.1.0"}) silent_registry().push(repository(), tag);
  const std::string name = silent_registry().host() + "/" + repository();
  create(space, {"Deployment", "web", {{"app", name + ":1.0.0"}}, on_approval()});
  request_of_old("web-app-1-1-0", name + ":1.0.0", name + ":1.1.0", {});
  OperatorSettings old = settings();
  old.registry = silent_registry().host();
  start(old);
  ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", space, "web"); }));
  const Reply reply =
      headwind->api("POST", "/api/v1/updates/" + space + "/web-app-1-1-0/approve", {{"approver", "a@x"}});
  EXPECT_EQ(reply.status, 200u) << reply.body;
  EXPECT_TRUE(runs(name + ":1.1.0"));
  EXPECT_TRUE(request_in("Completed").is_object());
}

}  // namespace
}  // namespace headwind::end_to_end
