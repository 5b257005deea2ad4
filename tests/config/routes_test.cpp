// SPDX-License-Identifier: Apache-2.0
// notifications.routes and notifications.keepTrying.
#include <gmock/gmock.h>

#include "config/config.hpp"

namespace headwind::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* kInstances = "plugins: {instances: [{name: pager, plugin: my.notifier}]}\n";

std::string refusal(const std::string& yaml, const TextMap& environment = {}) {
  auto config = parse(yaml, "c.yaml");
  if (!config) return config.error().message;
  const auto applied = apply_environment(*config, environment);
  return applied ? "accepted" : applied.error().message;
}

TEST(NotificationRoutes, AreReadAsTheyStand) {
  const auto config = parse(
      "notifications:\n  keepTrying: 2h\n  routes:\n    - to: [pager, slack]\n      namespaces: [shop, 'team-*']\n"
      "      events: [update_failed]\n      kinds: [Deployment]\n      labels: {example.com/team: shop}\n    - to: "
      "[pager]\n",
      "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->keep_trying, std::chrono::hours(2));
  ASSERT_EQ(config->notification_routes.size(), 2U);
  const NotificationRoute& route = config->notification_routes[0];
  EXPECT_THAT(route.to, ElementsAre("pager", "slack"));
  EXPECT_THAT(route.namespaces, ElementsAre("shop", "team-*"));
  EXPECT_THAT(route.events, ElementsAre("update_failed"));
  EXPECT_THAT(route.kinds, ElementsAre("Deployment"));
  EXPECT_THAT(route.labels, ElementsAre(Pair("example.com/team", "shop")));
  EXPECT_THAT(config->notification_routes[1].events, IsEmpty());
}

TEST(NotificationRoutes, RefuseAnUnknownEventWithItsPlaceAndThoseThereAre) {
  EXPECT_EQ(refusal("notifications:\n  routes:\n    - to: [pager]\n      events: [update_complete]\n"),
            "c.yaml:4:16: notifications.routes[0].events[0]: 'update_complete' is no event (did you mean "
            "'update_completed'?): there are update_detected, update_request_created, update_approved, "
            "update_rejected, update_completed, update_failed, rollout_completed, rollback_triggered, "
            "rollback_completed, rollback_failed");
}

TEST(NotificationRoutes, RefuseWhatCannotBeMeant) {
  const auto route = [](const std::string& text) {
    return refusal(kInstances + ("notifications: {routes: [{" + text + "}]}"));
  };
  EXPECT_EQ(route("to: [pager]"), "accepted");
  EXPECT_THAT(route("events: [update_failed]"), HasSubstr("notifications.routes[0]: needs to, a list"));
  EXPECT_THAT(route("to: []"), HasSubstr("routes[0].to: is empty"));
  EXPECT_THAT(route("to: pager"), HasSubstr("routes[0].to: must be a list"));
  EXPECT_THAT(route("to: [pager], namespaces: []"), HasSubstr("namespaces: is empty"));
  EXPECT_THAT(route("to: [pager], namespaces: [Shop]"), HasSubstr("namespaces[0]: must be the name of a namespace"));
  EXPECT_THAT(route("to: [pager], kinds: [deployment]"), HasSubstr("kinds[0]: must be the kind of a workload"));
  EXPECT_THAT(route("to: [pager], labels: {}"), HasSubstr("labels: is empty"));
  EXPECT_THAT(route("to: [pager], labels: {'a b': c}"), HasSubstr("the key of a label"));
  EXPECT_THAT(route("to: [pager], labels: {a: [b]}"), HasSubstr("labels.a: must be one value"));
  EXPECT_THAT(route("to: [pager], event: [update_failed]"), HasSubstr("(did you mean 'events'?)"));
  EXPECT_THAT(refusal("notifications: {keepTrying: 10s}"), HasSubstr("keepTrying: must be from 1m to 720h"));
}

TEST(NotificationRoutes, RefuseNamesThatAreNoNotifierOnceAllSourcesAreRead) {
  const std::string routes = "notifications:\n  routes:\n    - to: [pagr]\n";
  EXPECT_EQ(refusal(kInstances + routes),
            "c.yaml:4:12: notifications.routes[0].to[0]: 'pagr' is no notifier instance (did you mean 'pager'?): there "
            "are slack, teams, webhook, pager; plugins.instances adds others");
  EXPECT_THAT(refusal("notifications: {routes: [{to: [semver]}]}"), HasSubstr("'semver' is no notifier instance:"));
  EXPECT_EQ(refusal("notifications: {routes: [{to: [slack]}]}"), "accepted") << "its ConfigMap may switch it on";
  EXPECT_EQ(refusal(routes, {{"HEADWIND_PLUGINS_INSTANCES", "[{name: pagr, plugin: my.notifier}]"}}), "accepted");
  EXPECT_THAT(refusal("", {{"HEADWIND_NOTIFICATIONS_ROUTES", "[{to: [nobody]}]"}}),
              HasSubstr("environment: HEADWIND_NOTIFICATIONS_ROUTES:1:8: notifications.routes[0].to[0]: 'nobody'"));
}

}  // namespace
}  // namespace headwind::config
