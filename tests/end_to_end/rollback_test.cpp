// SPDX-License-Identifier: Apache-2.0
// What ran before: kept with the workload, read and gone back to over 8081; what was left is remembered.
#include <atomic>
#include <set>
#include <thread>

#include "core/clock.hpp"
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::set<std::string> keys_of(const Json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

Json entry(const std::string& container, const std::string& image, const std::string& minute) {
  return {{"container", container}, {"image", image}, {"timestamp", "2025-11-06T10:" + minute + ":00Z"}};
}

class Rollback : public EndToEnd {
 protected:
  std::string name() const { return registry().host() + "/" + repository(); }
  std::string path() const { return "/api/v1/rollback/" + space + "/web"; }
  Reply roll_back(const Json& body) { return headwind->api("POST", path(), body); }
  // A Deployment that went from 1.0.0 to 1.1.0 by itself, with history of one update.
  void update_once(std::vector<std::pair<std::string, std::string>> annotations = automatic()) {
    registry().push(repository(), "1.0.0");
    start();
    deploy({"Deployment", "web", {{"app", image("1.0.0")}}, std::move(annotations)});
    registry().push(repository(), "1.1.0");
    ASSERT_TRUE(runs(image("1.1.0")));
  }
  std::vector<std::string> writes(std::uint64_t mark) const { return accepted_writes(space, mark); }
};

TEST_F(Rollback, T62_T63_T65_history_is_kept_ten_deep_per_container_and_read_newest_first) {
  registry().push(repository(), "1.0.0");
  start();
  Workload two{"Deployment", "web", {{"app", image("1.0.0")}, {"side", "busybox:1.36.0"}}, automatic()};
  // As 0.1.x wrote it: what is there already stays, but for the eleventh of the container that moves.
  Json before{entry("app", image("1.0.0"), "40"), entry("side", "busybox:1.36.0", "35")};
  for (int minute = 30; minute > 21; --minute)
    before.push_back(entry("app", image("0.0." + std::to_string(minute)), std::to_string(minute)));
  before.push_back(entry("side", "busybox:1.35.0", "10"));
  two.annotations.emplace_back("update-history", before.dump());
  deploy(two);
  registry().push(repository(), "1.1.0");
  ASSERT_TRUE(runs(image("1.1.0")));

  Json expected = before;
  expected.erase(10);  // 0.0.22
  Json kept = history_of(workload());
  ASSERT_EQ(kept.size(), 12u) << kept;
  const Json newest = kept[0];
  kept.erase(0);
  EXPECT_EQ(kept, expected);
  EXPECT_EQ(newest["container"], "app");
  EXPECT_EQ(newest["image"], image("1.1.0"));
  const auto written = parse_rfc3339(newest["timestamp"].get<std::string>());
  ASSERT_TRUE(written) << newest;
  EXPECT_NEAR(static_cast<double>(*written), static_cast<double>(system_clock().unix_ms()), 60'000);

  ASSERT_TRUE(eventually([&] { return headwind->api("GET", path()).json()["entries"].size() == 12; }));
  const Reply all = headwind->api("GET", path());
  EXPECT_EQ(all.status, 200u);
  EXPECT_THAT(keys_of(all.json()), ElementsAre("entries"));
  const Json entries = all.json()["entries"];
  EXPECT_EQ(entries[0]["image"], image("1.1.0"));
  EXPECT_EQ(Json(entries.begin() + 1, entries.end()), expected);
  EXPECT_EQ(headwind->api("GET", path() + "/history").json(), entries) << "what 0.1.x documents: the array alone";

  const Json app = headwind->api("GET", path() + "?container=app").json()["entries"];
  ASSERT_THAT(app, SizeIs(10));
  EXPECT_EQ(app[0], entries[0]);
  EXPECT_EQ(app[1], before[0]);
  EXPECT_EQ(app[9]["image"], image("0.0.23"));
  const Json side = headwind->api("GET", path() + "?container=side").json()["entries"];
  EXPECT_EQ(side, Json::array({before[1], before[11]}));
  EXPECT_EQ(headwind->api("GET", path() + "?container=other").json()["entries"], Json::array());

  for (const char* suffix : {"", "/history", "?container=app"}) {
    const Reply missing = headwind->api("GET", "/api/v1/rollback/" + space + "/nope" + suffix);
    EXPECT_EQ(missing.status, 404u) << suffix;
    EXPECT_THAT(missing.json().value("error", ""), HasSubstr(space + "/nope")) << suffix;
  }
}

TEST_F(Rollback, T64_T65_T66_T70_both_routes_go_back_and_say_what_they_did) {
  update_once();
  const std::uint64_t mark = plane().audit().mark();
  const Reply none = roll_back({{"container", "app"}, {"index", 9}});
  EXPECT_EQ(none.status, 404u);
  EXPECT_TRUE(none.json().value("error", "").starts_with("No history entry found at index 9: ")) << none.body;
  EXPECT_EQ(none.json().value("deployment", ""), "web");
  EXPECT_EQ(none.json().value("container", ""), "app");
  EXPECT_EQ(none.json().value("index", 0), 9);
  for (const Json& wrong : {Json::object(), Json{{"index", 1}}, Json{{"container", 1}}}) {
    const Reply refused = roll_back(wrong);
    EXPECT_EQ(refused.status, 422u) << wrong;
    EXPECT_THAT(refused.json().value("error", ""), HasSubstr("container")) << wrong;
  }
  EXPECT_THAT(writes(mark), ElementsAre());

  // Right after the first update: to what ran before Headwind.
  const Reply back = roll_back({{"container", "app"}, {"index", 1}, {"user", "op"}, {"reason", "slow"}});
  ASSERT_EQ(back.status, 200u) << back.body;
  Json answer = back.json();
  EXPECT_EQ(answer.value("updateRequestName", ""), name_of(request_in("RolledBack")));
  answer.erase("updateRequestName");
  EXPECT_EQ(answer, Json({{"message", "Rollback successful"},
                          {"deployment", "web"},
                          {"namespace", space},
                          {"container", "app"},
                          {"image", image("1.0.0")},
                          {"user", "op"},
                          {"reason", "slow"}}));
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  EXPECT_EQ(history_of(workload())[0].value("image", ""), image("1.0.0"));
  EXPECT_EQ(history_of(workload())[0].value("approvedBy", ""), "op");

  registry().push(repository(), "1.2.0");
  ASSERT_TRUE(runs(image("1.2.0")));
  ASSERT_TRUE(eventually([&] { return headwind->api("GET", path()).json()["entries"][0]["image"] == image("1.2.0"); }));
  const Reply documented = headwind->api("POST", path() + "/app");
  ASSERT_EQ(documented.status, 200u) << documented.body;
  answer = documented.json();
  answer.erase("updateRequestName");
  EXPECT_EQ(answer, Json({{"message", "Rollback successful"},
                          {"deployment", "web"},
                          {"namespace", space},
                          {"container", "app"},
                          {"image", image("1.0.0")},
                          {"user", nullptr},
                          {"reason", nullptr}}));
  EXPECT_EQ(image_of(workload()), image("1.0.0"));

  EXPECT_EQ(headwind->metric("headwind_rollbacks_total"), 2);
  EXPECT_EQ(headwind->metric("headwind_rollbacks_manual_total"), 2);
  EXPECT_EQ(headwind->metric("headwind_rollbacks_automatic_total"), 0);
  EXPECT_EQ(headwind->metric("headwind_rollbacks_failed_total"), 0);
  for (const char* event : {"rollback_triggered", "rollback_completed"})
    EXPECT_TRUE(eventually([&] { return receiver->count(space, event) == 2; })) << event;
  for (const Json& told : receiver->about(space)) {
    if (told["event"] != "rollback_completed") continue;
    EXPECT_EQ(told["deployment"]["newImage"], image("1.0.0"));
    EXPECT_EQ(told["deployment"]["name"], "web");
  }
}

TEST_F(Rollback, T67_a_bad_version_returns_neither_by_webhook_nor_by_poll_until_it_is_released) {
  auto annotations = automatic();
  annotations.emplace_back("event-source", "both");
  update_once(annotations);
  ASSERT_EQ(roll_back({{"container", "app"}}).status, 200u);
  const Json remembered = request_in("RolledBack");
  ASSERT_TRUE(remembered.is_object()) << remembered;
  EXPECT_EQ(remembered["spec"]["newImage"], image("1.1.0"));
  ASSERT_TRUE(eventually([&] { return request_in("RolledBack").dump().find("RolloutComplete") != std::string::npos; }));

  // Again and again, and once more after a restart that polls, too.
  const std::uint64_t mark = plane().audit().mark();
  EXPECT_EQ(roll_back({{"container", "app"}}).status, 404u) << "twice does not return to the bad version";
  EXPECT_EQ(roll_back({{"container", "app"}, {"index", 1}}).status, 409u) << "not even by its index";
  EXPECT_EQ(headwind->announce(name(), "1.1.0").status, 200u);
  EXPECT_EQ(headwind->stop(), 0);
  OperatorSettings polling = settings();
  polling.polling = true;
  start(polling);
  EXPECT_TRUE(eventually([&] { return headwind->metric("headwind_polling_images_checked_total") >= 1; }));
  EXPECT_EQ(headwind->announce(name(), "1.1.0").status, 200u);  // once it is dealt with, so is the list
  EXPECT_TRUE(eventually([] { return inbox().empty(); })) << inbox();
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  EXPECT_THAT(writes(mark), ElementsAre());

  const std::string request = "/api/v1/updates/" + space + "/" + name_of(remembered);
  const Reply released = headwind->api("POST", request + "/release", Json::object());
  ASSERT_EQ(released.status, 200u) << released.body;
  EXPECT_TRUE(runs(image("1.1.0"))) << "released, so the next list brings it back: nobody announces it";
}

TEST_F(Rollback, T67_what_is_newer_than_a_bad_version_is_applied) {
  update_once();
  ASSERT_EQ(roll_back({{"container", "app"}}).status, 200u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(headwind->announce(name(), "1.1.0").status, 200u);
  registry().push(repository(), "1.1.1");
  EXPECT_TRUE(runs(image("1.1.1")));
  EXPECT_THAT(history_of(workload()), SizeIs(4)) << "before, bad, back, newer";
}

TEST_F(Rollback, T68_a_container_that_was_renamed_is_not_found_and_none_is_added) {
  update_once();
  const Json rename{{{"op", "replace"}, {"path", "/spec/template/spec/containers/0/name"}, {"value", "main"}}};
  ASSERT_TRUE(plane().call("PATCH", path_of("Deployment", space, "web"), rename.dump()).ok());
  const std::uint64_t mark = plane().audit().mark();
  // At once, before the watch may have told; and when it has.
  const Reply refused = roll_back({{"container", "app"}});
  EXPECT_THAT(refused.status, testing::AnyOf(404u, 409u)) << refused.body;
  EXPECT_EQ(refused.json().value("container", ""), "app");
  EXPECT_TRUE(eventually([&] { return roll_back({{"container", "app"}}).status == 404u; }));
  EXPECT_EQ(roll_back({{"container", "main"}}).status, 404u) << "it has no history of its own";
  const Json containers = workload().at("/spec/template/spec/containers"_json_pointer);
  ASSERT_THAT(containers, SizeIs(1));
  EXPECT_EQ(containers[0]["name"], "main");
  EXPECT_EQ(containers[0]["image"], image("1.1.0"));
  EXPECT_THAT(writes(mark), testing::Not(testing::Contains("patch deployments web")));
}

TEST_F(Rollback, T69_what_others_annotate_in_the_meantime_survives) {
  registry().push(repository(), "1.0.0");
  start();
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, automatic()});
  const std::uint64_t mark = plane().audit().mark();
  std::atomic<bool> over = false;
  std::atomic<int> written = 0;
  // As kubectl annotate does it, only quicker.
  std::thread others([&] {
    for (int i = 0; !over; ++i) {
      const Json patch{{"metadata", {{"annotations", {{"example.com/n" + std::to_string(i), "yes"}}}}}};
      if (plane().call("PATCH", path_of("Deployment", space, "web"), patch.dump()).ok()) written = i + 1;
    }
  });
  bool all = true;
  for (const char* tag : {"1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0"}) {
    registry().push(repository(), tag);
    all = all && runs(image(tag));
  }
  kubectl({"-n", space, "annotate", "deployment/web", "example.com/by-hand=yes"});
  over = true;
  others.join();
  ASSERT_TRUE(all) << workload();
  const Json annotations = workload().at("/metadata/annotations"_json_pointer);
  EXPECT_GT(written, 5);
  for (int i = 0; i < written; ++i) EXPECT_EQ(annotations.value("example.com/n" + std::to_string(i), ""), "yes") << i;
  EXPECT_EQ(annotations.value("example.com/by-hand", ""), "yes");
  std::vector<std::string> ran;
  for (const Json& one : history_of(workload())) ran.push_back(one.value("image", ""));
  EXPECT_THAT(
      ran, ElementsAre(image("1.5.0"), image("1.4.0"), image("1.3.0"), image("1.2.0"), image("1.1.0"), image("1.0.0")));
  EXPECT_THAT(writes(mark), SizeIs(5));
}

}  // namespace
}  // namespace headwind::end_to_end
