// SPDX-License-Identifier: Apache-2.0
// The HTTP service, against a server on the same loop.
#include <gmock/gmock.h>

#include "net/server.hpp"
#include "world.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;

const std::string kDigest = "sha256:" + std::string(64, 'c');

class Http : public World {
 protected:
  void SetUp() override {
    net::ServerOptions server_options;
    server_options.address = "127.0.0.1";
    auto listening = net::Server::listen(loop.get_executor(), server_options,
                                         [this](net::ServerRequest request) { return answer(std::move(request)); });
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
    options.grace = std::chrono::seconds(20);  // a busy machine is not a call that never returns
    start();
  }
  ~Http() override {
    if (server) run(server->drain(std::chrono::milliseconds(100)));
  }

  Task<net::ServerResponse> answer(net::ServerRequest request) {
    authorization = net::find_header(request.headers, "Authorization");
    net::ServerResponse response;
    if (request.path == "/slow") co_await sleep_for(std::chrono::seconds(30));
    if (request.path == "/gone") response.status = 404;
    response.body = request.path == "/nonsense" ? "not a digest" : kDigest;
    co_return response;
  }

  Result<> add(std::map<std::string, std::string> secrets, Deadlines deadlines = {}) {
    return create("oci", "test.registry.good",
                  "{\"endpoint\":\"http://127.0.0.1:" + std::to_string(server->port()) + "\"}", std::move(secrets),
                  std::move(deadlines));
  }
  Result<std::string> resolve(const std::string& tag) {
    return run(host->registries().front().resolve("docker.io/library/nginx", tag));
  }

  std::unique_ptr<net::Server> server;
  std::string authorization;
};

TEST_F(Http, TheAnswerReachesThePluginAndItsDigestTheCaller) {
  ASSERT_TRUE(add({{"login", "user:password"}}));
  const Result<std::string> digest = resolve("1.27");
  ASSERT_TRUE(digest) << digest.error().message;
  EXPECT_EQ(*digest, kDigest);
}

TEST_F(Http, ACredentialBecomesTheAuthorizationHeader) {
  ASSERT_TRUE(add({{"login", "user:password"}}));
  ASSERT_TRUE(resolve("1.27"));
  EXPECT_EQ(authorization, "Basic dXNlcjpwYXNzd29yZA==");
}

TEST_F(Http, AnythingElseIsABearerToken) {
  ASSERT_TRUE(add({{"login", "t0ken"}}));
  ASSERT_TRUE(resolve("1.27"));
  EXPECT_EQ(authorization, "Bearer t0ken");
}

TEST_F(Http, OurIdentityInACloudIsShownToNobodyUnproven) {
  const auto ask = [&](const std::string& identity) {
    Credential credential;
    credential.identity = identity;
    return run(host->registries().front().resolve("team.azurecr.io/app", "1.27", credential)).error();
  };
  const auto be = [&](bool insecure) {
    auto tls = std::make_shared<net::TlsSettings>();
    tls->insecure = insecure;
    host->use_peers({{"*.azurecr.io", Peer{std::move(tls)}}});
  };
  ASSERT_TRUE(create("oci", "test.registry.good", R"({"endpoint":"http://team.azurecr.io"})", {{"login", "t"}}));
  be(true);
  EXPECT_EQ(ask("cloud:azure").code, Code::denied);
  EXPECT_THAT(ask("cloud:azure").message,
              HasSubstr("is not shown to team.azurecr.io, whose certificate is not verified: remove insecure"));
  for (const char* other : {"cloud:gcp", "cloud:", "1f2e"}) EXPECT_EQ(ask(other).code, Code::unavailable) << other;
  be(false);
  EXPECT_EQ(ask("cloud:azure").code, Code::unavailable) << "nobody is there";
}

TEST_F(Http, ASecretThatIsNotGrantedIsDenied) {
  ASSERT_TRUE(add({}));
  const Result<std::string> digest = resolve("1.27");
  ASSERT_FALSE(digest);
  EXPECT_EQ(digest.error().code, Code::denied);
  EXPECT_THAT(digest.error().message, HasSubstr("\"login\""));
}

TEST_F(Http, WhatTheServerDoesNotHaveIsNotFound) {
  ASSERT_TRUE(add({{"login", "t"}}));
  EXPECT_EQ(resolve("gone").error().code, Code::not_found);
}

TEST_F(Http, AnAnswerThatIsNoDigestIsRefused) {
  ASSERT_TRUE(add({{"login", "t"}}));
  EXPECT_THAT(resolve("nonsense").error().message, HasSubstr("digest"));
}

TEST_F(Http, AnExchangeEndsAtTheCallsDeadline) {
  ASSERT_TRUE(add({{"login", "t"}}, {{"resolve", std::chrono::milliseconds(2000)}}));
  EXPECT_EQ(resolve("slow").error().code, Code::cancelled);
  EXPECT_EQ(host->instances().front().state, "ready") << "an honest plugin is not quarantined";
}

TEST_F(Http, APeerThatIsDownIsUnavailableAndNoFaultOfThePlugin) {
  ASSERT_TRUE(create("oci", "test.registry.good", R"({"endpoint":"http://127.0.0.1:1"})", {{"login", "t"}}));
  for (int i = 0; i < 10; ++i) {
    const Error error = resolve("1.27").error();
    EXPECT_EQ(error.code, Code::unavailable);
    EXPECT_THAT(error.message, HasSubstr("cannot connect to http://127.0.0.1:1"));
  }
}

}  // namespace
}  // namespace headwind::plugin
