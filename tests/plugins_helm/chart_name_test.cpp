// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/chart_name.hpp"

#include <gtest/gtest.h>

namespace headwind::registries::helm {
namespace {

ChartName name_of(std::string_view repository) {
  const auto name = parse_chart_name(repository);
  EXPECT_TRUE(name) << repository;
  return name ? *name : ChartName();
}

TEST(ChartName, is_the_last_segment_behind_the_repository) {
  const auto name = name_of("https://charts.example.com/stable/podinfo");
  EXPECT_EQ(name.chart, "podinfo");
  EXPECT_EQ(name.url, "https://charts.example.com/stable");
  EXPECT_EQ(name.index_url, "https://charts.example.com/stable/index.yaml");
  EXPECT_EQ(name.host, "charts.example.com");
}

TEST(ChartName, may_stand_at_the_root_of_a_host) {
  EXPECT_EQ(name_of("http://127.0.0.1:8080/app").index_url, "http://127.0.0.1:8080/index.yaml");
  EXPECT_EQ(name_of("http://127.0.0.1:8080/app").host, "127.0.0.1:8080");
}

TEST(ChartName, does_not_mind_the_slash_at_the_end_of_the_repository) {
  EXPECT_EQ(name_of("https://c.test/stable//app").index_url, "https://c.test/stable/index.yaml");
  EXPECT_EQ(name_of("https://c.test//app").index_url, "https://c.test/index.yaml");
  EXPECT_EQ(name_of("https://c.test/stable/?a=b/app").index_url, "https://c.test/stable/index.yaml?a=b");
}

TEST(ChartName, carries_the_query_of_the_repository_to_its_index_only) {
  const auto name = name_of("https://c.test/stable?sig=s3cret/and=more/app");
  EXPECT_EQ(name.chart, "app");
  EXPECT_EQ(name.index_url, "https://c.test/stable/index.yaml?sig=s3cret/and=more");
  EXPECT_EQ(name.url, "https://c.test/stable");
  EXPECT_EQ(name_of("https://c.test?a=/b/app").index_url, "https://c.test/index.yaml?a=/b");
}

TEST(ChartName, is_the_same_for_all_spellings_of_a_host) {
  EXPECT_EQ(name_of("HTTPS://Charts.Example.com:443/stable/app").index_url,
            "https://charts.example.com/stable/index.yaml");
}

TEST(ChartName, is_refused_where_it_is_no_url_of_a_chart) {
  for (const char* text :
       {"", "app", "https://", "https://c.test", "https://c.test/", "c.test/stable/app", "oci://c.test/stable/app",
        "https://c.test/stable/app?x=y", "https://c.test/stable/app#x", "https://c.test/#x/app", "https://c.test/..",
        "https://c.test/a b/app", "https://c.test/x/a b", "https:///app", "https://c.test:99999/app"}) {
    const auto name = parse_chart_name(text);
    ASSERT_FALSE(name) << text;
    EXPECT_EQ(name.failure().code, HW_INVALID);
  }
  EXPECT_FALSE(parse_chart_name("https://c.test/" + std::string(300, 'a')));
}

TEST(ChartName, never_tells_user_information) {
  const auto name = parse_chart_name("https://ci:s3cret@c.test/stable/app");
  ASSERT_FALSE(name);
  EXPECT_EQ(name.failure().message.find("s3cret"), std::string::npos);
  EXPECT_NE(name.failure().message.find("without user information"), std::string::npos);
}

}  // namespace
}  // namespace headwind::registries::helm
