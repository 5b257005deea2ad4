// SPDX-License-Identifier: Apache-2.0
// Our client against servers that get HTTP wrong, or just unusual.
#include <gmock/gmock.h>

#include "raw.hpp"

namespace headwind::net::test {
namespace {

using testing::HasSubstr;

class Answer : public Loop {
 protected:
  Client client{executor(), ClientOptions{}};

  void TearDown() override {
    client.shut_down();
    expect_loop_ends();
  }

  // The client's result for a request that is answered with exactly these bytes, after which the connection ends.
  Result<Response> to(std::string bytes, Request request = get("")) {
    RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
      const std::string head = co_await hear_head(socket);
      if (!head.empty()) co_await say(socket, bytes);
    });
    request.url = at(server.port());
    return run(client.send(request));
  }

  void expect_failure(Code code, std::string bytes, Request request = get("")) {
    const auto answer = to(bytes, std::move(request));
    ASSERT_FALSE(answer) << bytes.substr(0, 200);
    EXPECT_EQ(answer.error().code, code) << bytes.substr(0, 200) << "\n" << answer.error().message;
  }
};

TEST_F(Answer, ThatIsNotHttpIsInvalid) {
  for (const char* bytes : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                            "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nzzz",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"})
    expect_failure(Code::invalid, bytes);
}

TEST_F(Answer, ThatEndsEarlyIsUnavailable) {
  for (const char* bytes :
       {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "HTTP/1.1 100 Continue\r\n\r\n"})
    expect_failure(Code::unavailable, bytes);
}

TEST_F(Answer, WithABodyBeyondTheLimitIsInvalidInEveryCoding) {
  Request request = get("");
  request.max_body = 10;
  expect_failure(Code::invalid, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901", request);
  expect_failure(Code::invalid,
                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n5\r\n12345\r\n0\r\n\r\n",
                 request);
  expect_failure(Code::invalid, "HTTP/1.1 200 OK\r\n\r\n12345678901", request);
  const auto fits = to("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234567890", request);
  ASSERT_TRUE(fits);
  EXPECT_EQ(fits->body, "1234567890");
}

TEST_F(Answer, ThatComesEncodedUnaskedIsInvalid) {
  const std::string gzip = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b";
  expect_failure(Code::invalid, gzip);
  Request asked = get("");
  asked.headers.push_back({"Accept-Encoding", "gzip"});
  EXPECT_TRUE(to(gzip, asked));
  EXPECT_TRUE(to("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"));
  EXPECT_TRUE(to("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n", with_method("HEAD", "")));
  EXPECT_TRUE(to("HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nzz"));
}

TEST_F(Answer, WithAHeadBeyondTheLimitIsInvalid) {
  expect_failure(Code::invalid, "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n");
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 20'000; ++i) many += "X: y\r\n";
  expect_failure(Code::invalid, many + "\r\n");
  expect_failure(Code::invalid, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(200'000, 'x'));
}

TEST_F(Answer, OfStatus1xxIsSkippedButNotForEver) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  const auto answer = to(interim + interim + "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 404U);
  EXPECT_EQ(answer->body, "no");
  EXPECT_EQ(find_header(answer->headers, "link"), "");
  std::string endless;
  for (int i = 0; i < 100; ++i) endless += interim;
  expect_failure(Code::invalid, endless);
}

TEST_F(Answer, InChunksWithExtensionsAndTrailersIsPutTogether) {
  const auto answer =
      to("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX-Trailer: "
         "1\r\n\r\n");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "abc0123456789");
  EXPECT_EQ(find_header(answer->headers, "x-trailer"), "");
}

TEST_F(Answer, MayComeByteByByte) {
  for (const char* chunks : {"0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "2;a\r\nxy\r\n0;b\r\nX-Trailer: 1\r\n\r\n"}) {
    const std::string bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(chunks);
    RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
      socket.set_option(Tcp::no_delay(true));
      co_await hear_head(socket);
      for (const char byte : bytes) {
        co_await say(socket, std::string(1, byte));
        co_await sleep_for(1ms);
      }
    });
    const auto answer = run(client.send(get(at(server.port()))));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, std::string(chunks[0] == '0' ? "" : chunks[0] == '1' ? "x" : "xy"));
  }
}

TEST_F(Answer, WithoutALengthEndsWithTheConnection) {
  const auto answer = to("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "all of it");
}

TEST_F(Answer, ToALargeRequestMayComeBeforeTheRequestIsRead) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    const std::string head = co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    socket.shutdown(Tcp::socket::shutdown_send);
    co_await hear_all(socket);
  });
  const auto answer = run(client.send(with_method("PUT", at(server.port()), std::string(4U << 20U, 'x'))));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 413U);
}

TEST_F(Answer, ThatDoesNotComeInTimeIsCancelled) {
  RawServer silent(io, [](Tcp::socket& socket, int) -> Task<> { co_await hear_all(socket); });
  RawServer dribbling(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await say(socket, "HTTP/1.1 200 OK\r\nX: ");
    while (co_await say(socket, "x") > 0) co_await sleep_for(5ms);
  });
  for (const RawServer* server : {&silent, &dribbling}) {
    Request request = get(at(server->port()));
    request.timeout = 100ms;
    const auto answer = run(client.send(request));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::cancelled) << answer.error().message;
  }
}

TEST_F(Answer, OfAPeerThatDoesNotExistIsUnavailable) {
  std::uint16_t free_port = 0;
  {
    free_port = RawServer(io, [](Tcp::socket&, int) -> Task<> { co_return; }).port();
  }
  const auto refused = run(client.send(get(at(free_port))));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("http://127.0.0.1:" + std::to_string(free_port)));
  const auto nowhere = run(client.send(get("http://no-such-host.invalid/secret-path")));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, Code::unavailable);
  EXPECT_THAT(nowhere.error().message, testing::Not(HasSubstr("secret-path")));
}

TEST_F(Answer, OfANamedHostArrives) {
  const auto server = serve(echo);
  const auto answer = run(client.send(get("http://localhost:" + std::to_string(server->port()) + "/")));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200U);
}

}  // namespace
}  // namespace headwind::net::test
