// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headwind::net {
namespace {

TEST(Url, IsTakenApart) {
  const auto url = parse_url("https://Registry.Example:5000/v2/a%2Fb/tags/list?n=100&last=1.2");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "registry.example");
  EXPECT_EQ(url->port, 5000);
  EXPECT_EQ(url->authority, "registry.example:5000");
  EXPECT_EQ(url->target, "/v2/a%2Fb/tags/list?n=100&last=1.2");
  EXPECT_EQ(url->origin(), "https://registry.example:5000");
}

TEST(Url, FillsInTheSchemesPortAndTheRootPath) {
  const auto url = parse_url("http://localhost");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->port, 80);
  EXPECT_EQ(url->authority, "localhost");
  EXPECT_EQ(url->target, "/");
  const auto query = parse_url("https://localhost?watch=1");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->target, "/?watch=1");
}

TEST(Url, KeepsTheBracketsOfAnIpv6AddressInTheHostHeaderOnly) {
  const auto url = parse_url("https://[::1]:6443/api");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->authority, "[::1]:6443");
  EXPECT_EQ(url->origin(), "https://[::1]:6443");
}

TEST(Url, RefusesWhatItCannotReachSafely) {
  for (const char* text : {"",
                           "/only/a/path",
                           "registry.example/v2",
                           "ftp://registry.example/",
                           "http://",
                           "http://:80/",
                           "http://host:0/",
                           "http://host:65536/",
                           "http://host:port/",
                           "http://host:12x/",
                           "http://[::1]x/",
                           "http://ho st/",
                           "http://host/a b",
                           "http://host/\r\nX: y",
                           "http://ho%0ast/",
                           "http://host/\xC3\xBC",
                           "http://host/#part",
                           "http://127.1/",
                           "http://0x7f000001/",
                           "http://127.0.0.1./",
                           "http://[::1/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, Code::invalid) << text;
  }
}

TEST(Url, TakesANameThatBeginsLikeAnAddressForAName) {
  const auto url = parse_url("http://127.0.0.1.example.com:5000/v2");
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->host, "127.0.0.1.example.com");
  EXPECT_EQ(url->port, 5000);
  EXPECT_EQ(url->target, "/v2");
}

TEST(Url, RefusesUserInfoWithoutRepeatingIt) {
  const auto url = parse_url("https://robot:s3cret@registry.example/");
  ASSERT_FALSE(url);
  EXPECT_THAT(url.error().message, testing::Not(testing::HasSubstr("s3cret")));
}

}  // namespace
}  // namespace headwind::net
