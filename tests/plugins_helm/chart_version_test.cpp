// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/chart_version.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headwind::registries::helm {
namespace {

TEST(ChartVersion, is_what_helm_takes_for_one) {
  for (const char* text : {"1.2.3", "v1.2.3", "1.2", "1", "0.0.0", "1.2.3-rc.1", "1.2.3-0", "1.2.3+b.01", "1.2-beta",
                           "1.2.3-a-b.c+d-e", "01.02.03", "18446744073709551615.0.0"})
    EXPECT_TRUE(is_chart_version(text)) << text;
}

TEST(ChartVersion, is_nothing_else) {
  for (const char* text : {"",        "v",          "latest",   "1.",         "1..2",
                           "1.2.3.4", "V1.2.3",     "vv1",      "1.2.x",      "1.2.3-",
                           "1.2.3+",  "1.2.3-a..b", "1.2.3-01", "1.2.3-rc_1", "1.2.3 ",
                           " 1.2.3",  "1.2.3+a+b",  "-1.2.3",   "1,2",        "18446744073709551616.0.0"})
    EXPECT_FALSE(is_chart_version(text)) << text;
}

TEST(ChartVersion, is_no_longer_than_any_name) {
  EXPECT_TRUE(is_chart_version("1.2.3-" + std::string(250, 'a')));
  EXPECT_FALSE(is_chart_version("1.2.3-" + std::string(251, 'a')));
}

}  // namespace
}  // namespace headwind::registries::helm
