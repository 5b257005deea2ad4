// SPDX-License-Identifier: Apache-2.0
#include "plugins_harbor/harbor_world.hpp"
#include "registries/core/account.hpp"

namespace headwind::registries {
namespace {

class HarborArtifacts : public HarborTest {};

TEST_F(HarborArtifacts, of_several_pages_are_told_whole) {
  fill(250);
  harbor.projects["team"].repositories["web/app"][3].tags.push_back({"latest", "2026-05-06T07:08:09.000Z"});
  harbor.projects["team"].repositories["web/app"].push_back({FakeHarbor::digest(999), {}});  // untagged
  const auto listing = list();
  EXPECT_EQ(listing.failure.message, "");
  EXPECT_TRUE(listing.route.listed);
  ASSERT_EQ(listing.tags.size(), 251u);
  EXPECT_EQ(listing.tags[4], "latest");
  EXPECT_EQ(listing.digests[4], FakeHarbor::digest(3));
  EXPECT_EQ(listing.pushed_ms[4], 1778051289000);
  ASSERT_EQ(transport.requests.size(), 4u);
  EXPECT_EQ(transport.requests[0].url, "https://harbor.test/api/v2.0/projects/team");
  EXPECT_EQ(transport.requests[1].url,
            "https://harbor.test/api/v2.0/projects/team/repositories/web%252Fapp/artifacts?with_tag=true&q=tags%3D%2A&"
            "sort=-push_time&page_size=100&page=1");
  // Harbor's own link: only a path, its query unescaped.
  EXPECT_EQ(
      transport.requests[3].url,
      "https://harbor.test/api/v2.0/projects/team/repositories/web%252Fapp/artifacts?page=3&page_size=100&q=tags=*&"
      "sort=-push_time&with_tag=true");
  for (const auto& request : transport.requests)
    EXPECT_EQ(sent(request, "Authorization"), basic_authorization("robot$team+ci", "s3cret"));
}

TEST_F(HarborArtifacts, cost_one_request_a_hundred_once_the_project_is_known) {
  fill(100);
  list();
  transport.requests.clear();
  EXPECT_EQ(list().tags.size(), 100u);
  EXPECT_EQ(transport.requests.size(), 1u);
  transport.now += 31 * 60 * 1000;
  list();
  EXPECT_EQ(transport.requests.size(), 3u);
}

TEST_F(HarborArtifacts, of_a_public_project_need_no_account) {
  fill(1);
  harbor.projects["team"].is_public = true;
  transport.pull.reset();
  EXPECT_EQ(list().tags, std::vector<std::string>{"v0"});
  EXPECT_EQ(sent(transport.requests[0], "Authorization"), "-");
}

TEST_F(HarborArtifacts, are_asked_for_with_the_configured_account) {
  fill(1);
  harbor.users["ci"] = {"pw", {"team"}};
  transport.pull.reset();
  transport.secrets["harbor"] = "pw";
  Artifacts configured(settings(
      R"({"hosts":{"harbor.test":{"endpoint":"http://h.test:8080","username":"ci","password_secret":"harbor"}}})"));
  std::size_t count = 0;
  const auto route =
      configured.list(*parse_repository("harbor.test/team/web/app"), transport, [&](const hw::tag_page& page) {
        count += page.names.size();
        return HW_OK;
      });
  ASSERT_TRUE(route);
  EXPECT_EQ(count, 1u);
  EXPECT_TRUE(transport.requests[1].url.starts_with("http://h.test:8080/api/v2.0/projects/team/repositories/"));
  transport.secrets.clear();
  const auto none = configured.list(*parse_repository("harbor.test/team/web/app"), transport,
                                    [](const hw::tag_page&) { return HW_OK; });
  EXPECT_FALSE(none);
}

TEST_F(HarborArtifacts, of_a_proxy_cache_are_not_the_truth) {
  fill(3);
  harbor.projects["team"].registry_id = 5;
  const auto listing = list();
  EXPECT_FALSE(listing.route.listed);
  EXPECT_EQ(listing.route.detour, "");
  EXPECT_EQ(listing.tags.size(), 0u);
  list();
  EXPECT_EQ(transport.requests.size(), 1u) << "the project's kind is remembered";
}

TEST_F(HarborArtifacts, of_an_empty_list_are_doubted) {
  harbor.projects["team"].repositories["other"] = {};
  const auto listing = list();
  EXPECT_FALSE(listing.route.listed);
  EXPECT_EQ(listing.route.detour, "");
}

TEST_F(HarborArtifacts, that_may_not_be_read_lead_to_the_distribution_api) {
  fill(1);
  auto& robot = harbor.users["robot$team+ci"];
  robot.lists_artifacts = false;
  auto listing = list();
  EXPECT_FALSE(listing.route.listed);
  EXPECT_EQ(listing.failure.code, HW_OK);
  ASSERT_NE(listing.route.detour, "");
  EXPECT_EQ(listing.route.detour.find("s3cret"), std::string::npos);
  // Until the distribution API has proved that the account is good, nothing is remembered.
  const auto before = transport.requests.size();
  list();
  EXPECT_GT(transport.requests.size(), before);
  artifacts->keep_off(listing.route.detour, transport);
  const auto then = transport.requests.size();
  EXPECT_FALSE(list().route.listed);
  EXPECT_EQ(transport.requests.size(), then);
  // For this account only, and not for ever.
  robot.lists_artifacts = true;
  transport.pull->identity = "secret-2";
  EXPECT_TRUE(list().route.listed);
  transport.pull->identity = "secret-1";
  EXPECT_FALSE(list().route.listed);
  transport.now += 31 * 60 * 1000;
  EXPECT_TRUE(list().route.listed);
}

TEST_F(HarborArtifacts, of_projects_that_may_not_be_read_lead_there_too) {
  fill(1);
  harbor.users["robot$team+ci"].reads_projects = false;
  const auto listing = list();
  EXPECT_FALSE(listing.route.listed);
  EXPECT_NE(listing.route.detour, "");
  EXPECT_EQ(transport.requests.size(), 1u);
}

TEST_F(HarborArtifacts, refused_by_what_stands_before_harbor_lead_there_too) {
  fill(1);
  for (const int status : {301, 302, 400, 401, 403, 404, 405, 422, 501}) {
    for (const bool project : {true, false}) {
      instead = [&](const Request& request) -> std::optional<Response> {
        if (project == (request.url.find("/artifacts") == std::string::npos))
          return Response{status, {{"Location", "https://login.test/"}}, "<html>"};
        return std::nullopt;
      };
      forget();
      const auto listing = list();
      EXPECT_EQ(listing.failure.code, HW_OK) << status;
      EXPECT_FALSE(listing.route.listed) << status;
      EXPECT_NE(listing.route.detour, "") << status;
    }
  }
  instead = [](const Request&) { return Response{200, {}, "<html>sign in</html>"}; };
  EXPECT_NE(list().route.detour, "");
}

TEST_F(HarborArtifacts, are_not_asked_for_with_tokens_or_where_mirrors_are) {
  fill(1);
  transport.pull = Credential{"i", "", "", "", "registry-token"};
  EXPECT_FALSE(list().route.listed);
  transport.pull = Credential{"i", "", "", "identity-token", ""};
  EXPECT_FALSE(list().route.listed);
  EXPECT_FALSE(list("harbor.test/team").route.listed);
  EXPECT_TRUE(transport.requests.empty());
}

TEST_F(HarborArtifacts, that_are_not_to_be_had_are_no_reason_to_go_elsewhere) {
  fill(101);
  struct Case {
    int status;
    std::vector<std::pair<std::string, std::string>> headers;
    hw_status code;
    std::int64_t wait;
  };
  const std::vector<Case> cases{{429, {{"Retry-After", "17"}}, HW_THROTTLED, 17'000},
                                {429, {{"Retry-After", "Tue, 14 Nov 2023 22:13:50 GMT"}}, HW_THROTTLED, 30'000},
                                {429, {}, HW_THROTTLED, 0},
                                {503, {{"Retry-After", "5"}}, HW_UNAVAILABLE, 5'000},
                                {500, {}, HW_UNAVAILABLE, 0},
                                {502, {}, HW_UNAVAILABLE, 0},
                                {408, {}, HW_UNAVAILABLE, 0}};
  for (const auto& [status, headers, code, wait] : cases) {
    for (const char* where : {"projects/team", "page=1", "page=2"}) {
      instead = [&](const Request& request) -> std::optional<Response> {
        if (request.url.ends_with(where) || request.url.find(std::string("?") + where) != std::string::npos)
          return Response{status, headers, "{}"};
        return std::nullopt;
      };
      forget();
      const auto failure = list().failure;
      EXPECT_EQ(failure.code, code) << status << " " << where;
      EXPECT_EQ(failure.retry_after_ms, wait) << status << " " << where;
      EXPECT_NE(failure.message.find("harbor.test"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace headwind::registries
