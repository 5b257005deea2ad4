// SPDX-License-Identifier: Apache-2.0
#include "api/metrics_format.hpp"

#include <gtest/gtest.h>

namespace headwind::api {
namespace {

TEST(MetricsFormat, Prometheus_gets_OpenMetrics) {
  EXPECT_TRUE(
      wants_openmetrics("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"))
      << "as 2.42 asks";
  EXPECT_TRUE(
      wants_openmetrics("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/"
                        "openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                        "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"))
      << "as 3 asks";
  EXPECT_TRUE(wants_openmetrics("Application/OpenMetrics-Text; Version=\"1.0.0\""));
  EXPECT_TRUE(wants_openmetrics("application/openmetrics-text"));
}

TEST(MetricsFormat, everybody_else_gets_what_0_1_served) {
  for (const char* accept : {"", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "text/plain", ",,;q=;;",
                             "application/openmetrics-text;q=0", "application/openmetrics-text;version=0.0.1",
                             "application/openmetrics-text;version=2.0.0", "application/openmetrics-text;q=x",
                             "application/openmetrics-text;q=0.5,text/plain;q=0.5",
                             "text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.1"})
    EXPECT_FALSE(wants_openmetrics(accept)) << accept;
}

}  // namespace
}  // namespace headwind::api
