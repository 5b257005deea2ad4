// SPDX-License-Identifier: Apache-2.0
// Every error of the API port is a problem document, whoever on the way makes it.
#include "api/approval_world.hpp"
#include "api/response.hpp"
#include "net/client.hpp"

namespace headwind::api {
namespace {

TEST(Problem, has_the_members_of_rfc_9457_and_the_key_of_0_1) {
  const auto document = nlohmann::json::parse(problem(404, "No \"such\" thing.", "\"index\":1").body);
  EXPECT_EQ(document, nlohmann::json({{"type", "about:blank"},
                                      {"title", "Not Found"},
                                      {"status", 404},
                                      {"detail", "No \"such\" thing."},
                                      {"error", "No \"such\" thing."},
                                      {"index", 1}}));
  EXPECT_EQ(header(problem(409, "x"), "Content-Type"), "application/problem+json");
  EXPECT_EQ(header(former_problem(409, "x"), "Content-Type"), "application/json");
  EXPECT_EQ(title_of(418), "Error");
}

TEST_F(ApprovalTest, every_refusal_is_a_problem_document) {
  propose();
  const std::string one = kOne;
  const std::vector<std::pair<net::ServerRequest, unsigned>> refused{
      {request("GET", "/nope"), 404},
      {request("PUT", "/api/v1/updates"), 405},
      {request("GET", "/api/v1/updates/prod/%zz"), 400},
      {request("GET", "/api/v1/updates?limit=x"), 400},
      {request("GET", "/api/v1/updates?a=%f"), 400},
      {request("GET", "/api/v1/updates/prod/nope"), 404},
      {request("POST", one + "/approve", "{}"), 415},
      {post(one + "/approve", "{"), 400},
      {post(one + "/approve", "[]"), 422},
      {post(one + "/release", "{}"), 409},
      {post("/api/v1/updates/prod/nope/reject", "{}"), 404},
      {request("GET", "/api/v1/rollback/prod/nope"), 404},
      {post(kRollback, R"({"container":"app","index":9})"), 404},
      {post(kRollback, "{}"), 422},
      {post(kRollback, R"({"container":""})"), 422},
      {request("GET", "/api/v1/history/prod/Deployment/nope"), 404},
      {request("GET", "/api/v1/events?a=%f"), 400},
      {post("/api/v1/updates/approve", "{}"), 422}};
  for (const auto& [asked, status] : refused) {
    const auto response = call(asked);
    EXPECT_EQ(response.status, status) << asked.method << " " << asked.path;
    EXPECT_NE(sentence(response), "") << asked.method << " " << asked.path;
    EXPECT_TRUE(header(response, "Content-Type").ends_with("json")) << asked.path;
  }
  handler = make_approval(*world.engine, token_gate);
  EXPECT_EQ(sentence(get("/api/v1/updates")), "Missing Authorization header");
}

TEST_F(ApprovalTest, a_request_that_somebody_changes_at_the_same_time_is_409) {
  propose();
  store.requests.at({"prod", "web-app-1-26-0"})["metadata"]["resourceVersion"] = "999999";
  const auto response = call(post(std::string(kOne) + "/reject", "{}"));
  EXPECT_EQ(response.status, 409U) << "somebody else changed it meanwhile";
  EXPECT_EQ(body(response)["current_phase"], "Pending");
  EXPECT_EQ(sentence(response), "the object has been modified");
}

TEST_F(ApprovalTest, a_body_that_is_too_large_is_a_problem_document_too) {
  net::ServerOptions options;
  options.address = "127.0.0.1";
  options.refusal = approval_refusal;
  auto server = net::Server::listen(world.io.get_executor(), options, handler);
  ASSERT_TRUE(server);
  net::Client client(world.io.get_executor(), {});
  net::Request asked;
  asked.method = "POST";
  asked.url = "http://127.0.0.1:" + std::to_string((*server)->port()) + kOne + "/approve";
  asked.headers = {{"Content-Type", "application/json"}};
  asked.body = std::string(3U << 20U, ' ');
  const auto response = run(world.io, client.send(asked));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 413U);
  EXPECT_EQ(net::find_header(response->headers, "Content-Type"), "application/problem+json");
  EXPECT_EQ(nlohmann::json::parse(response->body)["title"], "Content Too Large");
}

}  // namespace
}  // namespace headwind::api
