// SPDX-License-Identifier: Apache-2.0
// What goes away while requests exist: their namespace, their workload, and in the end they themselves.
#include "core/clock.hpp"
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t day = 24LL * 3600 * 1000;

class Absence : public EndToEnd {
 protected:
  // A request in `where` that waits for a person.
  void propose(const std::string& where) {
    for (const char* tag : {"1.0.0", "1.1.0"}) registry().push(where + "/app", tag);
    if (!headwind) start();
    Workload asleep{"Deployment", "web", {{"app", image_in(where, "1.0.0")}}, on_approval()};
    asleep.adjust = [](Json& object) { object["spec"]["replicas"] = 0; };  // no pod holds up a deletion
    create(where, asleep);
    ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", where, "web"); }));
    headwind->announce(registry().host() + "/" + where + "/app", "1.1.0");
    ASSERT_TRUE(eventually([&] { return phase_of(get(requests_path(where, "web-app-1-1-0"))) == "Pending"; }));
  }
  static std::string image_in(const std::string& where, const std::string& tag) {
    return registry().host() + "/" + where + "/app:" + tag;
  }
  std::string message() const {
    const Json found = get(requests_path(space, "web-app-1-1-0"));
    return found.is_object() ? found.value("/status/message"_json_pointer, "") : "gone";
  }
  // As a past Headwind left it.
  void remember(const std::string& name, const std::string& tag, const std::string& phase, std::int64_t days) const {
    const Json target{{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "web"}, {"namespace", space}};
    const Json spec{{"targetRef", target},    {"updateType", "image"},
                    {"containerName", "app"}, {"currentImage", image("1.0.0")},
                    {"newImage", image(tag)}, {"policy", "minor"}};
    const Json made{{"apiVersion", "headwind.sh/v1alpha1"},
                    {"kind", "UpdateRequest"},
                    {"metadata", {{"name", name}}},
                    {"spec", spec}};
    ASSERT_TRUE(plane().call("POST", requests_path(space), made.dump()).ok());
    const Json status{{"phase", phase}, {"lastUpdated", format_rfc3339(system_clock().unix_ms() - days * day)}};
    const auto written = plane().call("PATCH", requests_path(space, name) + "/status", Json{{"status", status}}.dump());
    ASSERT_TRUE(written.ok()) << written.body;
  }
};

TEST_F(Absence, a_namespace_that_is_deleted_takes_its_requests_along_and_nothing_fails) {
  const std::string doomed = space + "-other";
  plane().create_namespace(doomed);
  propose(doomed);
  const double errors = headwind->metric("headwind_reconcile_errors_total");
  const std::uint64_t mark = plane().audit().mark();
  // Its controller waits for some seconds before it deletes what is in it: all is there, and nothing new is taken.
  kubectl({"delete", "namespace", doomed, "--wait=false"});
  ASSERT_EQ(phase_of(get("/api/v1/namespaces/" + doomed)), "Terminating");
  registry().push(doomed + "/app", "1.2.0");
  EXPECT_TRUE(eventually([] { return inbox().empty(); })) << "nobody waits for it: " << inbox();
  ASSERT_TRUE(eventually([&] { return get("/api/v1/namespaces/" + doomed).is_null(); }));
  EXPECT_TRUE(eventually([&] { return !headwind->knows("Deployment", doomed, "web"); }));
  for (const std::string& write : accepted_writes(doomed, mark)) EXPECT_THAT(write, Not(HasSubstr("create")));
  EXPECT_EQ(headwind->metric("headwind_reconcile_errors_total"), errors);
  EXPECT_EQ(headwind->metric("headwind_updates_failed_total"), 0);
  EXPECT_EQ(headwind->ready().status, 200u);
  // One of the same name is a new one.
  plane().create_namespace(doomed);
  propose(doomed);
}

TEST_F(Absence, a_request_whose_workload_is_deleted_waits_and_ends_when_it_is_made_anew) {
  propose(space);
  kubectl({"-n", space, "delete", "deployment", "web", "--wait=true"});
  EXPECT_TRUE(eventually([&] { return message().find("is gone") != std::string::npos; })) << message();
  EXPECT_THAT(message(), HasSubstr("superseded unless it returns within"));
  EXPECT_EQ(phase_of(get(requests_path(space, "web-app-1-1-0"))), "Pending");
  create(space, {"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
  const Json over = request_for("web-app-1-1-0", "Superseded");
  ASSERT_TRUE(over.is_object()) << Json(requests(space));
  EXPECT_THAT(message(), HasSubstr("was deleted and made anew"));
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  const Reply late = headwind->api("POST", "/api/v1/updates/" + space + "/web-app-1-1-0/approve", Json::object());
  EXPECT_EQ(late.status, 409u) << late.body;
}

TEST_F(Absence, T45_a_request_whose_workload_is_gone_fails_when_it_is_approved) {
  propose(space);
  kubectl({"-n", space, "delete", "deployment", "web", "--wait=true"});
  ASSERT_TRUE(eventually([&] { return message().find("is gone") != std::string::npos; })) << message();
  const Reply late = headwind->api("POST", "/api/v1/updates/" + space + "/web-app-1-1-0/approve", Json::object());
  EXPECT_EQ(late.status, 200u) << late.body;
  EXPECT_EQ(phase_of(late.json()), "Failed") << late.body;
  EXPECT_THAT(late.json()["status"].value("message", ""), HasSubstr("Update failed: "));
}

TEST_F(Absence, finished_requests_go_by_count_and_by_age_and_what_is_remembered_stays) {
  registry().push(repository(), "1.5.0");
  create(space, {"Deployment", "web", {{"app", image("1.5.0")}}, on_approval()});
  for (int i = 10; i < 22; ++i) remember("young-" + std::to_string(i), "1.1." + std::to_string(i), "Completed", i - 9);
  for (const auto& [name, phase] : {std::pair("old-a", "Completed"), {"old-b", "Expired"}, {"old-c", "Superseded"}})
    remember(name, "1.2.0", phase, 31);
  remember("bad-and-overtaken", "1.3.0", "Rejected", 31);
  remember("bad-and-young", "1.4.0", "RolledBack", 29);
  remember("bad-and-newer", "1.6.0", "Failed", 31);
  start();
  const auto names = [&] {
    std::string all;
    for (const Json& one : requests(space)) all += name_of(one) + " ";
    return all;
  };
  EXPECT_TRUE(eventually([&] { return requests(space).size() == 12; })) << names();
  EXPECT_EQ(names(),
            "bad-and-newer bad-and-young young-10 young-11 young-12 young-13 young-14 young-15 young-16 young-17 "
            "young-18 young-19 ");
}

}  // namespace
}  // namespace headwind::end_to_end
