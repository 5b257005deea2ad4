// SPDX-License-Identifier: Apache-2.0
// The host that the plugins' guards see must be the host that is connected to.
#include "registries/core/url.hpp"

#include <gtest/gtest.h>

#include "net/url.hpp"

namespace headwind::registries {
namespace {

TEST(Url, names_that_begin_like_an_address_are_names) {
  const auto origin = origin_of("http://127.0.0.1.example.com/v2/");
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->host, "127.0.0.1.example.com");
  EXPECT_FALSE(is_private_host(origin->host));
  EXPECT_EQ(path_of("http://127.0.0.1.example.com/v2/"), "/v2/");
  EXPECT_EQ(resolve_url("https://10.0.0.1.nip.io/v2/a?n=2", "/v2/b"), "https://10.0.0.1.nip.io/v2/b");
  EXPECT_EQ(resolve_url("https://r.io/v2/a", "//10.0.0.1.nip.io/b"), "https://10.0.0.1.nip.io/b");
  EXPECT_FALSE(same_site("127.0.0.1", origin->host));
}

TEST(Url, what_a_resolver_takes_for_an_address_is_no_name) {
  for (const char* host : {"127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.", "1.2.3",
                           "1.2.3.4.5", "256.1.1.1", "a.b.0x1"})
    EXPECT_EQ(origin_of("https://" + std::string(host) + "/"), std::nullopt) << host;
  for (const char* host : {"0x.example", "1password.com", "3com.example.0x1g", "a.1a"})
    EXPECT_TRUE(origin_of("https://" + std::string(host) + "/")) << host;
}

TEST(Url, a_dot_at_the_end_changes_no_judgement) {
  EXPECT_TRUE(is_private_host("localhost."));
  EXPECT_TRUE(same_site("registry.example.com.", "auth.example.com"));
  EXPECT_FALSE(same_site("example.com.", "evil.com."));
}

TEST(Url, references_keep_the_place_they_are_written_for) {
  EXPECT_EQ(resolve_url("https://r.io:8443/v2/a/list", "b?last=1#x"), "https://r.io:8443/v2/a/b?last=1");
  EXPECT_EQ(resolve_url("https://r.io/v2/a/list", "../c"), "https://r.io/v2/c");
  EXPECT_EQ(resolve_url("https://r.io/v2", "HTTPS://Other.io:443/a/../b"), "https://other.io/b");
  EXPECT_EQ(resolve_url("https://r.io/v2", "https://other.io"), "https://other.io");
  EXPECT_EQ(resolve_url("https://r.io/v2", "https://other.io?x"), "https://other.io?x");
  EXPECT_EQ(resolve_url("https://[::1]:5000/v2", "/a"), "https://[::1]:5000/a");
  for (const char* reference : {"https:/other.io", "ftp://r.io/", "https://u@r.io/", "https://", "a:b", "/a b", "//"})
    EXPECT_EQ(resolve_url("https://r.io/v2", reference), std::nullopt) << reference;
}

TEST(Url, both_readers_see_the_same_place) {
  for (const char* url : {
           "http://127.0.0.1.example.com/",
           "http://127.0.0.1.example.com",
           "http://1.2.3.4.nip.io:5000/v2/?n=1",
           "http://127.0.0.1/",
           "http://127.0.0.1:80/",
           "http://127.0.0.1:/",
           "http://127.0.0.1:080/",
           "http://127.0.0.1x/",
           "http://127.0.0.1:12x/",
           "http://127.0.0.1:5000.example.com/",
           "http://127.1/",
           "http://2130706433/",
           "http://0x7f000001/",
           "http://0177.0.0.1/",
           "http://127.0.0.1./",
           "http://localhost./",
           "HTTP://LocalHost:8080/A",
           "https://registry_1.docker.io/",
           "http://[::1]/",
           "http://[::1]:5000/",
           "http://[::FFFF:10.0.0.1]/",
           "http://[::1]x/",
           "http://[::1/",
           "http://[fe80::1%25eth0]/",
           "http://[v1.a]/",
           "http://a@b/",
           "http://a:b@c/",
           "http://a/@b",
           "http://a?@b",
           "http://a\\@b/",
           "http://a%2eb/",
           "http://a..b/",
           "http://.a/",
           "http://a:0/",
           "http://a:65535/",
           "http://a:65536/",
           "http://a:999999/",
           "http://a:-1/",
           "http://a:1:2/",
           "http:///a",
           "http://",
           "http:a",
           "http:/a",
           "//a/",
           "a.example/v2",
           "https://a//b/../c",
           "https://a/b c",
           "https://a/\xc3\xbc",
           "https://\xc3\xbc/",
           "https://a/%zz",
           "ftp://a/",
           "https://!$&'()*+,;=/",
           "https://a,b/",
       }) {
    const auto here = origin_of(url);
    const auto there = net::parse_url(url);
    ASSERT_EQ(here.has_value(), there.has_value()) << url;
    if (!here) continue;
    EXPECT_EQ(here->host, there->host) << url;
    EXPECT_EQ(here->port, std::to_string(there->port)) << url;
    EXPECT_EQ(here->scheme == "https", there->tls) << url;
  }
}

}  // namespace
}  // namespace headwind::registries
