// SPDX-License-Identifier: Apache-2.0
// Requests and signatures of Amazon's published test suite (awslabs/aws-c-auth, tests/aws-signing-test-suite/v4), and
// of calls to ECR as botocore signs them.
#include "registries/ecr/sigv4.hpp"

#include <gtest/gtest.h>

#include "plugins_registries/scripted_transport.hpp"

namespace headwind::registries::ecr {
namespace {

const Keys keys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}};
constexpr std::int64_t then = 1'440'938'160'000;  // 2015-08-30T12:36:00Z

std::string signature(Request request, const Keys& with = keys, const SigningScope& scope = {"us-east-1", "service"}) {
  sign(request, with, scope, then);
  const auto value = sent(request, "Authorization");
  const std::string before = "Signature=";
  const auto at = value.find(before);
  return at == std::string::npos ? value : value.substr(at + before.size());
}

struct Case {
  const char* name;
  Request request;
  const char* signature;
};

Request request(const char* method, const std::string& target,
                std::vector<std::pair<std::string, std::string>> headers = {}, std::string body = {}) {
  return {method, "https://example.amazonaws.com" + target, std::move(headers), 0, std::move(body)};
}

const std::string unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const std::vector<Case>& suite() {
  static const std::vector<Case> cases{
      {"get-vanilla", request("GET", "/"), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"an empty path", request("GET", ""), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query", request("GET", "/?"), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-header-key-duplicate",
       request("GET", "/", {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}}),
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
      {"get-header-value-multiline", request("GET", "/", {{"My-Header1", "value1\n  value2\n     value3"}}),
       "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"},
      {"get-header-value-order",
       request(
           "GET", "/",
           {{"My-Header1", "value4"}, {"My-Header1", "value1"}, {"My-Header1", "value3"}, {"My-Header1", "value2"}}),
       "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
      {"get-header-value-trim", request("GET", "/", {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}),
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"get-relative-unnormalized", request("GET", "/example/.."),
       "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282"},
      {"get-relative-relative-unnormalized", request("GET", "/example1/example2/../.."),
       "dc33e0856fd4baca4d7aa2146c38958283844764f38c74252a333df5e613003b"},
      {"get-slash-unnormalized", request("GET", "//"),
       "c88bcd3d312d75078c0cd961d6deae3f4c754924b01669efcfcb439fd5e5b76e"},
      {"get-slash-dot-slash-unnormalized", request("GET", "/./"),
       "68714168e6557f8f2de0ef956fc24dc2593a4bd2961f8df51898d8a134695145"},
      {"get-slash-pointless-dot-unnormalized", request("GET", "/./example"),
       "beb03f223f7deae4146464f06e29eebbee9c8afbe15c290cf07aa8b119e14cff"},
      {"get-slashes-unnormalized", request("GET", "//example//"),
       "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5"},
      {"get-space-unnormalized", request("GET", "/example space/"),
       "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
      {"get-unreserved", request("GET", "/" + unreserved),
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"get-utf8", request("GET", "/\u1234"), "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
      {"get-vanilla-empty-query-key", request("GET", "/?Param1=value1"),
       "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
      {"get-vanilla-query-order-encoded", request("GET", "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1"),
       "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
      {"get-vanilla-query-order-key-case", request("GET", "/?Param2=value2&Param1=value1"),
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-vanilla-query-unreserved", request("GET", "/?" + unreserved + "=" + unreserved),
       "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
      {"get-vanilla-utf8-query", request("GET", "/?\u1234=bar"),
       "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
      {"post-vanilla", request("POST", "/"), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-vanilla-query", request("POST", "/?Param1=value1"),
       "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
      {"post-header-key-sort", request("POST", "/", {{"My-Header1", "value1"}}),
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
      {"post-header-value-case", request("POST", "/", {{"My-Header1", "VALUE1"}}),
       "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
      {"post-x-www-form-urlencoded",
       request("POST", "/",
               {{"Content-Type", "application/x-www-form-urlencoded"},
                {"Content-Length", "13"},
                {"x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}},
               "Param1=value1"),
       "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"},
      {"post-x-www-form-urlencoded-parameters",
       request("POST", "/",
               {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                {"Content-Length", "13"},
                {"x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}},
               "Param1=value1"),
       "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"},
  };
  return cases;
}

TEST(SigV4, SignsAmazonsTestSuiteAsAmazonDoes) {
  for (const auto& one : suite()) EXPECT_EQ(signature(one.request), one.signature) << one.name;
}

TEST(SigV4, SignsTheSessionTokenToo) {
  const std::string token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
  EXPECT_EQ(signature(request("GET", "/"), {keys.id, keys.secret, token}),
            "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8");
}

TEST(SigV4, SignsCallsToEcrAsBotocoreDoes) {
  const auto call = [](const std::string& host, const std::string& target, const std::string& body) {
    return Request{"POST",
                   "https://" + host + "/",
                   {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", target}},
                   0,
                   body};
  };
  const std::string ecr = "api.ecr.us-east-1.amazonaws.com", version = "AmazonEC2ContainerRegistry_V20150921.";
  const SigningScope scope{"us-east-1", "ecr"};
  EXPECT_EQ(signature(call(ecr, version + "GetAuthorizationToken", "{}"), keys, scope),
            "527a2155e9afc2426cb4c659023df9c031e8103458f349819615ff25111f5de0");
  EXPECT_EQ(
      signature(call(ecr, version + "GetAuthorizationToken", "{}"), {keys.id, keys.secret, "SESSIONTOKEN"}, scope),
      "d9f63437506f51f69642268c70b68a7003905618f2dfe9b8677102af633c5c4f");
  EXPECT_EQ(signature(call(ecr, version + "DescribeImages",
                           R"({"repositoryName":"team/app","maxResults":1000,"filter":{"tagStatus":"TAGGED"}})"),
                      keys, scope),
            "1b47b74b0519e5aef18237011a6103f3c5a782def94f0fc0d6f9fcbcd08a09a1");
  EXPECT_EQ(
      signature(call("api.ecr-public.us-east-1.amazonaws.com", "SpencerFrontendService.GetAuthorizationToken", "{}"),
                keys, {"us-east-1", "ecr-public"}),
      "7f4ca0d963a87df3d01f6c4ab2257843501fb7772d9351b0a56f5eca8095cd59");
}

TEST(SigV4, NamesWhatItSigned) {
  auto signed_one = request("POST", "/", {{"X-Amz-Target", "T"}, {"Content-Type", "x"}});
  signed_one.url = "http://127.0.0.1:5000/";
  sign(signed_one, {keys.id, keys.secret, "TOKEN"}, {"eu-west-1", "ecr"}, then);
  EXPECT_EQ(sent(signed_one, "X-Amz-Date"), "20150830T123600Z");
  EXPECT_EQ(sent(signed_one, "X-Amz-Security-Token"), "TOKEN");
  const auto value = sent(signed_one, "Authorization");
  EXPECT_TRUE(
      value.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/ecr/aws4_request, "
                        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "))
      << value;
  EXPECT_NE(canonical_request(signed_one).find("host:127.0.0.1:5000\n"), std::string::npos);
}

}  // namespace
}  // namespace headwind::registries::ecr
