// SPDX-License-Identifier: Apache-2.0
// The key `webhooks`: what each sender does best, and what does not fit together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"

namespace headwind::config {
namespace {

using testing::HasSubstr;
using testing::Not;
using Style = Config::WebhookSecret::Style;

std::string refusal(const std::string& webhooks) {
  const auto config = parse("webhooks:\n" + webhooks, "c.yaml");
  return config ? "accepted" : config.error().message;
}

TEST(Webhooks, each_sender_has_the_style_that_it_does_best) {
  struct Expected {
    const char* endpoint;
    Style style;
    const char* header;
  };
  const Expected all[] = {
      {"registry", Style::header, "X-Headwind-Token"},    {"dockerhub", Style::path, "X-Headwind-Token"},
      {"harbor", Style::header, "Authorization"},         {"ghcr", Style::hmac, "X-Hub-Signature-256"},
      {"quay", Style::path, "X-Headwind-Token"},          {"acr", Style::header, "X-Headwind-Token"},
      {"ecr", Style::header, "X-Headwind-Token"},         {"gitea", Style::hmac, "X-Hub-Signature-256"},
      {"forgejo", Style::hmac, "X-Hub-Signature-256"},    {"gitlab", Style::header, "X-Gitlab-Token"},
      {"jfrog", Style::header, "X-JFrog-Event-Auth"},     {"nexus", Style::hmac_sha1, "X-Nexus-Webhook-Signature"},
      {"zot", Style::header, "X-Headwind-Token"},         {"aliyun", Style::path, "X-Headwind-Token"},
      {"cloudevents", Style::header, "X-Headwind-Token"}, {"image", Style::header, "X-Headwind-Token"},
      {"any", Style::header, "X-Headwind-Token"}};
  for (const auto& [endpoint, style, header] : all) {
    const auto config = parse("webhooks: {" + std::string(endpoint) + ": {secret: {file: /s}}}", "c.yaml");
    ASSERT_TRUE(config) << endpoint;
    EXPECT_EQ(config->webhook_secrets.at(endpoint).style, style) << endpoint;
    EXPECT_EQ(config->webhook_secrets.at(endpoint).header, header) << endpoint;
  }
  EXPECT_EQ(std::size(all) + 1, webhook_endpoints.size()) << "and gar, with a token";
}

TEST(Webhooks, styles_and_a_second_secret) {
  const std::pair<const char*, Style> all[] = {{"header", Style::header},       {"basic", Style::basic},
                                               {"bearer", Style::bearer},       {"hmac", Style::hmac},
                                               {"hmac-sha1", Style::hmac_sha1}, {"path", Style::path}};
  for (const auto& [name, style] : all) {
    const auto config = parse(
        "webhooks: {zot: {style: " + std::string(name) + ", secret: {file: /new}, previousSecret: {environment: OLD}}}",
        "c.yaml");
    ASSERT_TRUE(config) << name;
    const auto& zot = config->webhook_secrets.at("zot");
    EXPECT_EQ(zot.style, style) << name;
    EXPECT_EQ(zot.secret.file, "/new");
    EXPECT_EQ(zot.previous.environment, "OLD");
  }
  EXPECT_THAT(
      refusal("  zot: {style: hmca, secret: {file: /s}}"),
      HasSubstr("c.yaml:2:16: webhooks.zot.style: 'hmca' is unknown: use header, basic, bearer, hmac, hmac-sha1"));
}

TEST(Webhooks, Pub_Sub_sends_a_token) {
  const auto config = parse(R"(webhooks:
  gar:
    audience: https://headwind.example.com/webhook/gar
    serviceAccount: push@project.iam.gserviceaccount.com
)",
                            "c.yaml");
  ASSERT_TRUE(config);
  const auto& gar = config->webhook_secrets.at("gar");
  EXPECT_EQ(gar.style, Style::oidc);
  EXPECT_EQ(gar.audience, "https://headwind.example.com/webhook/gar");
  EXPECT_EQ(gar.service_account, "push@project.iam.gserviceaccount.com");
  EXPECT_TRUE(gar.issuer.empty() && gar.keys_url.empty()) << "Google's";
  EXPECT_EQ(refusal("  gar: {style: path, secret: {file: /s}}"), "accepted");
  EXPECT_EQ(refusal("  any: {style: oidc, audience: a, subject: s, issuer: https://i.test, keysUrl: https://i.test/k}"),
            "accepted");
}

TEST(Webhooks, a_token_needs_what_makes_it_ours) {
  EXPECT_THAT(refusal("  gar: {audience: a}"), HasSubstr("c.yaml:2:8: webhooks.gar: needs serviceAccount"));
  EXPECT_THAT(refusal("  gar: {serviceAccount: a@b}"), HasSubstr("webhooks.gar: needs audience"));
  EXPECT_THAT(refusal("  gar: {secret: {file: /s}}"), HasSubstr("takes no secret"));
  EXPECT_THAT(refusal("  gar: {audience: a, serviceAccount: b, issuer: https://i.test}"), HasSubstr("needs keysUrl"));
  EXPECT_THAT(refusal("  gar: {audience: a, serviceAccount: b, keysUrl: 'http://i.test/keys'}"),
              HasSubstr("webhooks.gar.keysUrl: must begin with https://"));
  EXPECT_THAT(refusal("  ghcr: {audience: a, secret: {file: /s}}"), HasSubstr("with style oidc only"));
}

TEST(Webhooks, senders_that_name_no_host_are_given_one) {
  const auto config = parse(R"(webhooks:
  nexus:
    secret: {file: /s}
    host: nexus.example.com:8082
    repositories: {docker-hosted: "nexus.example.com:8083"}
  jfrog:
    repositories: {docker-local: artifacts.example.com/docker}
  zot: {host: "zot.example.com:5000"}
)",
                            "c.yaml");
  ASSERT_TRUE(config) << config.error().message;
  std::vector<std::string> places;
  for (const auto& place : config->webhook_places)
    places.push_back(place.sender + " " + place.repository + " " + place.base);
  EXPECT_THAT(places, testing::UnorderedElementsAre(
                          "nexus  nexus.example.com:8082", "nexus docker-hosted nexus.example.com:8083",
                          "jfrog docker-local artifacts.example.com/docker", "zot  zot.example.com:5000"));
  EXPECT_TRUE(config->webhook_secrets.contains("nexus"));
  EXPECT_FALSE(config->webhook_secrets.contains("zot")) << "a host alone is no lock";
  for (const char* base :
       {"nexus", "https://nexus.example.com", "nexus.example.com/", "nexus.example.com/UP", "a.b//c", "''"})
    EXPECT_THAT(refusal("  nexus: {host: " + std::string(base) + "}"), HasSubstr("webhooks.nexus.host: must be a host"))
        << base;
  EXPECT_THAT(refusal("  nexus: {repositories: {'a b': nexus.test}}"), HasSubstr("neither a space nor a star"));
  EXPECT_THAT(refusal("  ghcr: {host: ghcr.io, secret: {file: /s}}"), HasSubstr("webhooks.ghcr.host: is not a key"));
}

TEST(Webhooks, what_has_no_effect_is_refused) {
  EXPECT_THAT(refusal("  dockerhub: {header: X-A, secret: {file: /s}}"), HasSubstr("takes a header with style header"));
  EXPECT_THAT(refusal("  nexus: {host: nexus.test, style: hmac}"), HasSubstr("webhooks.nexus: needs a secret"));
  EXPECT_THAT(refusal("  ghcr: {previousSecret: {file: /s}}"),
              HasSubstr("webhooks.ghcr: needs a secret, such as secret: {file: /"));
  EXPECT_THAT(refusal("  ghcr: {secret: hunter2}"), Not(HasSubstr("hunter2")));
}

TEST(Webhooks, those_of_a_registry_instance_are_told_from_slips) {
  const auto applied = [](const std::string& yaml) {
    auto config = parse(yaml, "c.yaml");
    EXPECT_TRUE(config) << config.error().message;
    const Result<> done = apply_environment(*config, {});
    return done ? std::string() : done.error().message;
  };
  EXPECT_THAT(
      applied("webhooks: {github: {secret: {file: /s}}}"),
      HasSubstr("c.yaml:1:20: webhooks.github: is neither a sender that Headwind knows nor a registry instance"));
  EXPECT_THAT(applied("webhooks: {giteaa: {secret: {file: /s}}}"), HasSubstr("did you mean 'gitea'?"));
  const std::string plugins =
      "plugins: {instances: [{name: depot, plugin: com.example.depot}, {name: team, plugin: "
      "headwind.notifier.slack}]}\n";
  EXPECT_EQ(applied(plugins + "webhooks: {depot: {style: bearer, secret: {file: /s}}}"), "");
  EXPECT_THAT(applied(plugins + "webhooks: {team: {secret: {file: /s}}}"), HasSubstr("webhooks.team: is neither"));
}

}  // namespace
}  // namespace headwind::config
