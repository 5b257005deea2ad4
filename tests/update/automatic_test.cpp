// SPDX-License-Identifier: Apache-2.0
// Updates that may happen at once: one patch each.
#include <gtest/gtest.h>

#include "core/clock.hpp"
#include "update/history.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;
const Annotations automatic{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}};

struct Automatic : ::testing::Test {
  World& begin() {
    World& world = launch(store);
    world.start();
    return world;
  }
  Annotations with(const std::string& key, const std::string& value) const {
    Annotations annotations = automatic;
    annotations[key] = value;
    return annotations;
  }
  std::size_t told(EventType type) const {
    return static_cast<std::size_t>(
        std::count_if(store.told.begin(), store.told.end(), [&](const Notification& n) { return n.type == type; }));
  }
  Store store;
};

TEST_F(Automatic, T13_only_the_matching_container_changes) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}, {"other", "redis:7.0.0"}}, automatic);
  const auto before = store.object(deployment("web"));
  World& world = begin();
  ASSERT_TRUE(world.push(nginx, "1.26.0"));
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(store.image("web", "other"), "redis:7.0.0");
  auto after = store.object(deployment("web"));
  auto expected = before;
  expected["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.26.0";
  EXPECT_EQ(after["spec"], expected["spec"]) << "env and everything else stay";
  EXPECT_TRUE(store.requests.empty()) << "an update that may happen now is one patch";
  EXPECT_EQ(world.look_ups, 1U);
}

TEST_F(Automatic, T14_history_last_update_notification_and_metric) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, automatic);
  World& world = begin();
  ASSERT_TRUE(world.push(nginx, "1.25.1"));
  const auto metadata = store.object(deployment("web"))["metadata"]["annotations"];
  const auto history = read_history(metadata["headwind.sh/update-history"].get<std::string>());
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].image, "nginx:1.25.1");
  EXPECT_EQ(history[1].image, "nginx:1.25.0") << "what ran before the first update can be rolled back to";
  EXPECT_TRUE(parse_rfc3339(metadata["headwind.sh/last-update"].get<std::string>()));
  EXPECT_EQ(told(EventType::update_completed), 1U);
  EXPECT_EQ(world.compat.updates_applied_total.value(), 1);
}

TEST_F(Automatic, T10_the_users_own_spelling_is_kept) {
  store.deploy("Deployment", "a", {{"app", "index.docker.io/library/nginx:1.25.0"}}, automatic);
  store.deploy("Deployment", "b", {{"app", "docker.io/nginx:1.25.0"}}, automatic);
  begin().push(nginx, "1.26.0");
  EXPECT_EQ(store.image("a"), "index.docker.io/library/nginx:1.26.0");
  EXPECT_EQ(store.image("b"), "docker.io/nginx:1.26.0");
}

TEST_F(Automatic, a_pinned_image_stays_pinned_to_the_new_digest) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0@sha256:" + std::string(64, 'a')}}, automatic);
  const std::string digest = "sha256:" + std::string(64, 'b');
  begin().push(nginx, "1.26.0", digest);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0@" + digest);
}

TEST_F(Automatic, T08_another_registrys_repository_of_that_name_is_not_touched) {
  store.deploy("Deployment", "web", {{"app", "org/app:1.0.0"}}, automatic);
  begin().push("registry.test:5000/org/app", "1.0.1");
  EXPECT_EQ(store.image("web"), "org/app:1.0.0");
}

TEST_F(Automatic, T11_T33_never_the_same_nor_an_older_version) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.3"}}, automatic);
  World& world = begin();
  for (const char* tag : {"1.25.3", "1.25.2", "0.9.0", "2.0.0", "latest"}) world.push(nginx, tag);
  EXPECT_EQ(store.image("web"), "nginx:1.25.3");
  EXPECT_EQ(store.patches, 0U);
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
  EXPECT_TRUE(store.inbox.empty()) << "a held hint is done with";
}

TEST_F(Automatic, T15_without_a_policy_nothing_happens) {
  store.deploy("Deployment", "a", {{"app", "nginx:1.25.0"}}, {{"require-approval", "false"}});
  store.deploy("Deployment", "b", {{"app", "nginx:1.25.0"}}, with("policy", "none"));
  begin().push(nginx, "1.26.0");
  EXPECT_EQ(store.patches, 0U);
}

TEST_F(Automatic, T16_T17_the_policys_case_does_not_matter_on_any_kind) {
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"})
    store.deploy(kind, "web", {{"app", "nginx:1.25.0"}}, with("policy", "Minor"));
  begin().push(nginx, "1.26.0");
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"})
    EXPECT_EQ(store.image("web", "app", kind), "nginx:1.26.0") << kind;
}

TEST_F(Automatic, T18_a_wrong_policy_skips_only_that_workload_and_is_told) {
  store.deploy("Deployment", "bad", {{"app", "nginx:1.25.0"}}, with("policy", "bogus"));
  store.deploy("Deployment", "worse", {{"app", "nginx:1.25.0"}}, with("min-update-interval", "soon"));
  store.deploy("Deployment", "good", {{"app", "nginx:1.25.0"}}, automatic);
  store.deploy("Deployment", "typo", {{"app", "nginx:1.25.0"}}, with("images", "ap"));
  World& world = begin();
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("typo"), "nginx:1.25.0");
  EXPECT_EQ(store.image("bad"), "nginx:1.25.0");
  EXPECT_EQ(store.image("worse"), "nginx:1.25.0");
  EXPECT_EQ(store.image("good"), "nginx:1.26.0");
  const auto tells = [&](const std::string& what) {
    return std::count_if(store.events.begin(), store.events.end(),
                         [&](const std::string& e) { return e.find(what) != std::string::npos; });
  };
  EXPECT_EQ(tells("headwind.sh/policy is 'bogus'"), 1) << "once, however often the workload is seen";
  EXPECT_EQ(tells("headwind.sh/min-update-interval is 'soon'"), 1);
  EXPECT_EQ(
      tells("headwind.sh/images names 'ap', which is neither a container nor a repository of this workload; there "
            "are: app"),
      1);
  EXPECT_NE(world.metrics.text().find("headwind_annotation_errors_total{annotation=\"headwind.sh/policy\"} 1"),
            std::string::npos);
}

TEST_F(Automatic, T19_T20_images_selects_by_container_or_image_on_every_kind) {
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"}) {
    store.deploy(kind, "named", {{"app", "nginx:1.25.0"}, {"sidecar", "nginx:1.25.0"}}, with("images", "app"));
    store.deploy(kind, "imaged", {{"app", "nginx:1.25.0"}, {"sidecar", "redis:1.25.0"}}, with("images", "nginx"));
  }
  World& world = begin();
  world.push(nginx, "1.26.0");
  world.push("docker.io/library/redis", "1.26.0");
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"}) {
    EXPECT_EQ(store.image("named", "app", kind), "nginx:1.26.0");
    EXPECT_EQ(store.image("named", "sidecar", kind), "nginx:1.25.0");
    EXPECT_EQ(store.image("imaged", "app", kind), "nginx:1.26.0");
    EXPECT_EQ(store.image("imaged", "sidecar", kind), "redis:1.25.0");
  }
}

TEST_F(Automatic, T21_event_source_decides_who_listens_to_webhooks) {
  for (const char* source : {"webhook", "both", "polling", "none"})
    store.deploy("Deployment", source, {{"app", "nginx:1.25.0"}}, with("event-source", source));
  begin().push(nginx, "1.26.0");
  EXPECT_EQ(store.image("webhook"), "nginx:1.26.0");
  EXPECT_EQ(store.image("both"), "nginx:1.26.0");
  EXPECT_EQ(store.image("polling"), "nginx:1.25.0");
  EXPECT_EQ(store.image("none"), "nginx:1.25.0");
}

TEST_F(Automatic, T22_T23_other_containers_do_not_disturb) {
  store.deploy("StatefulSet", "a", {{"init", "busybox"}, {"app", "nginx:1.25.0"}}, automatic);
  store.deploy("StatefulSet", "b", {{"exporter", "nginx/nginx-prometheus-exporter:0.11.0"}, {"app", "nginx:1.25.0"}},
               automatic);
  begin().push(nginx, "1.26.0");
  EXPECT_EQ(store.image("a", "app", "StatefulSet"), "nginx:1.26.0");
  EXPECT_EQ(store.image("a", "init", "StatefulSet"), "busybox");
  EXPECT_EQ(store.image("b", "exporter", "StatefulSet"), "nginx/nginx-prometheus-exporter:0.11.0");
  EXPECT_EQ(store.image("b", "app", "StatefulSet"), "nginx:1.26.0");
}

TEST_F(Automatic, T24_two_containers_of_one_image_move_in_one_patch) {
  store.deploy("StatefulSet", "db", {{"app", "nginx:1.25.0"}, {"aux", "nginx:1.25.0"}}, automatic);
  begin().push(nginx, "1.26.0");
  EXPECT_EQ(store.image("db", "app", "StatefulSet"), "nginx:1.26.0");
  EXPECT_EQ(store.image("db", "aux", "StatefulSet"), "nginx:1.26.0");
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(Automatic, T30_a_tag_that_the_registry_does_not_have_changes_nothing_and_is_told) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, automatic);
  EngineOptions options = quick();
  options.confirm_window = std::chrono::milliseconds(0);
  World& world = launch(store, options);
  world.start();
  world.webhook(nginx, "1.26.0");
  EXPECT_EQ(store.patches, 0U);
  ASSERT_FALSE(store.events.empty());
  EXPECT_NE(store.events.back().find("nginx:1.26.0 was announced, but:"), std::string::npos);
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

TEST_F(Automatic, one_look_up_per_push_however_many_workloads) {
  for (int i = 0; i < 50; ++i)
    store.deploy("Deployment", "web" + std::to_string(i), {{"app", "nginx:1.25.0"}}, automatic);
  World& world = begin();
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.patches, 50U);
  EXPECT_EQ(world.look_ups, 1U);
}

TEST_F(Automatic, ten_thousand_events_for_fifty_repositories_are_about_fifty_look_ups) {
  std::vector<Hint> hints(50);
  for (std::size_t i = 0; i < hints.size(); ++i) {
    hints[i].repository = "registry.test/app-" + std::to_string(i);
    hints[i].tag = "1.26.0";
    store.deploy("Deployment", "app-" + std::to_string(i), {{"app", hints[i].repository + ":1.25.0"}}, automatic);
    store.push(hints[i].repository, hints[i].tag);
  }
  World& world = launch(store, EngineOptions{});
  world.start();
  for (int event = 0; event < 200; ++event)
    spawn(world.io.get_executor(), "announce",
          [](World* to, std::vector<Hint> all) -> Task<> { (void)co_await to->engine->take(all); }(&world, hints));
  world.settle();
  EXPECT_EQ(store.patches, 50U);
  EXPECT_GE(world.look_ups, 50U);
  EXPECT_LE(world.look_ups, 100U) << "once, and once more for what came meanwhile";
}

TEST_F(Automatic, a_tag_that_is_announced_without_pause_is_applied_and_asked_for_once_per_pause) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, automatic);
  EngineOptions options = quick();
  options.confirm_pause = std::chrono::milliseconds(200);
  World& world = launch(store, options);
  world.start();
  Hint hint;
  hint.repository = nginx;
  hint.tag = "1.26.0";
  const auto announce = [&] {
    spawn(world.io.get_executor(), "announce",
          [](World* to, Hint again) -> Task<> { (void)co_await to->engine->take({again}); }(&world, hint));
  };
  const auto run_until = [&](const std::function<bool()>& reached) {
    const std::int64_t start = system_clock().mono_ms();
    while (!reached() && system_clock().mono_ms() - start < 5000) {
      world.io.restart();
      world.io.run_for(std::chrono::milliseconds(1));
    }
    return reached();
  };
  std::size_t announced = 0;
  world.while_asked = [&] {
    if (++announced < 3) announce();
  };
  store.push(nginx, "1.26.0");
  announce();
  EXPECT_TRUE(run_until([&] { return store.patches == 1; }));
  EXPECT_EQ(world.look_ups, 1U);  // the update did not wait for the second one
  EXPECT_TRUE(run_until([&] { return world.look_ups == 3; }));
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(store.patches, 1U);
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

TEST_F(Automatic, T77_the_minimum_interval_delays_and_is_counted_once) {
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"})
    store.deploy(kind, "web", {{"app", "nginx:1.25.0"}}, with("min-update-interval", "1"));
  World& world = begin();
  world.push(nginx, "1.25.1");
  world.push(nginx, "1.25.2");
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"})
    EXPECT_EQ(store.image("web", "app", kind), "nginx:1.25.1");
  EXPECT_EQ(world.compat.updates_skipped_interval_total.value(), 3);
  EXPECT_EQ(std::count_if(store.events.begin(), store.events.end(),
                          [](const std::string& event) { return event.find("UpdateWaits: ") != std::string::npos; }),
            3);
  EXPECT_EQ(store.inbox.size(), 1U) << "what waits for a timer stays in the inbox";
  for (int i = 0; i < 3000 && store.patches < 6; ++i)
    world.io.restart(), world.io.run_for(std::chrono::milliseconds(1));
  world.settle();
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"})
    EXPECT_EQ(store.image("web", "app", kind), "nginx:1.25.2") << "without a new event";
  EXPECT_EQ(world.compat.updates_skipped_interval_total.value(), 3);
  EXPECT_TRUE(store.inbox.empty());
}

TEST_F(Automatic, T77_without_the_annotation_it_is_300_seconds_for_every_kind) {
  const std::string chart = "https://charts.test/stable/app";
  for (const auto& [name, seconds] : {std::pair("early", 290), std::pair("late", 301)}) {
    Annotations annotations = automatic;
    annotations.erase("min-update-interval");
    annotations["last-update"] = format_rfc3339(system_clock().unix_ms() - seconds * 1000LL);
    for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet", "CronJob"})
      store.deploy(kind, name, {{"app", "nginx:1.25.0"}}, annotations);
    store.release(name, chart, "1.2.3", annotations);
  }
  World& world = begin();
  world.push(nginx, "1.26.0");
  world.push(chart, "1.2.4");
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet", "CronJob"}) {
    EXPECT_EQ(store.image("early", "app", kind), "nginx:1.25.0") << kind;
    EXPECT_EQ(store.image("late", "app", kind), "nginx:1.26.0") << kind;
  }
  EXPECT_EQ(store.chart_version("early"), "1.2.3");
  EXPECT_EQ(store.chart_version("late"), "1.2.4");
  EXPECT_EQ(world.compat.updates_skipped_interval_total.value(), 5);
}

TEST_F(Automatic, a_conflicting_edit_is_read_again_and_survives) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, automatic);
  World& world = begin();
  // Somebody put a container in front before the watch told us: the pointer names another one now.
  store.edit(deployment("web"), [](nlohmann::json& object) {
    auto& containers = object["spec"]["template"]["spec"]["containers"];
    const nlohmann::json proxy = {{"name", "proxy"}, {"image", "nginx:1.25.0"}};
    containers.insert(containers.begin(), proxy);
    object["metadata"]["annotations"]["team"] = "shop";
  });
  world.store.push(nginx, "1.26.0");
  Hint hint{nginx, "1.26.0", "", Origin::webhook, "", 1};
  world.run(world.engine->take({hint}));
  world.settle();
  EXPECT_EQ(store.image("web", "app"), "nginx:1.26.0");
  EXPECT_EQ(store.image("web", "proxy"), "nginx:1.26.0") << "it runs the same repository, so it moves too";
  EXPECT_EQ(store.object(deployment("web"))["metadata"]["annotations"]["team"], "shop");
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(Automatic, a_refusal_for_good_is_told_and_not_tried_again) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, automatic);
  World& world = begin();
  world.patch_error = make_error(Code::denied, "admission webhook \"images\" denied the request: not signed");
  world.push(nginx, "1.26.0");
  EXPECT_EQ(told(EventType::update_failed), 1U);
  EXPECT_NE(store.events.back().find("not signed"), std::string::npos);
  EXPECT_EQ(world.compat.updates_failed_total.value(), 1);
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

TEST_F(Automatic, T26_an_api_server_that_is_away_for_a_moment_loses_nothing) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, automatic);
  World& world = begin();
  world.patch_error = make_error(Code::unavailable, "connection refused");
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.inbox.size(), 1U);
  world.patch_error.reset();
  for (int i = 0; i < 5000 && store.patches == 0; ++i)
    world.io.restart(), world.io.run_for(std::chrono::milliseconds(1));
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_TRUE(store.inbox.empty());
}

}  // namespace
}  // namespace headwind::update::testing
