// SPDX-License-Identifier: Apache-2.0
#include "registries/core/settings.hpp"

#include <gtest/gtest.h>

#include "registries/core/host_pattern.hpp"

namespace headwind::registries {
namespace {

TEST(HostPatterns, match_label_by_label_as_the_kubelet_does) {
  const std::vector<std::pair<const char*, const char*>> yes{
      {"prefix.kubernetes.*", "prefix.kubernetes.io"},
      {"*-good.kubernetes.io", "prefix-good.kubernetes.io"},
      {"*.dkr.ecr.*.amazonaws.com", "012345678910.dkr.ecr.us-east-1.amazonaws.com"},
      {"app*.k8s.io", "app42.k8s.io"},
      {"reg.io:5000", "reg.io:5000"},
      {"*", "localhost"},
      {"a*b*c.io", "axxbyybzzc.io"},
      {"[::1]:5000", "[::1]:5000"}};
  const std::vector<std::pair<const char*, const char*>> no{{"*.kubernetes.io", "kubernetes.io"},
                                                            {"*.kubernetes.io", "a.b.kubernetes.io"},
                                                            {"*.*.kubernetes.io", "prefix.kubernetes.io"},
                                                            {"reg.io:5000", "reg.io"},
                                                            {"reg.io", "reg.io:5000"},
                                                            {"*.io", "a.k8s.io"},
                                                            {"a*b.io", "axbc.io"},
                                                            {"*", ""}};
  for (const auto& [pattern, host] : yes) EXPECT_TRUE(host_matches(pattern, host)) << pattern << " " << host;
  for (const auto& [pattern, host] : no) EXPECT_FALSE(host_matches(pattern, host)) << pattern << " " << host;
}

TEST(HostPatterns, exact_beats_pattern_and_longer_beats_shorter) {
  const auto settings = *Settings::parse(R"({"hosts":{
      "*.example.com":{"username":"any","password_secret":"p"},
      "team-*.example.com":{"username":"team","password_secret":"p"},
      "team-a.example.com":{"username":"exact","password_secret":"p"}}})");
  EXPECT_EQ(settings.of("team-a.example.com").username, "exact");
  EXPECT_EQ(settings.of("team-b.example.com").username, "team");
  EXPECT_EQ(settings.of("other.example.com").username, "any");
  EXPECT_EQ(settings.of("other.example.com").endpoint, "https://other.example.com");
  EXPECT_EQ(settings.of("example.com").username, "");
}

TEST(Endpoints, may_hold_the_beginning_of_repositories) {
  const auto settings = *Settings::parse(R"({"hosts":{"docker.io":{
      "endpoint":"https://harbor.example.com/dockerhub/","mirrors":["http://10.0.0.7:5000","https://m.test/a/b"]}}})");
  const auto hub = settings.of("docker.io");
  EXPECT_EQ(hub.endpoint, "https://harbor.example.com");
  EXPECT_EQ(hub.prefix, "dockerhub/");
  ASSERT_EQ(hub.mirrors.size(), 2u);
  EXPECT_EQ(hub.mirrors[0].url, "http://10.0.0.7:5000");
  EXPECT_EQ(hub.mirrors[0].prefix, "");
  EXPECT_EQ(hub.mirrors[1].prefix, "a/b/");
  EXPECT_EQ(settings.names_of("harbor.example.com"), std::vector<std::string>{"harbor.example.com"})
      << "its repositories have other names there";
}

TEST(Endpoints, that_are_none_are_refused) {
  for (const char* wrong : {"r.test", "ftp://r", "https://", "https://u:p@r", "https://r?x", "https://r/#x",
                            "https://r/A", "https://r/../x", "https://r/v2", "https://r/a//b"}) {
    EXPECT_FALSE(Settings::parse(R"({"hosts":{"r":{"endpoint":")" + std::string(wrong) + "\"}}}")) << wrong;
    EXPECT_FALSE(Settings::parse(R"({"hosts":{"r":{"mirrors":[")" + std::string(wrong) + "\"]}}}")) << wrong;
  }
}

}  // namespace
}  // namespace headwind::registries
