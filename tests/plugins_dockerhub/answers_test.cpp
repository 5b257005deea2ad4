// SPDX-License-Identifier: Apache-2.0
// The fake Docker Hub answers as answers.schema.json says.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "plugins_dockerhub/fake_hub.hpp"

namespace headwind::registries {
namespace {

bool fits(const std::string& definition, const std::string& text) {
  std::ifstream file(ANSWERS_SCHEMA);
  auto document = nlohmann::json::parse(file);
  document["$ref"] = "#/definitions/" + definition;
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(valijson::adapters::NlohmannJsonAdapter(document), schema);
  const auto body = nlohmann::json::parse(text, nullptr, false);
  return valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(body), nullptr);
}

class HubAnswers : public ::testing::Test {
 protected:
  HubAnswers() {
    for (int i = 0; i < 150; ++i)
      hub.repositories["library/nginx"].tags.push_back({"v" + std::to_string(i), FakeHub::digest(i)});
    hub.repositories["library/nginx"].tags[0] = {"old", "", ""};
    hub.repositories["acme/app"] = {true, {{"1.0", FakeHub::digest(1)}}};
    hub.users["ci"] = {"s3cret"};
    hub.users["guest"] = {"s3cret", false};
  }
  void expect(const std::string& definition, int status, const Request& request) {
    const auto response = hub.answer(request);
    EXPECT_EQ(response.status, status) << request.url;
    EXPECT_TRUE(fits(definition, response.body)) << definition << ": " << response.body.substr(0, 500);
  }
  static Request get(const std::string& path, const std::string& authorization = "") {
    Request request{"GET", "https://hub.docker.com/v2/namespaces/" + path, {}, 0};
    if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization);
    return request;
  }
  static Request post(const std::string& path, const std::string& body) {
    return {"POST", "https://hub.docker.com/v2/" + path, {}, 0, body};
  }
  FakeHub hub;
};

TEST_F(HubAnswers, of_lists) {
  expect("tags", 200, get("library/repositories/nginx/tags?page=1&page_size=100"));
  expect("tags", 200, get("library/repositories/nginx/tags?page=2&page_size=100"));
  expect("tags", 200, get("library/repositories/nginx/tags?page_size=1000"));
  expect("tags", 200, get("library/repositories/nginx/tags"));
  expect("error", 404, get("library/repositories/nginx/tags?page=3&page_size=100"));
  expect("error", 404, get("library/repositories/none/tags"));
  expect("error", 404, get("acme/repositories/app/tags"));
  expect("error", 401, get("acme/repositories/app/tags", "Bearer expired"));
}

TEST_F(HubAnswers, of_logins) {
  expect("login", 200, post("auth/token", R"({"identifier":"ci","secret":"s3cret"})"));
  expect("tags", 200, get("acme/repositories/app/tags", "Bearer session.ci.1"));
  expect("login", 200, post("auth/token", R"({"identifier":"guest","secret":"s3cret"})"));
  expect("error", 403, get("acme/repositories/app/tags", "Bearer session.guest.2"));
  expect("old_login", 200, post("users/login", R"({"username":"ci","password":"s3cret"})"));
  expect("error", 401, post("auth/token", R"({"identifier":"ci","secret":"wrong"})"));
  expect("error", 401, post("auth/token", "no JSON"));
}

TEST_F(HubAnswers, beyond_the_limit) {
  hub.limit = 1;
  expect("tags", 200, get("library/repositories/nginx/tags"));
  expect("throttled", 429, get("library/repositories/nginx/tags"));
  const auto response = hub.answer(get("library/repositories/nginx/tags"));
  EXPECT_EQ(response.header("x-retry-after"), "1700000060");
  EXPECT_EQ(response.header("retry-after"), "");
}

TEST_F(HubAnswers, are_held_to_something) {
  EXPECT_FALSE(fits("tags", R"({"count":1,"next":null,"previous":null,"results":[{"id":1,"name":"x"}]})"));
  EXPECT_FALSE(fits("tags", R"({"count":1,"next":"https://evil.test","previous":null,"results":[]})"));
  EXPECT_FALSE(fits("error", "{}"));
  EXPECT_FALSE(fits("error", "<html>"));
}

}  // namespace
}  // namespace headwind::registries
