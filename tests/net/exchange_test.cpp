// SPDX-License-Identifier: Apache-2.0
// Our client and our server, both behaving.
#include <gmock/gmock.h>

#include "loop.hpp"
#include "net/trial.hpp"

namespace headwind::net::test {
namespace {

using testing::HasSubstr;

class Exchange : public Loop {
 protected:
  Client client{executor(), ClientOptions{}};

  void TearDown() override {
    client.shut_down();
    expect_loop_ends();
  }
};

TEST_F(Exchange, CarriesMethodPathQueryHeadersAndBodyBothWays) {
  const auto server = serve(echo);
  const auto answer = run(client.send(with_method("POST", at(server->port(), "/a%20b?x=1&y"), "hello")));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(answer->body, "POST /a%20b?x=1&y\nhello");
  EXPECT_EQ(find_header(answer->headers, "x-asked-by"), "headwind");
  EXPECT_FALSE(find_header(answer->headers, "date").empty());
}

TEST_F(Exchange, GivesEveryStatusAsASuccess) {
  const auto server = serve([](ServerRequest request) -> Task<ServerResponse> {
    co_return text(static_cast<unsigned>(std::stoul(request.path.substr(1))), "body");
  });
  for (const unsigned status : {200U, 204U, 301U, 304U, 404U, 409U, 422U, 500U, 503U}) {
    const auto answer = run(client.send(get(at(server->port(), "/" + std::to_string(status)))));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->body, status == 204 || status == 304 ? "" : "body");
  }
}

TEST_F(Exchange, AnswersHeadWithTheLengthAndWithoutTheBody) {
  const auto server = serve(echo);
  const auto head = run(client.send(with_method("HEAD", at(server->port()))));
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(find_header(head->headers, "content-length"), std::to_string(std::string("HEAD /?\n").size()));
  EXPECT_TRUE(run(client.send(get(at(server->port())))));
}

TEST_F(Exchange, CarriesLargeBodies) {
  const auto server = serve([](ServerRequest request) -> Task<ServerResponse> { co_return text(200, request.body); },
                            {.max_body = 8U << 20U});
  std::string large(6U << 20U, 'x');
  for (std::size_t i = 0; i < large.size(); i += 4093) large[i] = static_cast<char>('a' + i % 26);
  const auto answer = run(client.send(with_method("PUT", at(server->port()), large)));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->body == large);
}

TEST_F(Exchange, AnswersAHandlersExceptionWith500AndGoesOn) {
  int calls = 0;
  const auto server = serve([&](ServerRequest) -> Task<ServerResponse> {
    if (++calls == 1) throw std::runtime_error("secret detail");
    co_return text(200, "fine");
  });
  const auto failed = run(client.send(get(at(server->port()))));
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->status, 500U);
  EXPECT_THAT(failed->body, testing::Not(HasSubstr("secret detail")));
  const auto fine = run(client.send(get(at(server->port()))));
  ASSERT_TRUE(fine);
  EXPECT_EQ(fine->body, "fine");
}

TEST_F(Exchange, RefusesTextsThatWouldBreakTheMessageApart) {
  const auto server = serve(echo);
  Request value = get(at(server->port()));
  value.headers.push_back({"X-A", "1\r\nX-B: 2"});
  Request name = get(at(server->port()));
  name.headers.push_back({"X-A: 1\r\nX-B", "2"});
  Request method = with_method("GET / HTTP/1.1\r\nX: ", at(server->port()));
  for (const Request& request : {value, name, method}) {
    const auto answer = run(client.send(request));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::invalid);
  }
}

TEST_F(Exchange, LeavesOutAnAnswersHeaderThatWouldBreakTheMessageApart) {
  const auto server = serve([](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response = text(200, "ok");
    response.headers.push_back({"X-Evil", "1\r\nSet-Cookie: 2"});
    response.headers.push_back({"X-Good", "3"});
    co_return response;
  });
  const auto answer = run(client.send(get(at(server->port()))));
  ASSERT_TRUE(answer);
  EXPECT_EQ(find_header(answer->headers, "set-cookie"), "");
  EXPECT_EQ(find_header(answer->headers, "x-good"), "3");
}

TEST_F(Exchange, NamesTheAddressOfATakenPort) {
  const auto server = serve(echo);
  ServerOptions options;
  options.address = "127.0.0.1";
  options.port = server->port();
  const auto second = Server::listen(executor(), options, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_THAT(second.error().message, HasSubstr("127.0.0.1:" + std::to_string(server->port())));
  const Result<> tried = try_listening(executor(), options);
  ASSERT_FALSE(tried);
  EXPECT_EQ(tried.error().message, second.error().message);
}

TEST_F(Exchange, ATriedPortIsFreeAgain) {
  ServerOptions options;
  options.address = "127.0.0.1";
  const auto trouble = [&]() -> std::string {
    if (const auto first = try_listening(executor(), options); !first) return first.error().message;
    if (run(client.send(get(at(options.port))))) return "somebody listens after the trial";
    if (const auto second = try_listening(executor(), options); !second) return "again: " + second.error().message;
    const auto server = Server::listen(executor(), options, echo);
    return server ? std::string() : "after trials: " + server.error().message;
  };
  // A port that was closed is anybody's, such as another test's: only what happens with each of several is a fault.
  std::string last = "no port was tried";
  for (int i = 0; i < 5 && !last.empty(); ++i) {
    options.port = serve(echo)->port();  // which is closed again
    last = trouble();
  }
  EXPECT_EQ(last, "");
}

}  // namespace
}  // namespace headwind::net::test
