// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/ecr_settings.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace headwind::registries::ecr {
namespace {

EcrSettings parse(const std::string& json) {
  auto settings = EcrSettings::parse(json);
  EXPECT_TRUE(settings) << settings.failure().message;
  return settings ? *settings : EcrSettings();
}

TEST(EcrSettings, AHostsOwnMembersComeBeforeTheCommonOnes) {
  const auto settings = parse(R"({"region":"eu-west-1","api_endpoint":"https://vpce.test/","pull_through":["hub/"],
    "access_key_id":"AKIACOMMON","secret_access_key_secret":"common",
    "hosts":{"123456789012.DKR.ecr.eu-west-1.amazonaws.com":
      {"api_endpoint":"http://127.0.0.1:5000","role_arn":"arn:aws:iam::1:role/r","pull_through":[]},
      "210987654321.dkr.ecr.eu-west-1.amazonaws.com":{"public_login":true}}})");
  const auto& own = settings.of("123456789012.dkr.ecr.eu-west-1.amazonaws.com");
  EXPECT_EQ(own.api_endpoint, "http://127.0.0.1:5000");
  EXPECT_EQ(own.region, "eu-west-1");
  EXPECT_EQ(own.role_arn, "arn:aws:iam::1:role/r");
  EXPECT_EQ(own.access_key_id, "");  // the role of one place and the keys of another do not mix
  EXPECT_TRUE(own.pull_through.empty());
  const auto& second = settings.of("210987654321.dkr.ecr.eu-west-1.amazonaws.com");
  EXPECT_EQ(second.access_key_id, "AKIACOMMON");
  EXPECT_EQ(second.pull_through, std::vector<std::string>{"hub/"});
  EXPECT_TRUE(second.public_login);
  const auto& other = settings.of("public.ecr.aws");
  EXPECT_EQ(other.api_endpoint, "https://vpce.test");
  EXPECT_FALSE(other.public_login);
  EXPECT_TRUE(settings.names_secrets());
  EXPECT_FALSE(parse("{}").names_secrets());
}

TEST(EcrSettings, AHostBeatsPatternsAndALongPatternAShortOne) {
  const auto settings = parse(R"({"hosts":{"*.dkr.ecr.*.amazonaws.com":{"region":"a"},
    "*.dkr.ecr.eu-west-1.amazonaws.com":{"region":"b"},"1.dkr.ecr.eu-west-1.amazonaws.com":{"region":"c"}}})");
  EXPECT_EQ(settings.of("1.dkr.ecr.eu-west-1.amazonaws.com").region, "c");
  EXPECT_EQ(settings.of("2.dkr.ecr.eu-west-1.amazonaws.com").region, "b");
  EXPECT_EQ(settings.of("2.dkr.ecr.us-east-1.amazonaws.com").region, "a");
  EXPECT_EQ(settings.of("public.ecr.aws").region, "");
}

TEST(EcrSettings, WhatCannotWorkIsRefusedWithItsPlace) {
  for (const auto& [json, sentence] :
       {std::pair{R"({"access_key_id":"A"})", "access_key_id needs secret_access_key_secret, and the other way round"},
        {R"({"hosts":{"h":{"secret_access_key_secret":"s"}}})",
         "hosts.h.access_key_id needs secret_access_key_secret, and the other way round"},
        {R"({"session_token_secret":"s"})", "session_token_secret needs access_key_id"},
        {R"({"access_key_id":"A","secret_access_key_secret":"s","role_arn":"arn:x"})",
         "role_arn is for web identity: remove it, or access_key_id"},
        {R"({"sts_endpoint":"https://h/path"})",
         "sts_endpoint must be a URL like https://api.example.com, without a path"}}) {
    const auto settings = EcrSettings::parse(json);
    ASSERT_FALSE(settings) << json;
    EXPECT_EQ(settings.failure().code, HW_INVALID);
    EXPECT_EQ(settings.failure().message, sentence);
  }
}

TEST(EcrSettings, TheSchemaIsThatOfAnyRegistryWithAmazonsMembers) {
  const auto schema = nlohmann::json::parse(ecr_settings_schema);
  const auto plain = nlohmann::json::parse(settings_schema);
  for (const auto& [own, base] : {std::pair{schema["properties"], plain["properties"]},
                                  {schema["/properties/hosts/additionalProperties/properties"_json_pointer],
                                   plain["/properties/hosts/additionalProperties/properties"_json_pointer]}}) {
    for (const auto& [name, member] : base.items()) EXPECT_TRUE(own.contains(name)) << name;
    for (const char* name :
         {"region", "api_endpoint", "sts_endpoint", "imds_endpoint", "access_key_id", "secret_access_key_secret",
          "session_token_secret", "role_arn", "web_identity_token_file", "pull_through", "public_login"})
      EXPECT_TRUE(own.contains(name)) << name;
  }
  EXPECT_EQ(schema["additionalProperties"], false);
}

}  // namespace
}  // namespace headwind::registries::ecr
