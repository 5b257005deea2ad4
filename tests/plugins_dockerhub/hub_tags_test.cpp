// SPDX-License-Identifier: Apache-2.0
#include "plugins_dockerhub/hub_world.hpp"

namespace headwind::registries {
namespace {

class HubTagList : public HubTest {};

TEST_F(HubTagList, is_not_asked_for_unless_push_times_are_wanted) {
  fill(3);
  for (const char* settings : {"{}", R"({"pushed_times":false})", R"({"hub_api":"https://hub.docker.com"})"}) {
    set_up(settings);
    EXPECT_FALSE(list().listed);
  }
  EXPECT_TRUE(transport.requests.empty());
}

TEST_F(HubTagList, of_several_pages_is_told_whole) {
  fill(250);
  hub.repositories["library/nginx"].tags[3] = {"old", "", ""};
  for (const char* settings : {R"({"pushed_times":true})", R"({"pushed_times":"auto"})"}) {
    set_up(settings);
    const auto listing = list();
    EXPECT_TRUE(listing.listed) << listing.failure.message;
    ASSERT_EQ(listing.tags.size(), 250u);
    EXPECT_EQ(listing.tags[3], "old");
    EXPECT_EQ(listing.digests[3], "");
    EXPECT_EQ(listing.pushed_ms[3], 0);
    EXPECT_EQ(listing.digests[249], FakeHub::digest(249));
    EXPECT_EQ(listing.pushed_ms[249], 1767323045678);
    EXPECT_EQ(asked(),
              (std::vector<std::string>{"GET /v2/namespaces/library/repositories/nginx/tags?page=1&page_size=100",
                                        "GET /v2/namespaces/library/repositories/nginx/tags?page=2&page_size=100",
                                        "GET /v2/namespaces/library/repositories/nginx/tags?page=3&page_size=100"}));
  }
  EXPECT_TRUE(transport.requests[0].url.starts_with("https://hub.docker.com/"));
  EXPECT_EQ(sent(transport.requests[0], "Authorization"), "-");
}

TEST_F(HubTagList, may_be_empty) {
  fill(0);
  set_up(R"({"pushed_times":true})");
  EXPECT_TRUE(list().listed);
}

TEST_F(HubTagList, is_not_asked_for_where_a_mirror_serves_docker_hub) {
  fill(3);
  for (const char* settings :
       {R"({"pushed_times":"auto","hosts":{"docker.io":{"endpoint":"https://mirror.test"}}})",
        R"({"pushed_times":"auto","hosts":{"docker.io":{"mirrors":["https://mirror.test"]}}})"}) {
    set_up(settings);
    EXPECT_FALSE(list().listed);
    EXPECT_TRUE(transport.requests.empty());
  }
  // Unless it is what the settings say.
  set_up(R"({"pushed_times":true,"hosts":{"docker.io":{"endpoint":"https://mirror.test"}}})");
  EXPECT_TRUE(list().listed);
  set_up(
      R"({"pushed_times":"auto","hub_api":"https://hub.docker.com/","hosts":{"docker.io":{"endpoint":"https://m.test"}}})");
  EXPECT_TRUE(list().listed);
}

TEST_F(HubTagList, of_repositories_that_the_hub_cannot_have_is_not_asked_for) {
  set_up(R"({"pushed_times":true})");
  EXPECT_FALSE(list("docker.io/a/b/c").listed);
  EXPECT_TRUE(transport.requests.empty());
}

TEST_F(HubTagList, that_does_not_add_up_is_doubted) {
  fill(250);
  struct Case {
    const char* why;
    std::function<void(std::string&)> how;
    hw_status code = HW_INVALID;
  };
  const auto replace = [](std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  };
  const std::vector<Case> cases{
      {"changed its list", [&](std::string& body) { replace(body, "\"count\":250", "\"count\":249"); }, HW_CONFLICT},
      {"gives fewer tags than it counts",
       [&](std::string& body) {
         const auto at = body.find("\"next\":\""), end = body.find('"', at + 8);
         body.replace(at, end + 1 - at, "\"next\":null");
       }},
      {"gives an empty page",
       [](std::string& body) { body = R"({"count":250,"next":"https://hub.docker.com/x","results":[]})"; }},
      {"repeats pages",
       [](std::string& body) {
         body = R"({"count":250,"next":"https://hub.docker.com/x","results":[{"name":"v1"}]})";
       }},
      {"something else than a list", [](std::string& body) { body = "<html>"; }},
      {"something else than a list", [](std::string& body) { body.append(max_hub_page, ' '); }},
      {"links to another host",
       [&](std::string& body) { replace(body, "https://hub.docker.com", "https://evil.test"); }},
      {"links to another host",
       [&](std::string& body) { replace(body, "https://hub.docker.com", "http://hub.docker.com"); }},
      {"links to another host",
       [&](std::string& body) { replace(body, "https://hub.docker.com", "//x@hub.docker.com"); }}};
  for (const auto& [why, how, code] : cases) {
    set_up(R"({"pushed_times":true})");
    transport.requests.clear();
    instead = [&, how = how](const Request& request) -> std::optional<Response> {
      if (request.url.find("page=2") == std::string::npos) return std::nullopt;
      auto response = hub.answer(request);
      how(response.body);
      return response;
    };
    const auto listing = list();
    EXPECT_FALSE(listing.listed);
    EXPECT_EQ(listing.failure.code, code);
    EXPECT_NE(listing.failure.message.find(why), std::string::npos) << listing.failure.message;
    EXPECT_EQ(transport.requests.size(), 2u) << why;
  }
}

TEST_F(HubTagList, of_a_proxy_that_hands_links_on_as_they_are_is_read_on_its_own_address) {
  fill(250);
  set_up(R"({"pushed_times":true,"hub_api":"https://proxy.test"})");
  const auto listing = list();
  EXPECT_TRUE(listing.listed) << listing.failure.message;
  EXPECT_EQ(listing.tags.size(), 250u);
  for (const auto& request : transport.requests)
    EXPECT_TRUE(request.url.starts_with("https://proxy.test/")) << request.url;
}

TEST_F(HubTagList, that_a_push_moved_is_told_once) {
  fill(150);
  set_up(R"({"pushed_times":true})");
  instead = [&](const Request& request) -> std::optional<Response> {
    if (request.url.find("page=2") != std::string::npos)
      hub.repositories["library/nginx"].tags.insert(hub.repositories["library/nginx"].tags.begin(), {"new", ""});
    return std::nullopt;
  };
  const auto listing = list();
  EXPECT_TRUE(listing.listed) << listing.failure.message;
  EXPECT_EQ(listing.tags.size(), 150u);
}

TEST_F(HubTagList, failures_are_told_where_push_times_must_be) {
  fill(3);
  const std::vector<std::pair<int, hw_status>> cases{
      {403, HW_DENIED},      {401, HW_DENIED},      {404, HW_NOT_FOUND}, {500, HW_UNAVAILABLE},
      {503, HW_UNAVAILABLE}, {408, HW_UNAVAILABLE}, {400, HW_INVALID}};
  for (const auto& [status, code] : cases) {
    set_up(R"({"pushed_times":true})");
    instead = [status = status](const Request&) { return Response{status, {{"Retry-After", "3"}}, "{}"}; };
    const auto failure = list().failure;
    EXPECT_EQ(failure.code, code) << status;
    EXPECT_NE(failure.message.find("the Docker Hub API"), std::string::npos) << failure.message;
    EXPECT_EQ(failure.retry_after_ms, code == HW_UNAVAILABLE ? 3000 : 0) << status;
  }
}

TEST_F(HubTagList, gives_way_to_the_registry_where_push_times_are_only_wished_for) {
  fill(3);
  for (const int status : {400, 401, 403, 404, 429, 500, 503}) {
    set_up(R"({"pushed_times":"auto"})");
    instead = [status](const Request&) { return Response{status, {}, "{}"}; };
    const auto listing = list();
    EXPECT_EQ(listing.failure.code, HW_OK) << status;
    EXPECT_FALSE(listing.listed) << status;
  }
}

TEST_F(HubTagList, of_an_api_that_is_away_is_not_waited_for_each_time) {
  fill(3);
  set_up(R"({"pushed_times":"auto"})");
  instead = [](const Request&) { return Response{502, {}, ""}; };
  list();
  list();
  EXPECT_EQ(transport.requests.size(), 1u);
  instead = nullptr;
  pass(5 * 60 * 1000);
  EXPECT_TRUE(list().listed);
}

TEST_F(HubTagList, that_broke_off_fails_and_then_comes_from_the_registry) {
  fill(150);
  set_up(R"({"pushed_times":"auto"})");
  instead = [](const Request& request) -> std::optional<Response> {
    if (request.url.find("page=2") == std::string::npos) return std::nullopt;
    return Response{403, {}, "{}"};
  };
  auto listing = list();
  EXPECT_EQ(listing.failure.code, HW_DENIED);
  EXPECT_EQ(listing.tags.size(), 100u);  // told already: another list cannot follow
  asked();
  listing = list();
  EXPECT_EQ(listing.failure.code, HW_OK);
  EXPECT_FALSE(listing.listed);
  EXPECT_TRUE(asked().empty());
  fill(1, "library/redis");
  EXPECT_TRUE(list("docker.io/library/redis").listed) << "only that repository";
  instead = nullptr;
  pass(31 * 60 * 1000);
  EXPECT_TRUE(list().listed);
}

TEST_F(HubTagList, ends_when_the_host_has_enough) {
  fill(250);
  set_up(R"({"pushed_times":true})");
  const auto listed =
      tags->list(*parse_repository("nginx"), transport, [](const hw::tag_page&) { return HW_CANCELLED; });
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.failure().code, HW_CANCELLED);
  EXPECT_EQ(transport.requests.size(), 1u);
}

}  // namespace
}  // namespace headwind::registries
