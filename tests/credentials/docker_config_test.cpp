// SPDX-License-Identifier: Apache-2.0
#include "credentials/docker_config.hpp"

#include <gtest/gtest.h>

namespace headwind::credentials {
namespace {

Result<DockerConfig> one(const std::string& entry) {
  return parse_docker_config(R"({"auths":{"reg.io":)" + entry + "}}", Format::dockerconfigjson);
}

Account account(const std::string& entry) {
  const auto config = one(entry);
  EXPECT_TRUE(config) << entry;
  return config && config->entries.size() == 1 ? config->entries.front().account : Account{};
}

TEST(DockerConfig, ReadsAuthAsTheKubeletDoes) {
  EXPECT_EQ(account(R"({"auth":"dTpw"})"), (Account{"u", "p", {}, {}}));
  EXPECT_EQ(account(R"({"auth":"dTpwOng="})"), (Account{"u", "p:x", {}, {}}));
  EXPECT_EQ(account(R"({"auth":"dTpwOng"})"), (Account{"u", "p:x", {}, {}})) << "unpadded";
  EXPECT_EQ(account(R"({"auth":" dTpw\n"})"), (Account{"u", "p", {}, {}}));
  EXPECT_EQ(account(R"({"username":"a","password":"b","auth":"dTpw"})"), (Account{"u", "p", {}, {}})) << "auth wins";
  EXPECT_EQ(account(R"({"username":"a","password":"b","email":"e"})"), (Account{"a", "b", {}, {}}));
}

TEST(DockerConfig, ReadsTokens) {
  EXPECT_EQ(account(R"({"identitytoken":"rt"})"), (Account{{}, {}, "rt", {}}));
  EXPECT_EQ(account(R"({"registrytoken":"jwt"})"), (Account{{}, {}, {}, "jwt"}));
  EXPECT_EQ(account(R"({"username":"<token>","password":"rt"})"), (Account{"<token>", "rt", "rt", {}}));
  EXPECT_TRUE(account("{}").empty());
}

TEST(DockerConfig, RefusesWhatIsMalformedAndNamesTheKeyAlone) {
  for (const char* entry :
       {R"({"auth":"dQ=="})", R"({"auth":"!!!"})", R"("c2VjcmV0")", R"({"password":"c2VjcmV0\r\nX: y"})"}) {
    const auto config = one(entry);
    ASSERT_FALSE(config) << entry;
    EXPECT_NE(config.error().message.find("reg.io"), std::string::npos) << config.error().message;
    EXPECT_EQ(config.error().message.find("c2VjcmV0"), std::string::npos) << config.error().message;
  }
  for (const char* text : {"", "[]", "{", R"({"auths":[]})"})
    EXPECT_FALSE(parse_docker_config(text, Format::dockerconfigjson)) << text;
  EXPECT_FALSE(parse_docker_config(std::string(100'000, '['), Format::dockerconfigjson));
}

TEST(DockerConfig, KnowsTheOldFormatAndPassesOverPrograms) {
  const auto old = parse_docker_config(R"({"reg.io":{"auth":"dTpw"}})", Format::dockercfg);
  ASSERT_TRUE(old);
  ASSERT_EQ(old->entries.size(), 1U);
  EXPECT_EQ(old->entries[0].account.username, "u");
  const auto helpers =
      parse_docker_config(R"({"credsStore":"x","credHelpers":{"reg.io":"y"}})", Format::dockerconfigjson);
  ASSERT_TRUE(helpers);
  EXPECT_TRUE(helpers->entries.empty());
}

}  // namespace
}  // namespace headwind::credentials
