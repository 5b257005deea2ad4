// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "plugins_registries/scripted_transport.hpp"
#include "registries/core/client.hpp"

namespace headwind::registries {
namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

Client client(const std::string& host = R"("r.test":{"endpoint":"https://r.test"})") {
  auto parsed = Settings::parse(R"({"hosts":{)" + host + "}}");
  EXPECT_TRUE(parsed) << parsed.failure().message;
  return Client(*parsed);
}
const std::string account = R"("r.test":{"endpoint":"https://r.test","username":"ci","password_secret":"pw")";

Response challenge(const std::string& value) { return Response{401, {{"Www-Authenticate", value}}, ""}; }
Response found() { return Response{200, {{"Docker-Content-Digest", digest}}, ""}; }
Response token(const std::string& value, int expires_in = 300) {
  return Response{200, {}, R"({"token":")" + value + R"(","expires_in":)" + std::to_string(expires_in) + "}"};
}

hw_status resolve(Client& client, ScriptedTransport& transport, const std::string& name = "r.test/org/app") {
  const auto artifact = client.resolve(*parse_repository(name), "1.0", transport);
  return artifact ? HW_OK : artifact.failure().code;
}

// A registry that wants the token "t<n>" of its n-th issue.
struct BearerRegistry {
  std::string realm = "https://r.test/token";
  int issued = 0;
  int life = 300;
  Outcome<Response> operator()(const Request& request) {
    if (request.url.starts_with(realm)) return token("t" + std::to_string(++issued), life);
    if (sent(request, "Authorization") == "Bearer t" + std::to_string(issued)) return found();
    return challenge("Bearer realm=\"" + realm + "\",service=\"reg test\",scope=\"repository:org/app:pull\"");
  }
};

TEST(Bearer, an_anonymous_token_is_fetched_once_per_scope_and_kept) {
  BearerRegistry registry;
  ScriptedTransport transport(std::ref(registry));
  auto c = client();
  EXPECT_EQ(resolve(c, transport), HW_OK);
  ASSERT_EQ(transport.requests.size(), 3u);
  EXPECT_EQ(sent(transport.requests[0], "Authorization"), "-") << "nothing is sent before it is asked for";
  EXPECT_EQ(transport.requests[1].url, "https://r.test/token?service=reg%20test&scope=repository%3Aorg%2Fapp%3Apull");
  EXPECT_EQ(sent(transport.requests[1], "Authorization"), "-");
  EXPECT_EQ(resolve(c, transport), HW_OK);
  EXPECT_EQ(transport.requests.size(), 4u) << "the second time the token is at hand";
}

TEST(Bearer, a_token_is_renewed_before_it_expires) {
  BearerRegistry registry;
  ScriptedTransport transport(std::ref(registry));
  auto c = client();
  resolve(c, transport);
  transport.now += 239'000;
  resolve(c, transport);
  EXPECT_EQ(registry.issued, 1);
  transport.now += 2'000;  // 80 % of 300 s have passed
  EXPECT_EQ(resolve(c, transport), HW_OK);
  EXPECT_EQ(registry.issued, 2);
}

TEST(Bearer, a_token_that_stopped_working_is_replaced_once) {
  BearerRegistry registry;
  ScriptedTransport transport(std::ref(registry));
  auto c = client();
  resolve(c, transport);
  registry.issued = 7;  // the registry forgot our token
  EXPECT_EQ(resolve(c, transport), HW_OK);
  EXPECT_EQ(registry.issued, 8);
}

TEST(Bearer, a_registry_that_never_accepts_is_denied_after_one_retry) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    return request.url.find("/token") != std::string::npos ? token("t")
                                                           : challenge(R"(Bearer realm="https://r.test/token")");
  });
  auto c = client();
  EXPECT_EQ(resolve(c, transport), HW_DENIED);
  EXPECT_EQ(transport.requests.size(), 3u);
}

TEST(Bearer, access_token_default_life_and_a_realm_with_a_query) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    if (request.url == "https://r.test/t?a=b&scope=repository%3Aorg%2Fapp%3Apull")
      return Response{200, {}, R"({"access_token":"x"})"};
    return sent(request, "Authorization") == "Bearer x"
               ? found()
               : challenge(R"(Negotiate, Bearer realm="https://r.test/t?a=b")");
  });
  auto c = client();
  EXPECT_EQ(resolve(c, transport), HW_OK);
  transport.now += 49'000;  // 80 % of the 60 s that the specification gives
  EXPECT_EQ(resolve(c, transport), HW_OK);
  EXPECT_EQ(transport.requests.size(), 5u) << "the token server is known by now";
}

TEST(Bearer, credentials_go_to_the_registry_s_own_site_only) {
  const auto authorization_seen_by = [](const std::string& realm, const std::string& host) {
    BearerRegistry registry{realm};
    ScriptedTransport transport(std::ref(registry));
    transport.secrets["pw"] = "s3cret";
    auto c = client(host);
    std::string seen = "never asked";
    resolve(c, transport);
    for (const auto& request : transport.requests)
      if (request.url.starts_with(realm)) seen = sent(request, "Authorization");
    return seen;
  };
  const std::string basic = "Basic Y2k6czNjcmV0";
  EXPECT_EQ(authorization_seen_by("https://r.test/token", account + "}"), basic);
  EXPECT_EQ(authorization_seen_by("https://auth.r.test/token", account + "}"), basic);
  EXPECT_EQ(authorization_seen_by("https://evil.test/token", account + "}"), "never asked");
  EXPECT_EQ(authorization_seen_by("http://r.test/token", account + "}"), "never asked");
  EXPECT_EQ(authorization_seen_by("https://login.example/token", account + R"(,"token_hosts":["login.example"]})"),
            basic);
  const std::string anonymous = R"("r.test":{"endpoint":"https://r.test"})";
  EXPECT_EQ(authorization_seen_by("https://login.example/token", anonymous), "-");
  EXPECT_EQ(authorization_seen_by("https://169.254.169.254/token", anonymous), "never asked");
  EXPECT_EQ(authorization_seen_by("file:///etc/passwd", anonymous), "never asked");
}

TEST(Bearer, a_token_server_s_failures_are_told_apart) {
  const std::vector<std::pair<int, hw_status>> table{
      {401, HW_DENIED}, {403, HW_DENIED}, {429, HW_THROTTLED}, {502, HW_UNAVAILABLE}};
  for (const auto& [status, code] : table) {
    ScriptedTransport transport([status = status](const Request& request) -> Outcome<Response> {
      if (request.url.find("/token") != std::string::npos) return Response{status, {}, ""};
      return challenge(R"(Bearer realm="https://r.test/token")");
    });
    auto c = client();
    EXPECT_EQ(resolve(c, transport), code) << status;
  }
  for (const char* body : {"", "[]", "{}", R"({"token":""})", R"({"token":"a\r\nX: y"})"}) {
    ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
      if (request.url.find("/token") != std::string::npos) return Response{200, {}, body};
      return challenge(R"(Bearer realm="https://r.test/token")");
    });
    auto c = client();
    EXPECT_EQ(resolve(c, transport), HW_UNAVAILABLE) << body;
  }
}

TEST(Basic, is_sent_when_asked_for_and_from_then_on) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    return sent(request, "Authorization") == "Basic Y2k6czNjcmV0" ? found() : challenge(R"(Basic realm="basic-realm")");
  });
  transport.secrets["pw"] = "s3cret";
  auto c = client(account + "}");
  EXPECT_EQ(resolve(c, transport), HW_OK);
  EXPECT_EQ(transport.requests.size(), 2u);
  EXPECT_EQ(resolve(c, transport), HW_OK);
  EXPECT_EQ(transport.requests.size(), 3u);
  transport.secrets["pw"] = "rotated";
  EXPECT_EQ(resolve(c, transport), HW_DENIED);
}

TEST(Basic, without_an_account_the_sentence_names_the_setting) {
  ScriptedTransport transport([](const Request&) -> Outcome<Response> { return challenge(R"(Basic realm="x")"); });
  const auto artifact = client().resolve(*parse_repository("r.test/org/app"), "1.0", transport);
  ASSERT_FALSE(artifact);
  EXPECT_EQ(artifact.failure().code, HW_DENIED);
  EXPECT_NE(artifact.failure().message.find("registries.r.test.username"), std::string::npos);
  EXPECT_EQ(transport.requests.size(), 1u);
}

TEST(Redirects, are_followed_without_the_credentials) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    if (request.url.starts_with("https://cdn.example/")) return found();
    if (sent(request, "Authorization") == "-") return challenge("Basic");
    return Response{307, {{"Location", "https://cdn.example/m"}}, ""};
  });
  transport.secrets["pw"] = "s3cret";
  auto c = client(account + "}");
  EXPECT_EQ(resolve(c, transport), HW_OK);
  EXPECT_EQ(sent(transport.requests.back(), "Authorization"), "-");
}

TEST(Redirects, to_odd_places_and_in_circles_are_refused) {
  for (const char* place : {"http://cdn.example/m", "https://127.0.0.1/m", "https://localhost/", "ftp://x/", "",
                            "https://r.test/v2/again"}) {
    ScriptedTransport transport(
        [&](const Request&) -> Outcome<Response> { return Response{302, {{"Location", place}}, ""}; });
    auto c = client();
    EXPECT_EQ(resolve(c, transport), HW_UNAVAILABLE) << place;
    EXPECT_LE(transport.requests.size(), 6u);
  }
}

}  // namespace
}  // namespace headwind::registries
