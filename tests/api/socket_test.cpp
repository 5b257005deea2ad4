// SPDX-License-Identifier: Apache-2.0
// The handlers behind the real server, asked by the real client.
#include "api/approval_world.hpp"
#include "api/intake_world.hpp"
#include "net/client.hpp"

namespace headwind::api {
namespace {

std::unique_ptr<net::Server> listen(boost::asio::io_context& loop, net::Handler handler) {
  net::ServerOptions options;
  options.address = "127.0.0.1";
  auto server = net::Server::listen(loop.get_executor(), options, std::move(handler));
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

net::Response send(boost::asio::io_context& loop, const net::Server& server, const net::ServerRequest& request) {
  net::Client client(loop.get_executor(), {});
  net::Request sent;
  sent.method = request.method;
  sent.url = "http://127.0.0.1:" + std::to_string(server.port()) + request.path;
  sent.headers = request.headers;
  sent.body = request.body;
  auto response = run(loop, client.send(std::move(sent)));
  if (!response) throw std::runtime_error(response.error().message);
  return std::move(*response);
}

TEST_F(IntakeTest, T03_over_a_socket) {
  boost::asio::io_context loop{1};
  const auto server = listen(loop, make_handler());
  const auto ask = [&](const net::ServerRequest& request) { return send(loop, *server, request); };
  const auto processed = ask(post("/webhook/registry", "{}"));
  EXPECT_EQ(processed.status, 200U);
  EXPECT_EQ(processed.body, "Webhook processed");
  EXPECT_EQ(ask(request("POST", "/webhook/registry", "{}")).status, 415U);
  EXPECT_EQ(ask(post("/webhook/registry", "{")).status, 400U);
  EXPECT_EQ(ask(post("/webhook/registry", std::string(3U << 20U, ' '))).status, 413U);
  const auto wrong_method = ask(request("GET", "/webhook/registry"));
  EXPECT_EQ(wrong_method.status, 405U);
  EXPECT_EQ(net::find_header(wrong_method.headers, "Allow"), "POST");
  const auto unknown = ask(request("GET", "/nope"));
  EXPECT_EQ(unknown.status, 404U);
  EXPECT_EQ(net::find_header(unknown.headers, "Content-Type"), "application/problem+json");
  const auto head = ask(request("HEAD", "/health"));
  EXPECT_EQ(head.status, 200U);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(ask(request("GET", "/health")).body, "OK");
}

TEST_F(ApprovalTest, T42_over_a_socket) {
  propose();
  const auto server = listen(world.io, handler);
  const auto response = send(world.io, *server, post(std::string(kOne) + "/approve", R"({"approver":"a@x"})"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(net::find_header(response.headers, "Headwind-Result"), "completed");
  EXPECT_EQ(nlohmann::json::parse(response.body)["status"]["approvedBy"], "a@x");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

}  // namespace
}  // namespace headwind::api
