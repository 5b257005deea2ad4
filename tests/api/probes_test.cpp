// SPDX-License-Identifier: Apache-2.0
#include "api/probes.hpp"

#include <gtest/gtest.h>

#include "api/run.hpp"

namespace headwind::api {
namespace {

class ProbesTest : public testing::Test {
 protected:
  net::ServerResponse get(const std::string& path) {
    return run(make_probes(metrics, {[this] { return live; }, [this] { return ready; }})(request("GET", path)));
  }
  telemetry::Metrics metrics;
  std::vector<Check> live{{"plugins", true, "no call was abandoned."}};
  std::vector<Check> ready{{"inventory", false, "deployments are being listed."}, {"plugin oci", true, ""}};
};

TEST_F(ProbesTest, health_is_ok_while_the_process_lives) {
  live[0].passed = false;
  EXPECT_EQ(get("/health").status, 200U);
  EXPECT_EQ(get("/health").body, "OK");
}

TEST_F(ProbesTest, readyz_lists_every_check_and_fails_with_one) {
  auto response = get("/readyz");
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(response.body, R"({"status":"failed","checks":[)"
                           R"({"name":"inventory","status":"failed","detail":"deployments are being listed."},)"
                           R"({"name":"plugin oci","status":"ok","detail":""}]})"
                           "\n");
  ready[0].passed = true;
  EXPECT_EQ(get("/readyz").status, 200U);
}

TEST_F(ProbesTest, livez_is_separate_from_readyz) {
  EXPECT_EQ(get("/livez").status, 200U);
  live.push_back({"engine", false, "it has not moved for 60 s."});
  EXPECT_EQ(get("/livez").status, 503U);
}

TEST_F(ProbesTest, T116_metrics_are_prometheus_text) {
  const telemetry::CompatMetrics compat(metrics);
  compat.updates_pending.set(3);
  const auto response = get("/metrics");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(header(response, "Content-Type"), "text/plain; version=0.0.4");
  EXPECT_NE(response.body.find("# TYPE headwind_updates_pending gauge\nheadwind_updates_pending 3"), std::string::npos);
}

TEST_F(ProbesTest, metrics_are_OpenMetrics_where_the_scraper_prefers_that) {
  metrics.counter("ant_total", "A").add();
  auto asked = request("GET", "/metrics");
  asked.headers.push_back({"accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"});
  const auto response = run(make_probes(metrics, {[this] { return live; }, [this] { return ready; }})(asked));
  EXPECT_EQ(header(response, "Content-Type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_EQ(response.body, "# TYPE ant counter\n# HELP ant A\nant_total 1\n# EOF\n");
}

}  // namespace
}  // namespace headwind::api
