// SPDX-License-Identifier: Apache-2.0
// The identity that this process has in a cloud is shown to the cloud's own hosts and to nobody else, whoever asks for
// it: a registry, a redirect, a mirror, the settings or the call.
#include "plugins_registries/cloud_world.hpp"

namespace headwind::registries {
namespace {

using headwind::test::Answered;
using headwind::test::Asked;
using testing::HasSubstr;

constexpr const char* settings = R"({"hosts":{"gcr.io":{"identity":"gcp"},"team.azurecr.io":{"identity":"azure"}}})";

Answered challenge(const std::string& realm) {
  return {401, "", {{"WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"x\""}}};
}

class IdentityGuard : public CloudWorld {
 protected:
  void registries_say(Answered answered) {
    clouds.answer([answered](const Asked& asked) {
      const bool asked_for_tags = asked.path.ends_with("/tags/list") && !asked.host.ends_with("evil.test");
      return asked_for_tags ? std::optional(answered) : std::nullopt;
    });
  }
};

TEST_F(IdentityGuard, a_token_server_elsewhere_does_not_get_it_even_where_it_is_listed) {
  constexpr const char* listed =
      R"({"hosts":{"gcr.io":{"identity":"gcp","token_hosts":["evil.test"]},"team.azurecr.io":{"identity":"azure"}}})";
  for (const char* realm : {"https://evil.test/v2/token", "https://us-docker.pkg.dev.evil.test/v2/token",
                            "http://gcr.io/v2/token", "https://gcr.io:8443/v2/token", "https://127.0.0.1/v2/token"})
    for (const char* image : {"gcr.io/project/app", "team.azurecr.io/app"}) {
      registries_say(challenge(realm));
      const auto found = tags(use(listed), image);
      ASSERT_FALSE(found) << realm;
      EXPECT_EQ(found.failure().code, HW_DENIED) << found.failure().message;
    }
  EXPECT_EQ(strangers(), 0);
}

TEST_F(IdentityGuard, that_of_one_cloud_is_not_shown_to_the_other) {
  registries_say(challenge("https://team.azurecr.io/oauth2/token"));
  const auto found = tags(use(settings), "gcr.io/project/app");
  ASSERT_FALSE(found);
  EXPECT_THAT(found.failure().message, HasSubstr("which is no host of Google"));
  EXPECT_EQ(clouds.count("team.azurecr.io", "/"), 0);
}

TEST_F(IdentityGuard, redirects_lose_it) {
  for (const char* image : {"gcr.io/project/app", "team.azurecr.io/app"}) {
    clouds.answer([](const Asked& asked) -> std::optional<Answered> {
      if (asked.path.ends_with("/tags/list") && !asked.authorization.empty())
        return Answered{307, "", {{"Location", "https://evil.test/stolen"}}};
      return std::nullopt;
    });
    (void)tags(use(settings), image);
    clouds.answer([](const Asked& asked) -> std::optional<Answered> {
      if (asked.path == "/v2/token" || asked.path == "/oauth2/token")
        return Answered{307, "", {{"Location", "https://evil.test/stolen"}}};
      return std::nullopt;
    });
    EXPECT_FALSE(tags(use(settings), image));
  }
  EXPECT_EQ(strangers(), 2) << "the lists' redirects are followed, by nobody's name";
}

TEST_F(IdentityGuard, a_mirror_is_asked_in_nobodys_name) {
  constexpr const char* mirrored = R"({"hosts":{"gcr.io":{"identity":"gcp","mirrors":["https://evil.test"]}}})";
  const auto found = tags(use(mirrored), "gcr.io/project/app");
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_GE(strangers(), 1);
  clouds.answer([](const Asked& asked) -> std::optional<Answered> {
    if (asked.host.ends_with("evil.test")) return challenge("https://gcr.io/v2/token");
    return std::nullopt;
  });
  const int before = clouds.count("127.0.0.1", "/");
  ASSERT_TRUE(tags(use(mirrored), "gcr.io/project/app"));
  EXPECT_EQ(clouds.count("127.0.0.1", "/"), before + 1) << "for the registry alone";
  strangers();
}

TEST_F(IdentityGuard, settings_that_would_show_it_to_others_are_refused) {
  const auto refusal = [](const std::string& host, const std::string& object) {
    const auto parsed = Settings::parse(R"({"hosts":{")" + host + "\":" + object + "}}");
    return parsed ? std::string("taken") : parsed.failure().message;
  };
  for (const char* host : {"registry.example.com", "evilgcr.io", "gcr.io.evil.test", "*.io", "*gcr.io", "*",
                           "gcr.io:444", "*.pkg.dev", "us-docker.pkg.dev.evil.test", "docker.io", "team.azurecr.io"})
    EXPECT_THAT(refusal(host, R"({"identity":"gcp"})"), HasSubstr("identity is for registries of Google")) << host;
  for (const char* host : {"azurecr.io", "azurecr.io.evil.test", "*.azurecr.*", "team.azurecr.de", "gcr.io"})
    EXPECT_THAT(refusal(host, R"({"identity":"azure"})"), HasSubstr("identity is for registries of Azure")) << host;
  for (const char* host : {"gcr.io", "eu.gcr.io", "*.gcr.io", "*-docker.pkg.dev", "us-docker.pkg.dev"})
    EXPECT_EQ(refusal(host, R"({"identity":"gcp"})"), "taken") << host;
  for (const char* host : {"team.azurecr.io", "*.azurecr.cn", "team.azurecr.us"})
    EXPECT_EQ(refusal(host, R"({"identity":"azure"})"), "taken") << host;
  for (const char* endpoint : {"https://evil.test", "http://gcr.io", "https://gcr.io:8443", "https://team.azurecr.io"})
    EXPECT_THAT(refusal("gcr.io", R"({"identity":"gcp","endpoint":")" + std::string(endpoint) + "\"}"),
                HasSubstr("endpoint is none"))
        << endpoint;
  EXPECT_THAT(refusal("gcr.io", R"({"identity":"gcp","username":"u","password_secret":"p"})"), HasSubstr("exclude"));
  EXPECT_THAT(refusal("gcr.io", R"({"identity":"aws"})"), HasSubstr("must be gcp or azure"));
}

TEST_F(IdentityGuard, a_call_may_ask_for_it_at_the_clouds_registries_only) {
  transport.pull = Credential{"cloud:gcp", "", "", "", ""};
  ASSERT_TRUE(tags(use("{}"), "us-docker.pkg.dev/project/repository/app"));
  EXPECT_EQ(clouds.count("127.0.0.1", "/computeMetadata/"), 1);
  for (const auto& [config, image] :
       {std::pair{"{}", "evil.test/app"},
        {"{}", "team.azurecr.io/app"},
        {R"({"hosts":{"gcr.io":{"endpoint":"https://evil.test"}}})", "gcr.io/project/app"}})
    (void)tags(use(config), image);
  EXPECT_EQ(clouds.count("127.0.0.1", "/"), 1);
  EXPECT_GE(strangers(), 2);
}

TEST_F(IdentityGuard, an_account_of_the_call_goes_before_it) {
  transport.pull = Credential{"secret#1", "_json_key", "{}", "", ""};
  (void)tags(use(settings), "gcr.io/project/app");
  EXPECT_EQ(clouds.count("127.0.0.1", "/"), 0);
  EXPECT_EQ(clouds.count("gcr.io", "/v2/token"), 1);
}

TEST_F(IdentityGuard, nobody_has_it_who_was_not_given_it) {
  const auto found = tags(use("{}"), "gcr.io/project/app");
  ASSERT_FALSE(found);
  EXPECT_THAT(found.failure().message, HasSubstr("no credential was found"));
  EXPECT_EQ(clouds.count("127.0.0.1", "/"), 0);
}

}  // namespace
}  // namespace headwind::registries
