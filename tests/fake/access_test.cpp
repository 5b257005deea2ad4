// SPDX-License-Identifier: Apache-2.0
#include "harness.hpp"

namespace headwind::fake {
namespace {

constexpr const char* kTokenReviews = "/apis/authentication.k8s.io/v1/tokenreviews";
constexpr const char* kAccessReviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

class Access : public ApiTest {
 protected:
  void begin(bool enforce) {
    ApiServerOptions options;
    options.enforce_access = enforce;
    start(options);
    api_->add_user("bob-token", {"bob", "2", {"devs"}, {{"scope", {"a"}}}});
    AccessRule rule;
    rule.group = "devs";
    rule.verbs = {"get", "list"};
    rule.resource = "configmaps";
    api_->allow(rule);
  }
  Reply ask(const std::string& subject, const std::string& verb) {
    return call("POST", kAccessReviews,
                R"({"spec":{)" + subject + R"("resourceAttributes":{"verb":")" + verb +
                    R"(","resource":"configmaps","namespace":"default"}}})");
  }
};

TEST_F(Access, a_token_review_names_the_user_with_groups_and_extra) {
  begin(false);
  const Reply known = call("POST", kTokenReviews, R"({"spec":{"token":"bob-token"}})");
  ASSERT_EQ(known.status, 201U);
  EXPECT_EQ(
      known.body["status"].dump(),
      R"({"authenticated":true,"user":{"extra":{"scope":["a"]},"groups":["devs","system:authenticated"],"uid":"2",)"
      R"("username":"bob"}})");
  const Reply unknown = call("POST", kTokenReviews, R"({"spec":{"token":"nope"}})");
  EXPECT_EQ(unknown.body["status"].dump(), R"({"error":"invalid bearer token","user":{}})");
}

TEST_F(Access, an_access_review_needs_the_groups_to_allow_what_a_group_may) {
  begin(false);
  EXPECT_EQ(ask(R"("user":"bob","groups":["devs"],)", "get").body["status"]["allowed"], true);
  EXPECT_EQ(ask(R"("user":"bob",)", "get").body["status"]["allowed"], false);
  EXPECT_EQ(ask(R"("user":"bob","groups":["devs"],)", "delete").body["status"]["allowed"], false);
  EXPECT_EQ(ask(R"("groups":["system:masters"],)", "delete").body["status"]["allowed"], true);
  EXPECT_EQ(ask("", "get").status, 422U);
}

TEST_F(Access, unknown_tokens_are_401_and_what_no_rule_allows_is_403) {
  begin(true);
  token_ = "nope";
  const Reply unknown = call("GET", kConfigMaps);
  EXPECT_EQ(unknown.status, 401U);
  EXPECT_EQ(unknown.body["reason"], "Unauthorized");
  token_ = "bob-token";
  EXPECT_EQ(call("GET", kConfigMaps).status, 200U);
  const Reply refused = call("POST", kConfigMaps, config_map("a"));
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(refused.body["message"],
            "configmaps is forbidden: User \"bob\" cannot create resource \"configmaps\" in API group \"\" in the "
            "namespace \"default\"");
  api_->remove_user("bob-token");
  EXPECT_EQ(call("GET", kConfigMaps).status, 401U);
}

TEST_F(Access, a_self_review_is_about_the_caller) {
  begin(true);
  token_ = "bob-token";
  const Reply own = call("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                         R"({"spec":{"resourceAttributes":{"verb":"list","resource":"configmaps"}}})");
  EXPECT_EQ(own.status, 201U);
  EXPECT_EQ(own.body["status"]["allowed"], true);
}

}  // namespace
}  // namespace headwind::fake
