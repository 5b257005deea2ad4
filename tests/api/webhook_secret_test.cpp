// SPDX-License-Identifier: Apache-2.0
// How senders show that they know the secret of their webhook: at the intake, then each style by itself.
#include "api/webhook_secret.hpp"

#include "api/intake_world.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"

namespace headwind::api {
namespace {

TEST_F(IntakeTest, T28_secret_in_a_header) {
  options.secrets["registry"] = {WebhookSecret::Style::header, "X-Headwind-Token", "s3cret"};
  auto response = call(post("/webhook/registry", "{}"));
  EXPECT_EQ(response.status, 401U);
  EXPECT_EQ(response.body, "The header X-Headwind-Token is missing: this webhook has a secret.");
  EXPECT_EQ(call(post("/webhook/registry", "{}", {{"X-Headwind-Token", "s3cre"}})).status, 401U);
  // The secret comes first: a stranger does not learn what else is wrong.
  EXPECT_EQ(call(request("POST", "/webhook/registry", "{")).status, 401U);
  EXPECT_TRUE(parser.calls.empty());
  EXPECT_EQ(call(post("/webhook/registry", "{}", {{"x-headwind-token", "s3cret"}})).status, 200U);
  EXPECT_EQ(call(post("/webhook/dockerhub", "{}")).status, 200U);  // secrets are per endpoint
}

TEST_F(IntakeTest, T28_secret_as_hmac_of_the_raw_body) {
  options.secrets["registry"] = {WebhookSecret::Style::hmac, "X-Hub-Signature-256", "s3cret"};
  const std::string body = "{ \"a\" : 1 }";
  const std::string right = hmac_sha256_hex("s3cret", body);
  EXPECT_EQ(call(post("/webhook/registry", body, {{"X-Hub-Signature-256", "sha256=" + right}})).status, 200U);
  EXPECT_EQ(call(post("/webhook/registry", body, {{"X-Hub-Signature-256", right}})).status, 200U);
  EXPECT_EQ(call(post("/webhook/registry", "{}", {{"X-Hub-Signature-256", "sha256=" + right}})).status, 401U);
  EXPECT_EQ(call(post("/webhook/registry", body)).status, 401U);
  EXPECT_EQ(taken.size(), 2U);
}

TEST_F(IntakeTest, T28_secret_as_the_last_path_segment) {
  options.secrets["dockerhub"] = {WebhookSecret::Style::path, "", "s3 cret/ü"};
  EXPECT_EQ(call(post("/webhook/dockerhub", "{}")).status, 401U);
  EXPECT_EQ(call(post("/webhook/dockerhub/wrong", "{}")).status, 401U);
  EXPECT_EQ(call(post("/webhook/dockerhub/s3%20cret%2F%C3%BC", "{}")).status, 200U);
  EXPECT_EQ(taken.size(), 1U);
}

TEST_F(IntakeTest, an_empty_secret_refuses_everybody) {
  options.secrets["registry"] = {WebhookSecret::Style::header, "X-Headwind-Token", ""};
  EXPECT_EQ(call(post("/webhook/registry", "{}", {{"X-Headwind-Token", ""}})).status, 401U);
}

using Style = WebhookSecret::Style;

bool passes(const WebhookSecret& secret, const net::Headers& headers, const std::string& body = "{}",
            const std::optional<std::string>& segment = std::nullopt) {
  const auto why = refuse_webhook(secret, headers, body, segment);
  if (why) {
    EXPECT_EQ(why->find("s3cret"), std::string::npos) << *why;
    EXPECT_TRUE(why->ends_with('.')) << *why;
  }
  return !why;
}

TEST(WebhookSecret, of_github_fits_its_published_sample) {
  const WebhookSecret secret{Style::hmac, "X-Hub-Signature-256", "It's a Secret to Everybody"};
  const std::string right = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  const auto signed_with = [&](const std::string& value) {
    return passes(secret, {{"x-hub-signature-256", value}}, "Hello, World!");
  };
  EXPECT_TRUE(signed_with("sha256=" + right));
  EXPECT_TRUE(signed_with(right)) << "as Gitea and JFrog send it";
  std::string upper = right;
  for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  EXPECT_TRUE(signed_with("sha256=" + upper));
  EXPECT_TRUE(signed_with("SHA256=" + upper));
  for (const std::string& wrong :
       {"sha1=" + right, "sha256=" + right.substr(1), "sha256=" + right + "0", std::string(64, 'g'),
        "sha256=" + std::string(64, '0'), std::string("sha256="), std::string(" ")})
    EXPECT_FALSE(signed_with(wrong)) << wrong;
}

TEST(WebhookSecret, of_nexus_is_signed_with_SHA_1) {
  const WebhookSecret secret{Style::hmac_sha1, "X-Nexus-Webhook-Signature", "s3cret"};
  const std::string right = hmac_sha1_hex("s3cret", "{}");
  EXPECT_TRUE(passes(secret, {{"X-Nexus-Webhook-Signature", right}}));
  EXPECT_TRUE(passes(secret, {{"X-Nexus-Webhook-Signature", "sha1=" + right}}));
  EXPECT_FALSE(passes(secret, {{"X-Nexus-Webhook-Signature", right}}, "{ }"));
  EXPECT_FALSE(passes(secret, {{"X-Nexus-Webhook-Signature", hmac_sha256_hex("s3cret", "{}")}}));
}

TEST(WebhookSecret, may_be_basic_or_a_bearer_token) {
  const auto with = [](Style style, const std::string& secret, const std::string& value) {
    return passes({style, "", secret}, {{"authorization", value}});
  };
  EXPECT_TRUE(with(Style::basic, "ci:s3cret", "Basic " + base64_encode("ci:s3cret")));
  EXPECT_TRUE(with(Style::basic, "ci:s3cret", "basic  " + base64_encode("ci:s3cret")));
  for (const std::string& wrong : {"Basic " + base64_encode("ci:other"), "Bearer " + base64_encode("ci:s3cret"),
                                   std::string("Basic ci:s3cret"), std::string("Basic"), std::string()})
    EXPECT_FALSE(with(Style::basic, "ci:s3cret", wrong)) << wrong;
  EXPECT_TRUE(with(Style::bearer, "s3cret", "Bearer s3cret"));
  EXPECT_TRUE(with(Style::bearer, "s3cret", "bearer s3cret"));
  for (const char* wrong : {"Bearer other", "s3cret", "Basic s3cret", "Bearer", "Bearer "})
    EXPECT_FALSE(with(Style::bearer, "s3cret", wrong)) << wrong;
}

TEST(WebhookSecret, and_the_one_before_it_pass_in_each_style) {
  for (const std::string& now : {"new s3cret", "old s3cret", "no s3cret"}) {
    const bool right = now != "no s3cret";
    const auto with = [&](Style style, const net::Headers& headers, const std::optional<std::string>& segment = {}) {
      return passes({style, "X", "new s3cret", "old s3cret"}, headers, "{}", segment);
    };
    EXPECT_EQ(with(Style::header, {{"X", now}}), right);
    EXPECT_EQ(with(Style::basic, {{"Authorization", "Basic " + base64_encode(now)}}), right);
    EXPECT_EQ(with(Style::bearer, {{"Authorization", "Bearer " + now}}), right);
    EXPECT_EQ(with(Style::hmac, {{"X", hmac_sha256_hex(now, "{}")}}), right);
    EXPECT_EQ(with(Style::hmac_sha1, {{"X", hmac_sha1_hex(now, "{}")}}), right);
    EXPECT_EQ(with(Style::path, {}, now), right);
  }
  EXPECT_FALSE(passes({Style::header, "X", "", "old s3cret"}, {{"X", "old s3cret"}})) << "nobody knows the present one";
}

}  // namespace
}  // namespace headwind::api
