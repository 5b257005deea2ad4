// SPDX-License-Identifier: Apache-2.0
#include "registries/core/header_values.hpp"

#include <gtest/gtest.h>

#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

TEST(Challenges, the_one_of_docker_registry_is_read) {
  const auto all = parse_challenges(
      R"(Bearer realm="http://127.0.0.1:5998/token",service="reg.test",scope="repository:library/app:pull",error="invalid_token")");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].scheme, "bearer");
  EXPECT_EQ(all[0].params.at("realm"), "http://127.0.0.1:5998/token");
  EXPECT_EQ(all[0].params.at("scope"), "repository:library/app:pull");
}

TEST(Challenges, several_in_one_value_are_told_apart) {
  const auto all =
      parse_challenges(R"(Negotiate YIIabc==, BASIC Realm = "a \"b\", c" , charset=UTF-8,Bearer realm=https://x/t)");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].scheme, "negotiate");
  EXPECT_EQ(all[1].scheme, "basic");
  EXPECT_EQ(all[1].params.at("realm"), R"(a "b", c)");
  EXPECT_EQ(all[1].params.at("charset"), "UTF-8");
  EXPECT_EQ(all[2].params.at("realm"), "https://x/t");
}

TEST(Challenges, garbage_ends_the_list) {
  EXPECT_TRUE(parse_challenges("").empty());
  EXPECT_TRUE(parse_challenges("=x").empty());
  EXPECT_TRUE(parse_challenges("realm=x").empty());
  EXPECT_EQ(parse_challenges("Basic \x01").size(), 1u);
  EXPECT_EQ(parse_challenges("Bearer realm=\"open").at(0).params.at("realm"), "open");
}

TEST(NextLink, quoted_unquoted_and_among_others) {
  EXPECT_EQ(next_link(R"(</v2/a/tags/list?last=v1&n=2&orderby=>; rel="next")"), "/v2/a/tags/list?last=v1&n=2&orderby=");
  EXPECT_EQ(next_link("<https://r/x>; rel=next"), "https://r/x");
  EXPECT_EQ(next_link("<a>;rel=prev, <b>; title=\"x, y\"; REL=\"last NEXT\""), "b");
  EXPECT_EQ(next_link("<a>; rel=prev"), std::nullopt);
  EXPECT_EQ(next_link("<a>"), std::nullopt);
  EXPECT_EQ(next_link("<a"), std::nullopt);
  EXPECT_EQ(next_link(""), std::nullopt);
  EXPECT_EQ(next_link("/v2/x; rel=next"), std::nullopt);
}

TEST(RetryAfter, seconds_dates_and_limits) {
  EXPECT_EQ(parse_retry_after("120", 0), 120000);
  EXPECT_EQ(parse_retry_after(" 1.5", 0), 1000);
  EXPECT_EQ(parse_retry_after("-3", 0), 0);
  EXPECT_EQ(parse_retry_after("99999999999999999999", 0), 86400000);
  EXPECT_EQ(parse_retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 20000), 40000);
  EXPECT_EQ(parse_retry_after("Thu, 01 Jan 1970 00:00:00 GMT", 20000), 0);
  EXPECT_EQ(parse_retry_after("Thursday, 01-Jan-70 00:01:00 GMT", 20000), 40000);
  EXPECT_EQ(parse_retry_after("Thu Jan  1 00:01:00 1970", 20000), 40000);
  EXPECT_EQ(parse_retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 20001), 39999);
  EXPECT_EQ(parse_retry_at("60", 20001), 39999) << "Docker Hub's X-Retry-After is a time";
  EXPECT_EQ(parse_retry_at("10", 20000), 0);
  EXPECT_EQ(parse_retry_at("99999999999999999999", 20000), 86400000);
  EXPECT_EQ(parse_retry_at("9223372036854775807", 20000), 86400000);
  EXPECT_EQ(parse_retry_at("", 0), std::nullopt);
  EXPECT_EQ(parse_retry_after("soon", 0), std::nullopt);
  EXPECT_EQ(parse_retry_after("", 0), std::nullopt);
}

TEST(Url, references_are_resolved_and_origins_compared) {
  EXPECT_EQ(resolve_url("https://r.io/v2/a/tags/list?n=2", "/v2/a/tags/list?last=b"),
            "https://r.io/v2/a/tags/list?last=b");
  EXPECT_EQ(resolve_url("https://r.io/v2/a/tags/list?n=2", "?last=b"), "https://r.io/v2/a/tags/list?last=b");
  EXPECT_EQ(origin_of("https://r.io/x"), origin_of("HTTPS://R.io:443/y"));
  EXPECT_NE(origin_of("https://r.io/x"), origin_of("http://r.io/x"));
  EXPECT_EQ(origin_of("https://user@r.io/x"), std::nullopt);
  EXPECT_EQ(origin_of("file:///etc/passwd"), std::nullopt);
  EXPECT_EQ(origin_of("http://[::1]:5000/")->authority(), "[::1]:5000");
  EXPECT_EQ(origin_of("http://a:80/")->authority(), "a");
}

TEST(Url, private_places_are_known) {
  for (const char* host : {"localhost", "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
                           "0.0.0.0", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"})
    EXPECT_TRUE(is_private_host(host)) << host;
  for (const char* host : {"auth.docker.io", "8.8.8.8", "172.32.0.1", "2001:db8::1"})
    EXPECT_FALSE(is_private_host(host)) << host;
}

TEST(Url, credentials_stay_on_one_site) {
  EXPECT_TRUE(same_site("registry-1.docker.io", "auth.docker.io"));
  EXPECT_TRUE(same_site("registry.gitlab.com", "gitlab.com"));
  EXPECT_TRUE(same_site("ghcr.io", "ghcr.io"));
  EXPECT_TRUE(same_site("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(same_site("ghcr.io", "evil.io"));
  EXPECT_FALSE(same_site("registry.gitlab.com", "evilgitlab.com"));
  EXPECT_FALSE(same_site("registry.example.com", "example.org"));
  EXPECT_FALSE(same_site("127.0.0.1", "0.0.1"));
  EXPECT_FALSE(same_site("registry", "other"));
}

}  // namespace
}  // namespace headwind::registries
