// SPDX-License-Identifier: Apache-2.0
#include "registries/dockerhub/hub_settings.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace headwind::registries {
namespace {

TEST(HubSettings, say_whether_push_times_are_wanted) {
  using PushedTimes = HubSettings::PushedTimes;
  EXPECT_EQ(HubSettings::parse("{}")->pushed_times, PushedTimes::never);
  EXPECT_EQ(HubSettings::parse(R"({"pushed_times":false})")->pushed_times, PushedTimes::never);
  EXPECT_EQ(HubSettings::parse(R"({"pushed_times":true})")->pushed_times, PushedTimes::always);
  EXPECT_EQ(HubSettings::parse(R"({"pushed_times":"auto"})")->pushed_times, PushedTimes::automatic);
  EXPECT_EQ(HubSettings::parse(R"({"pushed_times":"yes"})").failure().code, HW_INVALID);
}

TEST(HubSettings, name_another_place_of_the_api) {
  EXPECT_EQ(HubSettings::parse("{}")->api, "https://hub.docker.com");
  EXPECT_EQ(HubSettings::parse(R"({"hub_api":"http://127.0.0.1:8080/"})")->api, "http://127.0.0.1:8080");
  for (const char* api : {"hub.docker.com", "ftp://x", "https://x/v2", "https://u:p@x", "https://x?y"}) {
    const auto parsed = HubSettings::parse(nlohmann::json{{"hub_api", api}}.dump());
    ASSERT_FALSE(parsed) << api;
    EXPECT_NE(parsed.failure().message.find("hub_api"), std::string::npos);
    EXPECT_EQ(parsed.failure().message.find("u:p"), std::string::npos);
  }
}

TEST(HubSettings, are_those_of_every_registry_plugin_and_two_more) {
  const auto common = nlohmann::json::parse(settings_schema);
  auto own = nlohmann::json::parse(hub_settings_schema);
  EXPECT_EQ(own["properties"].erase("pushed_times"), 1u);
  EXPECT_EQ(own["properties"].erase("hub_api"), 1u);
  EXPECT_EQ(own, common);
}

}  // namespace
}  // namespace headwind::registries
