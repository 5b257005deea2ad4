// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/credential_text.hpp"

#include <gtest/gtest.h>

namespace headwind::registries::ecr {
namespace {

// As the token service writes it.
const std::string answer = R"(<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>system:serviceaccount:headwind-system:headwind</SubjectFromWebIdentityToken>
    <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/headwind</Arn></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
      <SecretAccessKey>sec+ret/Key=</SecretAccessKey>
      <SessionToken>
        FwoGZXIvYXdzE==
      </SessionToken>
      <Expiration>2026-11-24T13:00:00Z</Expiration>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>c6104cbe</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>)";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(CredentialText, ReadsTheTokenServicesXml) {
  const auto keys = read_keys_xml(answer);
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->id, "ASIAEXAMPLE");
  EXPECT_EQ(keys->secret, "sec+ret/Key=");
  EXPECT_EQ(keys->session_token, "FwoGZXIvYXdzE==");
  EXPECT_EQ(keys->expires_unix_ms, 1'795'525'200'000);
}

TEST(CredentialText, XmlThatIsNotWholeHasNoKeys) {
  for (const auto& text : {std::string(), std::string("<"), std::string("<Credentials>"), answer.substr(0, 500),
                           with(answer, "<AccessKeyId>ASIAEXAMPLE</AccessKeyId>", ""),
                           with(answer, "ASIAEXAMPLE", "AS IA"), with(answer, "sec+ret/Key=", "a&amp;b"),
                           with(answer, "sec+ret/Key=", "<!-- x -->"), with(answer, "2026-11-24T13:00:00Z", "tomorrow"),
                           with(answer, "FwoGZX", "Fwo\r\nX-Evil: 1"), std::string(70'000, ' ') + answer})
    EXPECT_FALSE(read_keys_xml(text)) << text.substr(0, 700);
}

TEST(CredentialText, KeysOutsideTheResultAreNotOurs) {
  EXPECT_FALSE(
      read_keys_xml("<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey>"
                    "<SessionToken>T</SessionToken></Credentials>"));
}

TEST(CredentialText, ReadsTheCodeOfAnError) {
  const std::string error = R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
    <Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>No OpenIDConnect provider</Message></Error>
    </ErrorResponse>)";
  EXPECT_EQ(read_error_xml(error), "InvalidIdentityToken");
  EXPECT_EQ(read_error_xml(with(error, "InvalidIdentityToken", "a b\nc")), "");
  EXPECT_EQ(read_error_xml("<html>502</html>"), "");
}

TEST(CredentialText, ReadsTheMetadataServicesJson) {
  const auto keys = read_keys_json(R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAX","SecretAccessKey":"s",
    "Token":"t","Expiration":"2026-11-24T13:00:00Z","LastUpdated":"2026-11-24T07:00:00Z"})");
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->id, "ASIAX");
  EXPECT_EQ(keys->secret, "s");
  EXPECT_EQ(keys->session_token, "t");
  EXPECT_EQ(keys->expires_unix_ms, 1'795'525'200'000);
}

TEST(CredentialText, JsonThatIsNotWholeHasNoKeys) {
  for (const char* text :
       {"", "[]", "null", R"({"Code":"Failed","Message":"m"})", R"({"AccessKeyId":"A","Token":"t"})",
        R"({"AccessKeyId":7,"SecretAccessKey":"s"})", R"({"AccessKeyId":"A","SecretAccessKey":"s","Token":"a\nb"})",
        R"({"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"soon"})"})
    EXPECT_FALSE(read_keys_json(text)) << text;
  EXPECT_FALSE(read_keys_json(std::string(60'000, '[')));
}

}  // namespace
}  // namespace headwind::registries::ecr
