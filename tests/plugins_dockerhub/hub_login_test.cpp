// SPDX-License-Identifier: Apache-2.0
#include "plugins_dockerhub/hub_world.hpp"

namespace headwind::registries {
namespace {

class HubLogins : public HubTest {
 protected:
  HubLogins() {
    fill(3, "acme/app");
    hub.repositories["acme/app"].is_private = true;
    hub.users["ci"] = {"dckr_pat_s3cret"};
    transport.pull = Credential{"secret-1", "ci", "dckr_pat_s3cret", "", ""};
  }
  Listing list() { return HubTest::list("docker.io/acme/app"); }
  static int posts(const std::vector<std::string>& log) {
    return static_cast<int>(std::count_if(log.begin(), log.end(), [](const auto& l) { return l.starts_with("POST"); }));
  }
};

TEST_F(HubLogins, are_made_once_in_nine_minutes) {
  set_up(R"({"pushed_times":true})");
  EXPECT_EQ(list().tags.size(), 3u);
  EXPECT_EQ(transport.requests[0].url, "https://hub.docker.com/v2/auth/token");
  EXPECT_EQ(transport.requests[0].body, R"({"identifier":"ci","secret":"dckr_pat_s3cret"})");
  EXPECT_EQ(sent(transport.requests[1], "Authorization"), "Bearer session.ci.1");
  pass(539'000);
  list();
  EXPECT_EQ(hub.logins, 1);
  pass(2'000);
  EXPECT_TRUE(list().listed);
  EXPECT_EQ(hub.logins, 2);
}

TEST_F(HubLogins, use_the_configured_account_where_the_call_has_none) {
  transport.pull.reset();
  transport.secrets["hub"] = "dckr_pat_s3cret";
  set_up(R"({"pushed_times":true,"hosts":{"docker.io":{"username":"ci","password_secret":"hub"}}})");
  EXPECT_TRUE(list().listed);
  transport.secrets.clear();
  pass(600'000);
  EXPECT_EQ(list().failure.code, HW_NOT_FOUND);
}

TEST_F(HubLogins, are_not_shared_between_accounts) {
  hub.users["other"] = {"pw", false};
  set_up(R"({"pushed_times":true})");
  EXPECT_TRUE(list().listed);
  transport.pull = Credential{"secret-2", "other", "pw", "", ""};
  EXPECT_EQ(list().failure.code, HW_DENIED);
  EXPECT_EQ(hub.logins, 2);
  transport.pull.reset();
  EXPECT_EQ(list().failure.code, HW_NOT_FOUND);
}

TEST_F(HubLogins, are_made_anew_once_where_a_token_is_refused) {
  set_up(R"({"pushed_times":true})");
  list();
  hub.now_ms += 601'000;  // the fake's clock runs ahead of ours
  EXPECT_TRUE(list().listed);
  EXPECT_EQ(hub.logins, 2);
  asked();
  instead = [](const Request& request) -> std::optional<Response> {
    if (request.method == "POST") return std::nullopt;
    return Response{401, {}, "{}"};
  };
  const auto failure = list().failure;
  EXPECT_EQ(failure.code, HW_DENIED);
  EXPECT_EQ(posts(asked()), 1);
}

TEST_F(HubLogins, take_the_old_way_only_where_there_is_no_other) {
  hub.old_login = true;
  set_up(R"({"pushed_times":true})");
  EXPECT_TRUE(list().listed);
  EXPECT_EQ(asked(), (std::vector<std::string>{"POST /v2/auth/token", "POST /v2/users/login",
                                               "GET /v2/namespaces/acme/repositories/app/tags?page=1&page_size=100"}));
  EXPECT_EQ(transport.requests[1].body, R"({"password":"dckr_pat_s3cret","username":"ci"})");
}

TEST_F(HubLogins, that_fail_name_the_account_and_never_its_secret) {
  hub.users["ci"].secret = "rotated";
  set_up(R"({"pushed_times":true})");
  auto failure = list().failure;
  EXPECT_EQ(failure.code, HW_DENIED);
  EXPECT_NE(failure.message.find("\"ci\""), std::string::npos) << failure.message;
  EXPECT_EQ(failure.message.find("s3cret"), std::string::npos);
  EXPECT_EQ(posts(asked()), 1);
  const std::vector<std::pair<Response, hw_status>> cases{
      {{429, {{"X-Retry-After", "1700000042"}}, "{}"}, HW_THROTTLED},
      {{503, {}, ""}, HW_UNAVAILABLE},
      {{403, {}, "{}"}, HW_DENIED},
      {{200, {}, "<html>"}, HW_UNAVAILABLE},
      {{200, {}, R"({"access_token":""})"}, HW_UNAVAILABLE},
      {{200, {}, R"({"access_token":"two words"})"}, HW_UNAVAILABLE},
      {{200, {}, R"({"access_token":")" + std::string(20'000, 'a') + "\"}"}, HW_UNAVAILABLE},
      {{400, {}, "{}"}, HW_INVALID}};
  for (const auto& [response, code] : cases) {
    set_up(R"({"pushed_times":true})");
    instead = [&](const Request&) { return response; };
    failure = list().failure;
    EXPECT_EQ(failure.code, code) << failure.message;
    EXPECT_EQ(failure.retry_after_ms, code == HW_THROTTLED ? 42'000 : 0);
    EXPECT_EQ(failure.message.find("s3cret"), std::string::npos);
  }
}

TEST_F(HubLogins, are_not_made_with_the_registry_s_tokens) {
  fill(1);
  set_up(R"({"pushed_times":true})");
  transport.pull = Credential{"i", "<token>", "identity", "", ""};
  EXPECT_TRUE(HubTest::list().listed);
  transport.pull = Credential{"i", "", "", "", "registry-token"};
  EXPECT_TRUE(HubTest::list().listed);
  EXPECT_EQ(posts(asked()), 0);
}

}  // namespace
}  // namespace headwind::registries
