// SPDX-License-Identifier: Apache-2.0
// Harbor, by its own plugin: tags with the times of their pushes from its API, read with a robot account of the
// project, and the webhook of the project. Harbor is the fake of the plugin's own tests.
#include <optional>

#include "fake_front.hpp"
#include "fixture.hpp"
#include "plugins_harbor/fake_harbor.hpp"

namespace headwind::end_to_end {
namespace {

using registries::FakeHarbor;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kHost = "harbor.test";  // as images name it; no such name is ever resolved
constexpr const char* kPassword = "planted-harbor-password";

class Harbor : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (IsSkipped()) return;
    robot = "robot$" + space + "+headwind";
    harbor->projects[space] = {};
    harbor->users[robot] = {kPassword, {space}};
    push("1.0.0", "2026-01-01T00:00:00.000Z");
  }
  void start_with(bool polling) {
    OperatorSettings with;
    with.polling = polling;
    const Json entry{{"plugin", "harbor"}, {"endpoint", front.url()}};
    with.environment = {"HEADWIND_REGISTRIES=" + Json{{kHost, entry}}.dump()};
    start(with);
  }
  // The digest of what is pushed.
  std::string push(const std::string& tag, const std::string& when) {
    const std::string digest = front.add_image(tag);
    front.change([&] { harbor->projects[space].repositories["app"].push_back({digest, {{tag, when}}, when}); });
    return digest;
  }
  std::string image_there(const std::string& tag) const { return kHost + ("/" + repository()) + ":" + tag; }
  void put_robot_secret(const std::string& password) const {
    put_pull_secret(space, "robot-account", kHost, robot, password);
  }
  void deploy_polled(const std::string& name, const std::string& tag,
                     const std::vector<std::pair<std::string, std::string>>& policy) const {
    Workload made{"Deployment", name, {{"app", image_there(tag)}}, policy, {"robot-account"}};
    made.annotations.insert(made.annotations.end(),
                            {{"require-approval", "false"}, {"min-update-interval", "0"}, {"event-source", "polling"}});
    deploy(made);
  }
  // As Harbor tells a push, by default and as a CloudEvent.
  Json event_data(const std::string& tag, const std::string& digest) const {
    return {{"resources", {{{"digest", digest}, {"tag", tag}, {"resource_url", image_there(tag)}}}},
            {"repository",
             {{"date_created", 1677053165},
              {"name", "app"},
              {"namespace", space},
              {"repo_full_name", repository()},
              {"repo_type", "private"}}}};
  }
  std::string artifacts_path() const { return "/api/v2.0/projects/" + space + "/repositories/app/artifacts?"; }

  std::string robot;
  std::optional<FakeHarbor> harbor;
  FakeFront front{[this](const registries::Request& request) { return harbor->answer(request); }};

  Harbor() { harbor.emplace(front.url()); }
};

TEST_F(Harbor, polling_finds_tags_and_when_they_were_pushed_with_a_robots_pull_secret) {
  push("c0ffee1", "2026-01-02T00:00:00.000Z");
  put_robot_secret(kPassword);
  start_with(true);
  deploy_polled("versions", "1.0.0", {{"policy", "minor"}});
  deploy_polled("commits", "c0ffee1", {{"policy", "glob"}, {"pattern", "*"}});
  push("2.0.0", "2026-01-03T00:00:00.000Z");
  push("1.1.0", "2026-01-04T00:00:00.000Z");
  push("badc0de", "2026-01-05T00:00:00.000Z");
  EXPECT_TRUE(runs(image_there("1.1.0"), "versions"));
  EXPECT_TRUE(runs(image_there("badc0de"), "commits")) << "only the time of its push makes it the newer one";
  EXPECT_GE(front.count("GET " + artifacts_path(), 200), 1U);
  EXPECT_EQ(front.count("GET /v2/" + repository() + "/tags/list"), 0U) << "the API is enough";
  EXPECT_EQ(front.count("GET " + artifacts_path(), 401), 0U) << "the robot is told from the start";
  EXPECT_EQ(headwind->metric("headwind_polling_errors_total"), 0);
  for (const char* name : {"versions", "commits"}) EXPECT_THAT(events_about(space, name, "TagsNotRead"), IsEmpty());
  EXPECT_THAT(headwind->log(), Not(HasSubstr(kPassword)));
}

TEST_F(Harbor, its_webhook_makes_the_update_in_both_of_its_formats) {
  put_robot_secret(kPassword);
  start_with(false);
  deploy({"Deployment", "web", {{"app", image_there("1.0.0")}}, automatic(), {"robot-account"}});
  const std::string first = push("1.1.0", "2026-01-02T00:00:00.000Z");
  const Reply told = OperatorProcess::webhook("harbor", {{"type", "PUSH_ARTIFACT"},
                                                         {"occur_at", 1767312000},
                                                         {"operator", "admin"},
                                                         {"event_data", event_data("1.1.0", first)}});
  EXPECT_EQ(told.status, 200U) << told.body;
  EXPECT_TRUE(runs(image_there("1.1.0")));
  const std::string second = push("1.2.0", "2026-01-03T00:00:00.000Z");
  const Reply event = OperatorProcess::webhook("harbor", {{"specversion", "1.0"},
                                                          {"id", "eed78bb8-35f8-4f9b-b9ab-7ed1a0fbf2a8"},
                                                          {"source", "/projects/2/webhook/policies/15"},
                                                          {"type", "harbor.artifact.pushed"},
                                                          {"datacontenttype", "application/json"},
                                                          {"time", "2026-01-03T00:00:00Z"},
                                                          {"operator", "admin"},
                                                          {"data", event_data("1.2.0", second)}});
  EXPECT_EQ(event.status, 200U) << event.body;
  EXPECT_TRUE(runs(image_there("1.2.0")));
  EXPECT_GE(front.count("HEAD /v2/" + repository() + "/manifests/1.2.0", 200), 1U) << "a hint is not believed";
  EXPECT_EQ(front.count("GET /api/"), 0U) << "nobody needs a list";
}

TEST_F(Harbor, a_robot_that_is_refused_is_told_by_its_secret_until_the_secret_is_right) {
  push("1.1.0", "2026-01-02T00:00:00.000Z");
  put_robot_secret("planted-wrong-password");
  start_with(true);
  deploy_polled("web", "1.0.0", {{"policy", "minor"}});
  ASSERT_TRUE(eventually([&] { return !events_about(space, "web", "TagsNotRead").empty(); })) << headwind->log();
  const std::size_t asked = front.count("GET /service/token", 401);
  ASSERT_TRUE(eventually([&] { return front.count("GET /service/token", 401) > asked; })) << "a second round";
  EXPECT_EQ(image_of(workload()), image_there("1.0.0"));
  const auto told = events_about(space, "web");
  ASSERT_THAT(told, SizeIs(1)) << "once, not each round";
  EXPECT_THAT(told[0], AllOf(HasSubstr(space + "/robot-account"), HasSubstr(kHost), HasSubstr("answered 401"),
                             HasSubstr("\"" + robot + "\"")));
  EXPECT_THAT(told[0] + headwind->log(), Not(HasSubstr("planted")));

  put_robot_secret(kPassword);
  EXPECT_TRUE(runs(image_there("1.1.0"))) << "without a restart";
  EXPECT_GE(front.count("GET " + artifacts_path(), 200), 1U) << "the refusal is not remembered against the API";
}

}  // namespace
}  // namespace headwind::end_to_end
