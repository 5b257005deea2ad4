// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/charts.hpp"

#include <gmock/gmock.h>

#include "plugins_helm/index_text.hpp"
#include "plugins_helm/scripted_index_transport.hpp"

namespace headwind::registries::helm {
namespace {

using ::testing::HasSubstr;

class ChartsTest : public ::testing::Test {
 protected:
  std::vector<std::string> list(const std::string& chart) {
    std::vector<std::string> out;
    const auto versions = charts.list("https://charts.test/stable/" + chart, transport);
    EXPECT_TRUE(versions) << versions.failure().message;
    if (versions)
      for (const auto& one : *versions) out.push_back(one.version);
    return out;
  }
  std::size_t requests() const { return transport.script.requests.size(); }

  std::string body = sample("index.yaml");
  ScriptedIndexTransport transport{[this](const Request& request) -> Outcome<Response> {
    if (sent(request, "If-None-Match") == "\"1\"") return Response{304, {}, ""};
    return Response{200, {{"ETag", "\"1\""}}, body};
  }};
  Charts charts{*Settings::parse("{}"), *HelmSettings::parse(R"({"freshness":30})")};
};

TEST_F(ChartsTest, of_one_repository_cost_one_request) {
  EXPECT_EQ(list("podinfo").size(), 3u);
  EXPECT_EQ(list("common").size(), 1u);
  EXPECT_TRUE(charts.find("https://charts.test/stable/podinfo", "6.9.0", transport));
  EXPECT_TRUE(charts.find("https://charts.test/stable//podinfo", "6.9.0", transport)) << "the same repository";
  EXPECT_EQ(requests(), 1u);
  transport.script.now += 30'000;
  EXPECT_EQ(list("podinfo").size(), 3u);
  EXPECT_EQ(list("common").size(), 1u);
  EXPECT_EQ(requests(), 2u);
  EXPECT_EQ(sent(transport.script.requests[1], "If-None-Match"), "\"1\"");
}

TEST_F(ChartsTest, of_two_accounts_are_two_requests) {
  list("podinfo");
  transport.script.pull = Credential{"one", "ci", "a", "", ""};
  list("podinfo");
  transport.script.pull = Credential{"two", "ci", "b", "", ""};
  list("podinfo");
  ASSERT_EQ(requests(), 3u);
  EXPECT_EQ(sent(transport.script.requests[2], "If-None-Match"), "-");
}

TEST_F(ChartsTest, are_found_by_their_version_as_it_is_written) {
  const auto found = charts.find("https://charts.test/stable/podinfo", "6.9.0-rc.1+build.5", transport);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->digest, "sha256:4a6f8e0d2c1b3a5f7e9d8c6b4a2f0e1d3c5b7a9f8e6d4c2b0a1f3e5d7c9b8a60");
  for (const char* absent : {"6.9.2", "v6.9.1", "6.9", "", "x\ny"}) {
    const auto none = charts.find("https://charts.test/stable/podinfo", absent, transport);
    ASSERT_FALSE(none) << absent;
    EXPECT_EQ(none.failure().code, HW_NOT_FOUND);
    EXPECT_EQ(none.failure().message.find('\n'), std::string::npos);
  }
  EXPECT_THAT(charts.find("https://charts.test/stable/podinfo", "6.9.2", transport).failure().message,
              HasSubstr("the index.yaml of https://charts.test/stable has no version 6.9.2 of podinfo"));
}

TEST_F(ChartsTest, that_are_not_there_are_not_found) {
  const auto none = charts.list("https://charts.test/stable/other", transport);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.failure().code, HW_NOT_FOUND);
  EXPECT_THAT(none.failure().message, HasSubstr("has no chart other"));
}

TEST_F(ChartsTest, are_never_an_empty_list) {
  body = index_of({"version: latest", "version: 1.0.0, removed: true"});
  const auto none = charts.list("https://charts.test/stable/app", transport);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.failure().code, HW_NOT_FOUND);
  EXPECT_THAT(none.failure().message, HasSubstr("has no version of app that Helm could install"));
}

TEST_F(ChartsTest, with_too_many_versions_are_refused_alone) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i <= max_versions; ++i) entries.push_back("version: 1.0." + std::to_string(i));
  body = index_of(entries) + "  other: [{name: other, version: 1.0.0}]\n";
  transport.piece = 65536;
  const auto none = charts.list("https://charts.test/stable/app", transport);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.failure().code, HW_INVALID);
  EXPECT_THAT(none.failure().message, HasSubstr("more than 10,000 versions of app"));
  EXPECT_EQ(list("other"), std::vector<std::string>{"1.0.0"});
}

TEST_F(ChartsTest, of_no_url_are_refused_without_a_request) {
  EXPECT_EQ(charts.list("charts.test/stable/app", transport).failure().code, HW_INVALID);
  EXPECT_EQ(requests(), 0u);
}

}  // namespace
}  // namespace headwind::registries::helm
