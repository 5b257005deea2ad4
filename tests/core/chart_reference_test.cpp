// SPDX-License-Identifier: Apache-2.0
#include "core/chart_reference.hpp"

#include <gtest/gtest.h>

#include "core/image_reference.hpp"

namespace headwind {
namespace {

TEST(ChartReference, of_an_OCI_registry_is_named_as_images_are) {
  const auto chart = parse_chart_reference("oci://GHCR.io/charts/podinfo:6.5.4+build");
  ASSERT_TRUE(chart) << chart.error().message;
  EXPECT_EQ(chart->repository, "ghcr.io/charts/podinfo");
  EXPECT_EQ(chart->chart, "podinfo");
  EXPECT_EQ(chart->version, "6.5.4+build");
  EXPECT_EQ(parse_chart_reference("oci://127.0.0.1:5000/a/b:1.0.0")->repository, "127.0.0.1:5000/a/b");
}

TEST(ChartReference, of_a_repository_over_HTTP_keeps_its_URL) {
  const auto chart = parse_chart_reference("https://charts.example.com:8443/stable/podinfo:>=1.0 <2");
  ASSERT_TRUE(chart) << chart.error().message;
  EXPECT_EQ(chart->repository, "https://charts.example.com:8443/stable/podinfo");
  EXPECT_EQ(chart->version, ">=1.0 <2");
  EXPECT_EQ(host_of(chart->repository), "charts.example.com:8443");
}

TEST(ChartReference, is_refused_without_showing_it_since_it_may_hold_a_secret) {
  for (const char* text : {"", "oci://", "https://charts.example.com/podinfo", "https://charts.example.com/podinfo:",
                           "https://user:s3cret@charts.example.com/podinfo:1.0.0", "https:///podinfo:1.0.0",
                           "oci://ghcr.io/UPPER/podinfo:1.0.0", "ftp://charts.example.com/podinfo:1.0.0",
                           "https://charts.example.com/:1.0.0"}) {
    const auto chart = parse_chart_reference(text);
    ASSERT_FALSE(chart) << text;
    EXPECT_EQ(chart.error().message.find("s3cret"), std::string::npos);
  }
}

TEST(ChartReference, one_version_is_no_range) {
  for (const char* text : {"6.5.4", "v1.0.0", "1.0.0-rc.1+b.2"}) EXPECT_TRUE(is_exact_version(text)) << text;
  for (const char* text : {"", "*", "6.5", "6.5.x", "^1.2.3", "1.2.3 - 2.0.0", "01.2.3", "1.2.3-", "1.2.3+a..b"})
    EXPECT_FALSE(is_exact_version(text)) << text;
}

TEST(ChartReference, a_tag_has_an_underscore_where_the_version_has_a_plus) {
  EXPECT_EQ(tag_of_version("1.0.0-rc.1+b1"), "1.0.0-rc.1_b1");
  EXPECT_EQ(version_of_tag("1.0.0-rc.1_b1"), "1.0.0-rc.1+b1");
}

TEST(HostOf, is_the_host_of_images_and_of_URLs) {
  EXPECT_EQ(host_of("docker.io/library/nginx"), "docker.io");
  EXPECT_EQ(host_of("http://127.0.0.1:8080/charts/app"), "127.0.0.1:8080");
  EXPECT_EQ(host_of("https://charts.example.com?token=x/app"), "charts.example.com");
}

}  // namespace
}  // namespace headwind
