// SPDX-License-Identifier: Apache-2.0
#include "app/belongings.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace headwind::app {
namespace {

using nlohmann::json;

TEST(Staleness, a_generation_may_be_a_number_a_text_or_missing) {
  const auto stale = [](const char* text) { return is_stale(json::parse(text)); };
  EXPECT_TRUE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": 2}})"));
  EXPECT_FALSE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": 3}})"));
  EXPECT_TRUE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": "2"}})"));
  EXPECT_FALSE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": "3"}})"));
  EXPECT_FALSE(stale(R"({"metadata": {"generation": 3}, "status": {"observedGeneration": "6b8f"}})")) << "a hash";
  EXPECT_FALSE(stale(R"({"metadata": {"generation": 3}, "status": {"phase": "Ready"}})"));
  EXPECT_TRUE(stale(R"({"metadata": {"generation": 3}})")) << "nobody has looked at it";
  EXPECT_TRUE(stale(R"({"metadata": {"generation": 3}, "status": {}})")) << "as an API server writes it";
}

}  // namespace
}  // namespace headwind::app
