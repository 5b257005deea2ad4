// SPDX-License-Identifier: Apache-2.0
#include "app/routes.hpp"

#include <gmock/gmock.h>

#include "kube/object.hpp"

namespace headwind::app {
namespace {

Routes routes(const std::string& yaml) {
  const auto config = config::parse("notifications: {routes: " + yaml + "}", "c.yaml");
  EXPECT_TRUE(config) << config.error().message;
  return Routes(config ? config->notification_routes : std::vector<config::NotificationRoute>());
}

update::Notification happening(update::EventType type = update::EventType::update_failed,
                               const std::string& name_space = "shop", const std::string& kind = "Deployment") {
  update::Notification out;
  out.type = type;
  out.name_space = name_space;
  out.kind = kind;
  out.name = "web";
  return out;
}

TEST(RoutesTest, WhomNoRouteNamesIsToldEverything) {
  EXPECT_TRUE(Routes().lead_to("pager", happening(), {}));
  EXPECT_TRUE(routes("[{to: [other], namespaces: [x]}]").lead_to("pager", happening(), {}));
}

TEST(RoutesTest, GoByEventNamespaceAndKindTogether) {
  const Routes all =
      routes("[{to: [pager], events: [update_failed], namespaces: [shop, 'team-*'], kinds: [Deployment]}]");
  using update::EventType;
  EXPECT_TRUE(all.lead_to("pager", happening(), {}));
  EXPECT_TRUE(all.lead_to("pager", happening(EventType::update_failed, "team-a"), {}));
  EXPECT_FALSE(all.lead_to("pager", happening(EventType::update_completed), {}));
  EXPECT_FALSE(all.lead_to("pager", happening(EventType::update_failed, "shop-2"), {}));
  EXPECT_FALSE(all.lead_to("pager", happening(EventType::update_failed, "shop", "StatefulSet"), {}));
}

TEST(RoutesTest, OfOneNotifierAddUp) {
  const Routes all = routes("[{to: [pager, chat], events: [rollback_failed]}, {to: [pager], namespaces: [shop]}]");
  EXPECT_TRUE(all.lead_to("pager", happening(), {}));
  EXPECT_FALSE(all.lead_to("chat", happening(), {}));
  EXPECT_TRUE(all.lead_to("chat", happening(update::EventType::rollback_failed, "elsewhere"), {}));
}

TEST(RoutesTest, WantEachOfTheirLabels) {
  const Routes all = routes("[{to: [chat], labels: {team: shop, 'app.kubernetes.io/part-of': '*'}}]");
  EXPECT_TRUE(all.ask_for_labels());
  EXPECT_FALSE(all.lead_to("chat", happening(), {}));
  EXPECT_FALSE(all.lead_to("chat", happening(), {{"team", "shop"}}));
  EXPECT_FALSE(all.lead_to("chat", happening(), {{"team", "shops"}, {"app.kubernetes.io/part-of", "x"}}));
  EXPECT_TRUE(all.lead_to("chat", happening(), {{"team", "shop"}, {"app.kubernetes.io/part-of", "x"}}));
  EXPECT_FALSE(routes("[{to: [chat], kinds: [Deployment]}]").ask_for_labels());
  EXPECT_TRUE(all.lead_to("chat", happening(), {}, false)) << "nobody knows them yet";
  EXPECT_FALSE(
      routes("[{to: [chat], kinds: [DaemonSet], labels: {team: shop}}]").lead_to("chat", happening(), {}, false));
}

TEST(RoutesTest, KnowTheEventsThatThereAre) {
  std::vector<std::string_view> known(config::notification_events.begin(), config::notification_events.end()), told;
  for (int type = 0; type <= static_cast<int>(update::EventType::rollback_failed); ++type)
    told.push_back(update::to_string(static_cast<update::EventType>(type)));
  EXPECT_EQ(known, told);
}

}  // namespace
}  // namespace headwind::app
