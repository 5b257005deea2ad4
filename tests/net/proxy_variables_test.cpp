// SPDX-License-Identifier: Apache-2.0
// The environment variables of proxies, as curl 7.88 reads them.
#include <gmock/gmock.h>

#include "core/hash.hpp"
#include "net/proxy.hpp"

namespace headwind::net {
namespace {

using testing::HasSubstr;
using testing::Not;

std::shared_ptr<const Proxy> way(const TextMap& environment, const std::string& url) {
  const auto proxies = Proxies::of_environment(environment);
  EXPECT_TRUE(proxies) << proxies.error().message;
  const auto parsed = parse_url(url);
  EXPECT_TRUE(parsed) << url;
  return proxies && parsed ? proxies->to(*parsed) : nullptr;
}

std::string name_of(const std::shared_ptr<const Proxy>& proxy) { return proxy ? proxy->url.origin() : "directly"; }

bool is_exempt(const std::string& list, const std::string& host) {
  return way({{"all_proxy", "http://p:3128"}, {"no_proxy", list}}, "https://" + host + "/") == nullptr;
}

TEST(ProxyVariables, AreChosenByScheme) {
  const TextMap both{{"http_proxy", "http://a:1"}, {"https_proxy", "http://b:2"}, {"all_proxy", "http://c:3"}};
  EXPECT_EQ(name_of(way(both, "http://r.io/")), "http://a:1");
  EXPECT_EQ(name_of(way(both, "https://r.io/")), "http://b:2");
  EXPECT_EQ(name_of(way({{"ALL_PROXY", "http://c:3"}}, "http://r.io/")), "http://c:3");
  EXPECT_EQ(name_of(way({{"ALL_PROXY", "http://c:3"}}, "https://r.io/")), "http://c:3");
  EXPECT_EQ(name_of(way({}, "https://r.io/")), "directly");
  EXPECT_EQ(name_of(way({{"https_proxy", "http://b:2"}}, "http://r.io/")), "directly");
}

TEST(ProxyVariables, InLowerCaseComeFirstAndEmptyOnesDoNotCount) {
  EXPECT_EQ(name_of(way({{"https_proxy", "http://a:1"}, {"HTTPS_PROXY", "http://b:2"}}, "https://r.io/")),
            "http://a:1");
  EXPECT_EQ(name_of(way({{"https_proxy", ""}, {"HTTPS_PROXY", "http://b:2"}}, "https://r.io/")), "http://b:2");
  EXPECT_EQ(name_of(way({{"HTTPS_PROXY", " "}, {"all_proxy", "http://c:3"}}, "https://r.io/")), "http://c:3");
  EXPECT_EQ(name_of(way({{"ALL_PROXY", "http://p:1"}, {"no_proxy", "a.io"}, {"NO_PROXY", "r.io"}}, "https://r.io/")),
            "http://p:1");
}

TEST(ProxyVariables, DoNotHoldTheOneThatCallersOfACgiProgramSet) {
  EXPECT_EQ(name_of(way({{"HTTP_PROXY", "http://evil:1"}}, "http://r.io/")), "directly");
}

TEST(ProxyVariables, MayLeaveOutSchemeAndPort) {
  EXPECT_EQ(name_of(way({{"https_proxy", "proxy.example"}}, "https://r.io/")), "http://proxy.example:1080");
  EXPECT_EQ(name_of(way({{"https_proxy", "proxy.example:80/"}}, "https://r.io/")), "http://proxy.example:80");
  EXPECT_EQ(name_of(way({{"https_proxy", "https://proxy.example"}}, "https://r.io/")), "https://proxy.example:443");
  EXPECT_EQ(name_of(way({{"https_proxy", "http://[::1]"}}, "https://r.io/")), "http://[::1]:1080");
  EXPECT_EQ(name_of(way({{"https_proxy", "[fd00::2]:8080"}}, "https://r.io/")), "http://[fd00::2]:8080");
}

TEST(ProxyVariables, MayHoldAPasswordThatNoErrorRepeats) {
  const auto proxy = way({{"https_proxy", "http://me%40x:p%3Ass@w@proxy.example:1"}}, "https://r.io/");
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->authorization, "Basic " + base64_encode("me@x:p:ss@w"));
  EXPECT_EQ(proxy->name(), "the proxy http://proxy.example:1");
  EXPECT_EQ(way({{"https_proxy", "me@proxy.example:1"}}, "https://r.io/")->authorization,
            "Basic " + base64_encode("me:"));
  for (const char* value : {"socks5://me:s3cret@p:1", "socks5h://me:s3cret@p", "SOCKS4://me:s3cret@p",
                            "ftp://me:s3cret@p", "http://me:s3cret%zz@p:1", "http://me:s3cret@",
                            "http://me:s3cret@p:99999", "http://a%3Ab:s3cret@p:1", "http://me:s3cret@p q:1"}) {
    const auto refused = Proxies::of_environment({{"HTTPS_PROXY", value}});
    ASSERT_FALSE(refused) << value;
    EXPECT_EQ(refused.error().code, Code::invalid);
    EXPECT_THAT(refused.error().message, HasSubstr("HTTPS_PROXY"));
    EXPECT_THAT(refused.error().message, Not(HasSubstr("s3cret")));
    if (to_lower(value).starts_with("socks")) EXPECT_THAT(refused.error().message, HasSubstr("SOCKS"));
  }
}

TEST(ProxyVariables, AreSummedUpWithoutPasswords) {
  const auto proxies = Proxies::of_environment({{"https_proxy", "http://me:s3cret@p:1"}});
  ASSERT_TRUE(proxies);
  EXPECT_EQ(proxies->summary(), "http directly, https through the proxy http://p:1");
  EXPECT_EQ(Proxies::of_environment({{"no_proxy", "a"}})->summary(), "");
}

TEST(ProxyVariables, ExemptDomainsAtTheBordersOfLabels) {
  for (const char* list :
       {"example.com", ".example.com", "EXAMPLE.com.", "a, example.com ,b", "a b example.com", "*"}) {
    EXPECT_TRUE(is_exempt(list, "example.com")) << list;
    EXPECT_TRUE(is_exempt(list, "registry.Example.com:8443")) << list;
    EXPECT_TRUE(is_exempt(list, "registry.example.com.")) << list;
  }
  for (const char* list :
       {"example.com", "ple.com", "x.example.com", "example.com:443", "*.com", "a,*", "com.", "", ","})
    EXPECT_EQ(is_exempt(list, "nonexample.com"), std::string(list) == "com.") << list;
  EXPECT_FALSE(is_exempt("", "localhost"));
  EXPECT_FALSE(is_exempt("localhost", "127.0.0.1"));
}

TEST(ProxyVariables, ExemptAddressesAndNetworks) {
  for (const char* list : {"10.1.2.3", "10.0.0.0/8", "a,10.1.2.0/23", "10.1.2.3/32", "0.0.0.0/0", "b 10.1.2.2/31"})
    EXPECT_TRUE(is_exempt(list, "10.1.2.3:5000")) << list;
  for (const char* list : {"10.1.2.4", "11.0.0.0/8", "10.1.2.4/31", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "1.2.3",
                           "10.0.0", "::/0", "10.1.2.3:5000"})
    EXPECT_FALSE(is_exempt(list, "10.1.2.3:5000")) << list;
  EXPECT_TRUE(is_exempt("fd00::/8", "[fd12::1]:5000"));
  EXPECT_TRUE(is_exempt("::1", "[0:0::1]"));
  EXPECT_TRUE(is_exempt("fd00:8000::/17", "[fd00:8001::1]"));
  EXPECT_FALSE(is_exempt("fd00:8000::/17", "[fd00:7fff::1]"));
  EXPECT_FALSE(is_exempt("fd00::/129", "[fd00::1]"));
  EXPECT_FALSE(is_exempt("0.0.0.0/0", "[fd00::1]"));
}

}  // namespace
}  // namespace headwind::net
