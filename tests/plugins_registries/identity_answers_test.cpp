// SPDX-License-Identifier: Apache-2.0
#include "registries/core/identity_answers.hpp"

#include <gtest/gtest.h>

#include "plugins_registries/clouds.hpp"

namespace headwind::registries {
namespace {

constexpr std::int64_t minute = 60'000, now = 1'700'000'000'000;

std::int64_t life_of(const std::string& claims) {
  const auto token = read_refresh_token(R"({"refresh_token":")" + headwind::test::jwt(claims) + "\"}", now);
  return token ? token->life_ms : -1;
}

TEST(IdentityAnswers, an_access_token_lives_as_long_as_it_says_in_numbers_or_text) {
  const auto life = [](const std::string& member) {
    const auto token = read_access_token(R"({"access_token":"a.b-c")" + member + "}");
    return token ? token->life_ms : -1;
  };
  EXPECT_EQ(life(R"(,"expires_in":3599)"), 3'599'000);
  EXPECT_EQ(life(R"(,"expires_in":"3599")"), 3'599'000);
  EXPECT_EQ(life(""), 5 * minute);
  EXPECT_EQ(life(R"(,"expires_in":"soon")"), 5 * minute);
  EXPECT_EQ(life(R"(,"expires_in":18446744073709551615)"), 5 * minute);
  EXPECT_EQ(life(R"(,"expires_in":-5)"), 0);
  EXPECT_EQ(life(R"(,"expires_in":9000000000000000)"), 24 * 60 * minute);
}

TEST(IdentityAnswers, what_may_not_stand_in_a_header_is_no_token) {
  for (const std::string body : {"", "null", "[]", "{}", R"({"access_token":""})", R"({"access_token":"a b"})",
                                 R"({"access_token":"a\r\nX: y"})", R"({"access_token":7})"})
    EXPECT_FALSE(read_access_token(body)) << body;
  EXPECT_FALSE(read_access_token(R"({"access_token":")" + std::string(20'000, 'a') + "\"}"));
  EXPECT_FALSE(read_access_token(std::string(70'000, ' ') + R"({"access_token":"a"})"));
}

TEST(IdentityAnswers, a_refresh_token_tells_its_own_life) {
  EXPECT_EQ(life_of(R"({"iat":1600000000,"exp":1600010800})"), 180 * minute) << "whatever the clocks";
  EXPECT_EQ(life_of(R"({"exp":1700000600})"), 10 * minute);
  EXPECT_EQ(life_of(R"({"exp":1600000000})"), 0);
  EXPECT_EQ(life_of(R"({"iat":-9223372036854775808,"exp":9223372036854775807})"), 0);
  EXPECT_EQ(life_of(R"({"exp":9223372036854775807})"), 24 * 60 * minute);
  EXPECT_EQ(life_of("{}"), 60 * minute);
  for (const char* odd : {"opaque", "a.b", "a.!!!!.c", "a..c", ".."}) {
    const auto token = read_refresh_token(R"({"refresh_token":")" + std::string(odd) + "\"}", now);
    ASSERT_TRUE(token) << odd;
    EXPECT_EQ(token->life_ms, 60 * minute) << odd;
  }
}

TEST(IdentityAnswers, an_error_is_a_name_and_a_number_and_nothing_else) {
  EXPECT_EQ(read_oauth_error(R"({"error":"invalid_client","error_codes":[700213],"error_description":"eyJ"})"),
            "invalid_client AADSTS700213");
  EXPECT_EQ(read_oauth_error(R"({"error":"invalid_request"})"), "invalid_request");
  for (const char* body : {"", "{}", "<html>", R"({"error":{"code":1}})", R"({"error":"eyJ.secret"})"})
    EXPECT_EQ(read_oauth_error(body), "") << body;
}

}  // namespace
}  // namespace headwind::registries
