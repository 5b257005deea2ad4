// SPDX-License-Identifier: Apache-2.0
#include "api/router.hpp"

#include <gtest/gtest.h>

#include "api/response.hpp"
#include "api/run.hpp"
#include "api/uri.hpp"

namespace headwind::api {
namespace {

// Answers with its name and its parameters.
RouteHandler named(std::string name) {
  return [name = std::move(name)](const Call& call) {
    std::string text = name;
    for (const auto& [key, value] : call.parameters) text += " " + key + "=" + value;
    return answer(text_response(200, text));
  };
}

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router.add("GET", "/updates", named("list"));
    router.add("GET", "/updates/{ns}/{name}", named("one"));
    router.add("POST", "/updates/{ns}/{name}/approve", named("approve"));
    router.add("GET", "/rollback/{ns}/{dep}/history", named("history"));
    router.add("POST", "/rollback/{ns}/{dep}/{container}", named("rollback"));
  }
  net::ServerResponse call(const std::string& method, const std::string& path) {
    return run(router.route(request(method, path)));
  }
  Router router;
};

TEST_F(RouterTest, a_path_finds_its_handler_with_decoded_parameters) {
  router.add("DELETE", "/updates", named("clear"));
  EXPECT_EQ(header(call("PUT", "/updates"), "Allow"), "GET, HEAD, DELETE");
  EXPECT_EQ(call("GET", "/updates").body, "list");
  EXPECT_EQ(call("GET", "/updates/prod/web%2Dapp%20%C3%A9").body, "one name=web-app é ns=prod");
  EXPECT_EQ(call("GET", "/updates/prod/a%2Fb").body, "one name=a/b ns=prod");
  EXPECT_EQ(call("POST", "/updates/prod/web/approve").body, "approve name=web ns=prod");
}

TEST_F(RouterTest, an_unknown_path_is_an_empty_404) {
  for (const char* path : {"/", "", "/nope", "/updates/", "/updates/prod", "/updates//web", "/updates/prod/web/",
                           "/updates/prod/web/approve/x", "*", "updates", "/UPDATES"}) {
    const auto response = call("GET", path);
    EXPECT_EQ(response.status, 404U) << path;
    EXPECT_EQ(response.body, "") << path;
  }
}

TEST_F(RouterTest, a_known_path_with_another_method_is_405_with_allow) {
  auto response = call("GET", "/updates/prod/web/approve");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(header(response, "Allow"), "POST");
  response = call("DELETE", "/updates");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
}

TEST_F(RouterTest, a_router_of_problems_says_why_in_a_document) {
  Router problems(Router::Refusals::problems);
  problems.add("POST", "/orders", named("order"));
  const auto unknown = run(problems.route(request("GET", "/nope")));
  EXPECT_EQ(unknown.status, 404U);
  EXPECT_EQ(header(unknown, "Content-Type"), "application/problem+json");
  EXPECT_EQ(sentence(unknown), "There is no such path; /openapi.json lists those that there are.");
  const auto method = run(problems.route(request("GET", "/orders")));
  EXPECT_EQ(method.status, 405U);
  EXPECT_EQ(header(method, "Allow"), "POST");
  EXPECT_EQ(sentence(method), "This path is not for GET, but for POST.");
}

TEST_F(RouterTest, a_router_of_problems_refuses_a_query_that_its_route_does_not_know) {
  Router problems(Router::Refusals::problems);
  problems.add("GET", "/orders", [](const Call& call) { return answer(text_response(200, call.asked("of"))); }, {"of"});
  problems.add("GET", "/none", named("none"));
  problems.add_with_any_query("GET", "/any", named("any"));
  const auto asks = [&](const std::string& path, const std::string& query) {
    net::ServerRequest asked = request("GET", path);
    asked.query = query;
    return run(problems.route(std::move(asked)));
  };
  EXPECT_EQ(asks("/orders", "of=me").body, "me");
  EXPECT_EQ(asks("/orders", "").body, "");
  EXPECT_EQ(sentence(asks("/orders", "off=me")), "The query parameter off is unknown here; did you mean of?");
  EXPECT_EQ(asks("/orders", "of=%f").status, 400U);
  EXPECT_EQ(sentence(asks("/none", "a=1")), "The query parameter a is unknown here.");
  EXPECT_EQ(asks("/any", "a=%f").status, 200U);
}

TEST_F(RouterTest, a_port_without_a_document_lists_its_paths_and_tells_of_what_it_refused) {
  Router listed(Router::Refusals::listed);
  listed.add("POST", "/orders/{secret}", named("order"));
  listed.add("GET", "/health", named("health"));
  std::vector<std::string> told;
  listed.on_refusal([&](const net::ServerRequest& refused, unsigned status) {
    told.push_back(refused.method + " " + refused.path + " " + std::to_string(status));
  });
  const auto unknown = run(listed.route(request("POST", "/order")));
  EXPECT_EQ(unknown.status, 404U);
  EXPECT_EQ(sentence(unknown), "There is no such path; those that there are: POST /orders/{secret}, GET /health.");
  const auto method = run(listed.route(request("DELETE", "/health")));
  EXPECT_EQ(sentence(method), "This path is not for DELETE, but for GET, HEAD.");
  EXPECT_EQ(run(listed.route(request("GET", "/health"))).status, 200U);
  EXPECT_EQ(told, (std::vector<std::string>{"POST /order 404", "DELETE /health 405"}));
}

TEST_F(RouterTest, literals_win_over_parameters_whatever_the_method) {
  EXPECT_EQ(call("GET", "/rollback/prod/web/history").body, "history dep=web ns=prod");
  EXPECT_EQ(call("POST", "/rollback/prod/web/app").body, "rollback container=app dep=web ns=prod");
  const auto response = call("POST", "/rollback/prod/web/history");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
  EXPECT_EQ(call("GET", "/rollback/prod/web/app").status, 405U);
}

TEST_F(RouterTest, head_is_answered_like_get) { EXPECT_EQ(call("HEAD", "/updates").status, 200U); }

TEST_F(RouterTest, a_broken_escape_is_400) {
  for (const char* name : {"%", "%2", "%zz", "%ff", "%00", "%+1", "%-1"}) {
    EXPECT_EQ(call("GET", std::string("/updates/prod/") + name).status, 400U) << name;
  }
}

TEST(Uri, a_query_is_read_with_plus_and_escapes) {
  const auto query = parse_query("limit=5&kind=Stateful%53et&q=a+b&flag&limit=6&&x=1=2");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->at("limit"), "6");
  EXPECT_EQ(query->at("kind"), "StatefulSet");
  EXPECT_EQ(query->at("q"), "a b");
  EXPECT_EQ(query->at("flag"), "");
  EXPECT_EQ(query->at("x"), "1=2");
  EXPECT_FALSE(parse_query("a=%f"));
  EXPECT_TRUE(parse_query("")->empty());
  EXPECT_EQ(percent_encode("a b/é+~"), "a%20b%2F%C3%A9%2B~");
  EXPECT_EQ(percent_decode(percent_encode("prod/web é%")), "prod/web é%");
}

}  // namespace
}  // namespace headwind::api
