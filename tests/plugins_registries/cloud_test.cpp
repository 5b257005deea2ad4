// SPDX-License-Identifier: Apache-2.0
// Which hosts are a cloud's: the host and the plugins must say the same.
#include "registries/core/cloud.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/cloud_registry.hpp"

namespace headwind::registries {
namespace {

TEST(Cloud, hosts_are_known_by_the_domains_that_a_cloud_keeps_for_registries) {
  const auto cloud_of = [](std::string_view host) {
    const bool google = is_host_of(Cloud::gcp, host), azure = is_host_of(Cloud::azure, host);
    EXPECT_FALSE(google && azure) << host;
    const std::string_view here = google ? "gcp" : azure ? "azure" : "";
    EXPECT_EQ(cloud_of_registry(host), here) << host;
    return here;
  };
  for (const char* host : {"gcr.io", "eu.gcr.io", "mirror.gcr.io", "us-docker.pkg.dev", "europe-west1-docker.pkg.dev"})
    EXPECT_EQ(cloud_of(host), "gcp") << host;
  for (const char* host : {"team.azurecr.io", "team.azurecr.cn", "team.azurecr.us", "team.eastus.data.azurecr.io"})
    EXPECT_EQ(cloud_of(host), "azure") << host;
  for (const char* host :
       {"", "azurecr.io", ".azurecr.io", ".gcr.io", "-docker.pkg.dev", "pkg.dev", "us-npm.pkg.dev", "evilgcr.io",
        "gcr.io.", "gcr.io:443", "gcr.io.evil.test", "team.azurecr.de", "docker.io", "ghcr.io", "gcr.io@evil.test/"})
    EXPECT_EQ(cloud_of(host), "") << host;
}

TEST(Cloud, a_place_is_a_host_by_https_on_its_own_port) {
  for (const char* url : {"https://gcr.io", "https://GCR.io/v2/token", "https://gcr.io:443/x?service=y"})
    EXPECT_TRUE(may_see(Cloud::gcp, std::string_view(url))) << url;
  for (const char* url : {"http://gcr.io", "https://gcr.io:80", "https://user@gcr.io", "https://gcr.io@evil.test",
                          "https://evil.test/gcr.io", "https://evil.test#.gcr.io", "gcr.io", "https://team.azurecr.io"})
    EXPECT_FALSE(may_see(Cloud::gcp, std::string_view(url))) << url;
  EXPECT_FALSE(may_see(Cloud::none, std::string_view("https://gcr.io")));
}

TEST(Cloud, is_asked_for_by_the_name_of_a_credential) {
  EXPECT_EQ(cloud_of_identity("cloud:gcp"), Cloud::gcp);
  EXPECT_EQ(cloud_of_identity("cloud:azure"), Cloud::azure);
  for (const char* identity : {"", "gcp", "cloud:", "cloud:aws", "cloud:gcp1", "1f2e3d4c"})
    EXPECT_EQ(cloud_of_identity(identity), Cloud::none) << identity;
}

}  // namespace
}  // namespace headwind::registries
