// SPDX-License-Identifier: Apache-2.0
// Whose credential a request carries, and where it never goes.
#include <gtest/gtest.h>

#include "plugins_registries/scripted_transport.hpp"
#include "registries/core/client.hpp"

namespace headwind::registries {
namespace {

const std::string digest = "sha256:" + std::string(64, 'a');
const std::string account = R"({"hosts":{"r.test":{"username":"ci","password_secret":"pw"}}})";
const std::string challenged = R"(Bearer realm="https://r.test/token",service="reg")";

Client client(const std::string& settings = "{}") {
  auto parsed = Settings::parse(settings);
  EXPECT_TRUE(parsed) << parsed.failure().message;
  return Client(*parsed);
}

Response challenge(const std::string& value = challenged) { return Response{401, {{"Www-Authenticate", value}}, ""}; }
Response found() { return Response{200, {{"Docker-Content-Digest", digest}}, ""}; }
Response token(const std::string& value) {
  return Response{200, {}, R"({"token":")" + value + R"(","expires_in":300})"};
}

Outcome<Artifact> resolve(Client& client, ScriptedTransport& transport, const std::string& name = "r.test/org/app") {
  return client.resolve(*parse_repository(name), "1.0", transport);
}

Credential pull(const std::string& user, const std::string& password) { return {user + "#1", user, password, "", ""}; }

TEST(Credentials, that_of_the_call_goes_before_the_settings_account_and_never_beside_it) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    return sent(request, "Authorization") == "-" ? challenge("Basic") : Response{401, {}, ""};
  });
  transport.secrets["pw"] = "s3cret";
  transport.pull = pull("team", "own");
  auto c = client(account);
  const auto refused = resolve(c, transport);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, HW_DENIED);
  EXPECT_NE(refused.failure().message.find("\"team\" of the pull secret"), std::string::npos)
      << refused.failure().message;
  EXPECT_EQ(refused.failure().message.find("own"), std::string::npos);
  for (const auto& request : transport.requests)
    EXPECT_NE(sent(request, "Authorization"), basic_authorization("ci", "s3cret"));
  EXPECT_EQ(sent(transport.requests.back(), "Authorization"), basic_authorization("team", "own"));
  transport.pull.reset();
  EXPECT_FALSE(resolve(c, transport));
  EXPECT_EQ(sent(transport.requests.back(), "Authorization"), basic_authorization("ci", "s3cret"));
}

TEST(Credentials, one_without_an_account_leaves_that_of_the_settings_and_is_kept_apart) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    return sent(request, "Authorization") == "-" ? challenge("Basic") : found();
  });
  transport.secrets["pw"] = "s3cret";
  transport.pull = Credential{"certificate#1", "", "", "", ""};
  auto c = client(account);
  ASSERT_TRUE(resolve(c, transport));
  EXPECT_EQ(sent(transport.requests.back(), "Authorization"), basic_authorization("ci", "s3cret"));
  const HostSettings settings = Settings::parse(account)->of("r.test");
  const auto with = account_of("r.test", settings, transport);
  transport.pull.reset();
  EXPECT_NE(with.key, account_of("r.test", settings, transport).key);
  EXPECT_EQ(with.source, Account::Source::settings);
}

TEST(Credentials, sentences_tell_missing_refused_and_insufficient_apart) {
  int status = 401;
  ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
    return sent(request, "Authorization") == "-" ? challenge("Basic") : Response{status, {}, ""};
  });
  transport.secrets["pw"] = "s3cret";
  auto c = client();
  const auto said = [&](Client& by) { return resolve(by, transport).failure().message; };
  EXPECT_NE(said(c).find("no credential was found"), std::string::npos) << said(c);
  auto configured = client(account);
  EXPECT_NE(said(configured).find("refused the credential (user \"ci\" of registries.r.test)"), std::string::npos)
      << said(configured);
  status = 403;
  EXPECT_NE(said(configured).find("does not suffice"), std::string::npos) << said(configured);
  transport.pull = pull("a\nb\"c", "x");
  EXPECT_NE(said(c).find("user \"a?b?c\" of the pull secret"), std::string::npos) << said(c);
  EXPECT_NE(said(c).find("check the imagePullSecret for r.test"), std::string::npos) << said(c);
}

TEST(Credentials, tokens_are_never_shared_between_identities) {
  std::vector<std::string> asked;
  ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
    const auto header = sent(request, "Authorization");
    if (request.url.starts_with("https://r.test/token")) {
      asked.push_back(header);
      return token("for-" + std::to_string(asked.size()));
    }
    return header == "-" ? challenge() : found();
  });
  auto c = client();
  const auto header_of = [&](const std::optional<Credential>& who) {
    transport.pull = who;
    EXPECT_TRUE(resolve(c, transport));
    return sent(transport.requests.back(), "Authorization");
  };
  EXPECT_EQ(header_of(pull("a", "1")), "Bearer for-1");
  EXPECT_EQ(header_of(pull("b", "2")), "Bearer for-2");
  EXPECT_EQ(header_of(std::nullopt), "Bearer for-3");
  EXPECT_EQ(header_of(pull("a", "1")), "Bearer for-1");
  EXPECT_EQ(header_of(std::nullopt), "Bearer for-3");
  EXPECT_EQ(asked, (std::vector<std::string>{basic_authorization("a", "1"), basic_authorization("b", "2"), "-"}));
}

TEST(Credentials, a_second_repository_costs_one_token_and_no_challenge) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    if (request.url.starts_with("https://r.test/token")) return token("t");
    return sent(request, "Authorization") == "-" ? challenge() : found();
  });
  auto c = client();
  EXPECT_TRUE(resolve(c, transport, "r.test/org/one"));
  EXPECT_EQ(transport.requests.size(), 3u);
  EXPECT_TRUE(resolve(c, transport, "r.test/org/two"));
  ASSERT_EQ(transport.requests.size(), 5u);
  EXPECT_EQ(transport.requests[3].url, "https://r.test/token?service=reg&scope=repository%3Aorg%2Ftwo%3Apull");
}

TEST(Credentials, a_registry_token_is_the_bearer_as_it_is) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    return sent(request, "Authorization") == "Bearer ready" ? found() : challenge();
  });
  auto c = client();
  transport.pull = Credential{"x", "", "", "", "ready"};
  EXPECT_TRUE(resolve(c, transport));
  EXPECT_EQ(transport.requests.size(), 1u);
  transport.pull->registry_token = "stale";
  EXPECT_EQ(resolve(c, transport).failure().code, HW_DENIED);
  EXPECT_EQ(transport.requests.size(), 2u) << "nothing else is tried with it";
  transport.pull->registry_token = "a\r\nX: y";
  EXPECT_EQ(resolve(c, transport).failure().code, HW_DENIED);
  EXPECT_EQ(transport.requests.size(), 2u);
}

TEST(IdentityTokens, are_posted_and_fall_back_to_basic_where_there_is_no_oauth2) {
  for (const int no_oauth : {0, 404, 405}) {
    ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
      if (request.method == "POST") return no_oauth != 0 ? Response{no_oauth, {}, ""} : token("t");
      if (request.url.starts_with("https://r.test/token")) return token("t");
      return sent(request, "Authorization") == "-" ? challenge() : found();
    });
    transport.pull = Credential{"x", "<token>", "refresh me&", "", ""};
    auto c = client();
    EXPECT_TRUE(resolve(c, transport)) << no_oauth;
    const Request& posted = transport.requests[1];
    EXPECT_EQ(posted.url, "https://r.test/token");
    EXPECT_EQ(sent(posted, "Content-Type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(sent(posted, "Authorization"), "-");
    EXPECT_EQ(
        posted.body,
        "grant_type=refresh_token&client_id=headwind&service=reg&scope=repository%3Aorg%2Fapp%3Apull&refresh_token="
        "refresh%20me%26");
    ASSERT_EQ(transport.requests.size(), no_oauth != 0 ? 4u : 3u);
    if (no_oauth == 0) continue;
    EXPECT_EQ(transport.requests[2].method, "GET");
    EXPECT_EQ(sent(transport.requests[2], "Authorization"), basic_authorization("<token>", "refresh me&"));
  }
}

TEST(IdentityTokens, a_refused_one_is_not_tried_as_a_password) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    return request.method == "POST" ? Response{401, {}, ""} : challenge();
  });
  transport.pull = Credential{"x", "", "", "refresh", ""};
  auto c = client();
  EXPECT_EQ(resolve(c, transport).failure().code, HW_DENIED);
  EXPECT_EQ(transport.requests.size(), 2u);
}

TEST(IdentityTokens, azure_takes_one_as_the_password_of_its_null_user) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    return sent(request, "Authorization") == "-" ? challenge("Basic realm=\"x\"") : found();
  });
  transport.pull = Credential{"x", "", "", "refresh", ""};
  auto c = client();
  EXPECT_TRUE(resolve(c, transport, "team.azurecr.io/app"));
  EXPECT_EQ(sent(transport.requests.back(), "Authorization"),
            basic_authorization("00000000-0000-0000-0000-000000000000", "refresh"));
}

TEST(Credentials, those_of_a_call_stay_on_the_registry_s_site) {
  for (const char* realm : {"https://evil.test/token", "http://r.test/token", "https://10.0.0.1/token"}) {
    ScriptedTransport transport(
        [&](const Request&) -> Outcome<Response> { return challenge("Bearer realm=\"" + std::string(realm) + "\""); });
    transport.pull = pull("a", "1");
    auto c = client();
    EXPECT_EQ(resolve(c, transport).failure().code, HW_DENIED) << realm;
    EXPECT_EQ(transport.requests.size(), 1u) << realm;
  }
  ScriptedTransport gitlab([](const Request& request) -> Outcome<Response> {
    if (request.url.starts_with("https://gitlab.com/jwt/auth")) return token("t");
    return sent(request, "Authorization") == "-"
               ? challenge(R"(Bearer realm="https://gitlab.com/jwt/auth",service="container_registry")")
               : found();
  });
  gitlab.pull = pull("deploy", "1");
  auto c = client();
  EXPECT_TRUE(resolve(c, gitlab, "registry.gitlab.com/grp/sub/app"));
  EXPECT_EQ(sent(gitlab.requests[1], "Authorization"), basic_authorization("deploy", "1"));
}

TEST(Scopes, what_a_registry_demands_beyond_pull_is_asked_for_first_and_remembered) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    if (request.url.starts_with("https://a.azurecr.io/oauth2/token"))
      return token(request.url.find("metadata_read") != std::string::npos ? "both" : "pull");
    const auto header = sent(request, "Authorization");
    if (request.url.find("/tags/list") != std::string::npos && header != "Bearer both")
      return challenge(
          R"(Bearer realm="https://a.azurecr.io/oauth2/token",service="a.azurecr.io",scope="repository:app:metadata_read")");
    return header == "-" ? challenge(R"(Bearer realm="https://a.azurecr.io/oauth2/token",service="a.azurecr.io")")
           : request.method == "HEAD" ? found()
                                      : tags(R"(["1.0"])");
  });
  auto c = client();
  EXPECT_TRUE(resolve(c, transport, "a.azurecr.io/app"));
  const auto list = [&] {
    return c.list_tags(*parse_repository("a.azurecr.io/app"), transport,
                       [](const std::vector<std::string>&) { return HW_OK; });
  };
  EXPECT_TRUE(list());
  EXPECT_EQ(transport.requests.size(), 6u);
  EXPECT_NE(transport.requests[4].url.find("&scope=repository%3Aapp%3Ametadata_read&scope=repository%3Aapp%3Apull"),
            std::string::npos)
      << transport.requests[4].url;
  EXPECT_TRUE(list());
  EXPECT_TRUE(resolve(c, transport, "a.azurecr.io/app"));
  EXPECT_EQ(transport.requests.size(), 8u) << "both are answered with the token at hand";
}

TEST(TokenServers, of_the_registries_of_this_world_are_asked_as_they_want_it) {
  struct Row {
    const char *repository, *realm, *rest, *asked;  // what follows the realm in the challenge, and in the question
  };
  const std::vector<Row> table{
      {"ghcr.io/o/i", "https://ghcr.io/token", R"(service="ghcr.io",scope="repository:o/i:pull")",
       "?service=ghcr.io&scope=repository%3Ao%2Fi%3Apull"},
      {"nginx", "https://auth.docker.io/token", R"(service="registry.docker.io")",
       "?service=registry.docker.io&scope=repository%3Alibrary%2Fnginx%3Apull"},
      {"quay.io/org/app", "https://quay.io/v2/auth", R"(service="quay.io",scope="repository:org/app:pull")",
       "?service=quay.io&scope=repository%3Aorg%2Fapp%3Apull"},
      {"us-docker.pkg.dev/p/r/app", "https://us-docker.pkg.dev/v2/token", R"(service="us-docker.pkg.dev")",
       "?service=us-docker.pkg.dev&scope=repository%3Ap%2Fr%2Fapp%3Apull"},
      {"harbor.test/p/app", "https://harbor.test/service/token", R"(service="harbor-registry")",
       "?service=harbor-registry&scope=repository%3Ap%2Fapp%3Apull"},
      {"git.test/o/app", "https://git.test/v2/token", R"(service="container_registry",scope="*")",
       "?service=container_registry&scope=%2A&scope=repository%3Ao%2Fapp%3Apull"},
      {"nexus.test/app", "https://nexus.test/v2/token", R"(service="https://nexus.test/v2/token")",
       "?service=https%3A%2F%2Fnexus.test%2Fv2%2Ftoken&scope=repository%3Aapp%3Apull"}};
  const std::string key = R"({"type":"service_account","private_key":"a:b"})";
  for (const auto& row : table) {
    ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
      if (request.url.starts_with(row.realm) && request.method == "GET") return token("t");
      if (sent(request, "Authorization") == "Bearer t") return found();
      return challenge("Bearer realm=\"" + std::string(row.realm) + "\"," + row.rest);
    });
    transport.pull = pull("_json_key", key);
    auto c = client();
    EXPECT_TRUE(resolve(c, transport, row.repository)) << row.repository;
    ASSERT_EQ(transport.requests.size(), 3u) << row.repository;
    EXPECT_EQ(transport.requests[1].url, std::string(row.realm) + row.asked);
    EXPECT_EQ(sent(transport.requests[1], "Authorization"), basic_authorization("_json_key", key));
  }
}

TEST(Mirrors, never_see_the_registry_s_credentials_and_have_their_own) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    if (request.url.starts_with("https://r.test/") && sent(request, "Authorization") != "-") return found();
    return challenge("Basic");
  });
  transport.secrets["pw"] = "s3cret";
  transport.secrets["mirror"] = "m1rror";
  transport.pull = pull("team", "own");
  auto c = client(R"({"hosts":{
      "r.test":{"username":"ci","password_secret":"pw","mirrors":["https://one.test","https://two.test/cache"]},
      "two.test":{"username":"reader","password_secret":"mirror"}}})");
  EXPECT_TRUE(resolve(c, transport));
  ASSERT_EQ(transport.requests.size(), 5u);
  EXPECT_EQ(transport.requests[0].url, "https://one.test/v2/org/app/manifests/1.0");
  EXPECT_EQ(sent(transport.requests[0], "Authorization"), "-");
  EXPECT_EQ(transport.requests[2].url, "https://two.test/v2/cache/org/app/manifests/1.0");
  EXPECT_EQ(sent(transport.requests[2], "Authorization"), basic_authorization("reader", "m1rror"));
  EXPECT_EQ(sent(transport.requests[4], "Authorization"), basic_authorization("team", "own"));
}

TEST(Mirrors, an_account_for_https_is_not_sent_to_a_plain_mirror) {
  ScriptedTransport transport([](const Request&) -> Outcome<Response> { return challenge("Basic"); });
  transport.secrets["mirror"] = "m1rror";
  auto c = client(R"({"hosts":{"r.test":{"mirrors":["http://two.test"]},
                               "two.test":{"username":"reader","password_secret":"mirror"}}})");
  EXPECT_FALSE(resolve(c, transport));
  for (const auto& request : transport.requests) EXPECT_EQ(sent(request, "Authorization"), "-");
}

}  // namespace
}  // namespace headwind::registries
