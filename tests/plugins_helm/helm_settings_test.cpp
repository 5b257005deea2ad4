// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/helm_settings.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace headwind::registries::helm {
namespace {

TEST(HelmSettings, say_for_how_long_an_index_holds) {
  EXPECT_EQ(HelmSettings::parse("{}")->freshness_ms, 60'000);
  EXPECT_EQ(HelmSettings::parse(R"({"freshness":300})")->freshness_ms, 300'000);
  for (const char* text : {R"({"freshness":0})", R"({"freshness":-1})", R"({"freshness":86401})",
                           R"({"freshness":"60s"})", R"({"freshness":1.5})"}) {
    const auto settings = HelmSettings::parse(text);
    ASSERT_FALSE(settings) << text;
    EXPECT_NE(settings.failure().message.find("freshness"), std::string::npos);
  }
}

TEST(HelmSettings, are_those_of_every_registry_plugin_and_one_more) {
  auto own = nlohmann::json::parse(helm_settings_schema);
  EXPECT_EQ(own["properties"].erase("freshness"), 1u);
  EXPECT_EQ(own, nlohmann::json::parse(settings_schema));
}

}  // namespace
}  // namespace headwind::registries::helm
