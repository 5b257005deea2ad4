// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/json_api.hpp"

#include <gmock/gmock.h>

#include "plugins_ecr/scripted_amazon.hpp"

namespace headwind::registries::ecr {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* url = "https://api.ecr.eu-west-1.amazonaws.com";

class Api : public testing::Test {
 protected:
  // Keys of the environment, which nobody renews.
  Api() { use({{"AWS_ACCESS_KEY_ID", "AKIA"}, {"AWS_SECRET_ACCESS_KEY", "s3cr3t"}}); }
  void use(std::map<std::string, std::string, std::less<>> variables, bool is_public = false) {
    chain = std::make_shared<CredentialChain>(
        AwsSettings{}, std::make_shared<const Environment>(Environment(std::move(variables))), "eu-west-1");
    api = std::make_unique<JsonApi>(ApiEndpoint{url, "eu-west-1", is_public}, chain);
  }
  Outcome<nlohmann::json> call() {
    return api->call("DescribeImages", {{"repositoryName", "team/app"}}, "team/app", amazon);
  }

  std::function<Outcome<Response>(const Request&)> reply = [](const Request&) { return answer(200, "{}"); };
  ScriptedAmazon amazon{[this](const Request& request) { return reply(request); }};
  std::shared_ptr<CredentialChain> chain;
  std::unique_ptr<JsonApi> api;
};

TEST_F(Api, ACallIsASignedPostOfJson) {
  const auto done = call();
  ASSERT_TRUE(done) << done.failure().message;
  ASSERT_EQ(amazon.requests.size(), 1u);
  const Request& request = amazon.requests.front();
  EXPECT_EQ(request.method + " " + request.url, "POST https://api.ecr.eu-west-1.amazonaws.com/");
  EXPECT_EQ(request.body, R"({"repositoryName":"team/app"})");
  EXPECT_EQ(sent(request, "Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(sent(request, "X-Amz-Target"), "AmazonEC2ContainerRegistry_V20150921.DescribeImages");
  EXPECT_THAT(sent(request, "Authorization"), HasSubstr("AKIA/20150830/eu-west-1/ecr/aws4_request"));
}

TEST_F(Api, ErrorsBecomeCodesWithTheirRemedy) {
  struct Row {
    int status;
    const char* type;
    hw_status code;
    const char* part;
  };
  for (const auto& [status, type, code, part] :
       {Row{400, "AccessDeniedException", HW_DENIED, "allow the IAM action ecr:DescribeImages"},
        Row{400, "com.amazonaws.ecr#RepositoryNotFoundException", HW_NOT_FOUND, "(RepositoryNotFoundException)"},
        Row{400, "ImageNotFoundException", HW_NOT_FOUND, "team/app"},
        Row{400, "InvalidParameterException", HW_INVALID, "InvalidParameterException"},
        Row{400, "ThrottlingException", HW_THROTTLED, "slow down"}, Row{400, "Throttling", HW_THROTTLED, "slow down"},
        Row{400, "TooManyRequestsException", HW_THROTTLED, "slow down"}, Row{429, "", HW_THROTTLED, "slow down"},
        Row{500, "ServerException", HW_UNAVAILABLE, "ServerException"}, Row{503, "", HW_UNAVAILABLE, "503"},
        Row{403, "", HW_DENIED, "IAM action"}, Row{400, "InvalidSignatureException", HW_DENIED, "clock"},
        Row{400, "ExpiredTokenException", HW_DENIED, "renew them"},
        Row{400, "UnrecognizedClientException", HW_DENIED, "renew them"},
        Row{400, "no name, surely <b>", HW_INVALID, "answered 400 to"}}) {
    const auto body = nlohmann::json{{"__type", type}, {"message", "User s3cr3t may not"}}.dump();
    reply = [&](const Request&) { return Response{status, {{"Retry-After", "7"}}, body}; };
    const auto done = call();
    ASSERT_FALSE(done) << type;
    EXPECT_EQ(done.failure().code, code) << type;
    EXPECT_THAT(done.failure().message, HasSubstr(part)) << type;
    EXPECT_THAT(done.failure().message, Not(HasSubstr("s3cr3t")));
    EXPECT_EQ(done.failure().retry_after_ms, code == HW_THROTTLED || code == HW_UNAVAILABLE ? 7000 : 0) << type;
  }
  EXPECT_EQ(amazon.requests.size(), 15u);  // none of them twice: nobody has other keys
}

TEST_F(Api, ThePublicOneNamesBothActionsThatItNeeds) {
  use({{"AWS_ACCESS_KEY_ID", "AKIA"}, {"AWS_SECRET_ACCESS_KEY", "s3cr3t"}}, true);
  reply = [](const Request&) { return answer(400, R"({"__type":"AccessDeniedException"})"); };
  const auto done = api->call("GetAuthorizationToken", nlohmann::json::object(), "the password", amazon);
  EXPECT_THAT(done.failure().message, HasSubstr("ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken"));
  EXPECT_EQ(sent(amazon.requests[0], "X-Amz-Target"), "SpencerFrontendService.GetAuthorizationToken");
  EXPECT_THAT(sent(amazon.requests[0], "Authorization"), HasSubstr("/ecr-public/aws4_request"));
}

TEST_F(Api, TheTypeMayBeInAHeaderOrInXml) {
  EXPECT_EQ(error_name({400, {{"x-amzn-ErrorType", "ThrottlingException:http://internal/"}}, ""}),
            "ThrottlingException");
  EXPECT_EQ(error_name(answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")),
            "AccessDenied");
  EXPECT_EQ(error_name(answer(502, "<html>")), "");
  EXPECT_EQ(error_name(answer(400, R"({"__type":7})")), "");
}

TEST_F(Api, WhatIsNoJsonIsUnavailable) {
  for (const char* body : {"", "<html>", "[]", "null", "{\"a\":", "7"}) {
    reply = [&](const Request&) { return answer(200, body); };
    EXPECT_EQ(call().failure().code, HW_UNAVAILABLE) << body;
  }
  reply = [](const Request&) -> Outcome<Response> { return Failure{HW_UNAVAILABLE, "reset", 0}; };
  EXPECT_EQ(call().failure().message,
            "https://api.ecr.eu-west-1.amazonaws.com gave no answer to DescribeImages of team/app");
}

// ---------------------------------------------------------------- renewed keys

class RolesApi : public Api {
 protected:
  RolesApi() {
    use({});
    reply = [this](const Request& request) { return serve(request); };
  }
  Outcome<Response> serve(const Request& request) {
    const bool metadata = request.url.find("169.254.169.254") != std::string::npos;
    if (request.method == "PUT") return answer(200, "session");
    if (metadata && request.url.ends_with("/")) return answer(200, "role");
    if (metadata) {
      ++fetched;
      return answer(200, R"({"AccessKeyId":"ASIA)" + std::to_string(fetched) +
                             R"(","SecretAccessKey":"s","Token":"t","Expiration":"2015-08-30T18:36:00Z"})");
    }
    ++calls;
    const bool accepted = sent(request, "Authorization").find("ASIA" + std::to_string(good)) != std::string::npos;
    return accepted ? answer(200, "{}") : answer(400, R"({"__type":"ExpiredTokenException"})");
  }
  int fetched = 0, calls = 0, good = 1;
};

TEST_F(RolesApi, ExpiredKeysAreReplacedOnceAndTheCallRepeated) {
  EXPECT_TRUE(call());
  amazon.pass(3600);
  good = 2;
  EXPECT_TRUE(call());
  EXPECT_EQ(fetched, 2);
  EXPECT_EQ(calls, 3);
  EXPECT_TRUE(call());
  EXPECT_EQ(fetched, 2);
}

TEST_F(RolesApi, KeysThatAreAlwaysRefusedMakeNoLoop) {
  good = 99;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(call().failure().code, HW_DENIED);
  EXPECT_EQ(fetched, 1);
  EXPECT_EQ(calls, 20);
  amazon.pass(120);
  EXPECT_EQ(call().failure().code, HW_DENIED);
  EXPECT_EQ(fetched, 2);
  EXPECT_EQ(calls, 22);
}

}  // namespace
}  // namespace headwind::registries::ecr
