// SPDX-License-Identifier: Apache-2.0
// Our server against clients that are wrong, slow, greedy, or just old.
#include <gmock/gmock.h>

#include "raw.hpp"

namespace headwind::net::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ServerLimits : public Loop {
 protected:
  int handled = 0;
  ServerRequest last;
  std::unique_ptr<Server> server;

  void start(ServerOptions options = {}) {
    server = serve(
        [this](ServerRequest request) {
          ++handled;
          last = request;
          return echo(std::move(request));
        },
        std::move(options));
  }
  std::string ask(std::string bytes) { return run(ask_raw(server->port(), std::move(bytes))); }
  void TearDown() override {
    server.reset();
    expect_loop_ends();
  }
};

const std::string close_after = "Host: x\r\nConnection: close\r\n";

TEST_F(ServerLimits, RefuseMalformedRequestsWith400) {
  start();
  for (const char* bytes :
       {"\x16\x03\x01\x02garbage\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET x HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"}) {
    const std::string answer = ask(bytes);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << bytes;
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  }
  EXPECT_THAT(ask("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
  EXPECT_EQ(handled, 0);
}

TEST_F(ServerLimits, RefuseLargeBodiesWith413InEveryCoding) {
  start({.max_body = 1000});
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_THAT(ask(head + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'x')), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(ask(head + "Content-Length: 99999999999\r\n\r\n"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(
      ask(head + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n"),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(handled, 0);
  EXPECT_THAT(ask(head + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') +
                  "\r\n0\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 "), EndsWith(std::string(1000, 'x'))));
}

TEST_F(ServerLimits, LetTheClientReadA413WhileItStillSends) {
  start({.max_body = 1000});
  Client client(executor(), {});
  const auto answer = run(client.send(with_method("POST", at(server->port()), std::string(3U << 20U, 'x'))));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 413U);
}

TEST_F(ServerLimits, RefuseLargeHeadsWith431) {
  start({.max_header = 4096});
  EXPECT_THAT(ask("GET /" + std::string(5000, 'x') + " HTTP/1.1\r\n" + close_after + "\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nX: " + std::string(5000, 'x') + "\r\n" + close_after + "\r\n"),
              StartsWith("HTTP/1.1 431 "));
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "X: y\r\n";
  EXPECT_THAT(ask("GET / HTTP/1.1\r\n" + many + close_after + "\r\n"), StartsWith("HTTP/1.1 431 "));
  EXPECT_EQ(handled, 0);
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nX: " + std::string(3000, 'x') + "\r\n" + close_after + "\r\n"),
              StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerLimits, RefuseSlowRequestsWith408) {
  start({.read_timeout = 60ms, .idle_timeout = 60s});
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost:"), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"), StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(ask(""), "");  // no request at all: nothing to answer
  EXPECT_EQ(handled, 0);
}

TEST_F(ServerLimits, CloseConnectionsThatStayIdle) {
  start({.read_timeout = 60s, .idle_timeout = 60ms});
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), EndsWith("GET /?\n"));
}

TEST_F(ServerLimits, AskForTheBodyOfAClientThatExpectsIt) {
  start();
  const auto answer = run([](std::uint16_t port) -> Task<std::string> {
    Tcp::socket socket(co_await boost::asio::this_coro::executor);
    co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), port}, boost::asio::use_awaitable);
    co_await say(socket, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" + close_after + "\r\n");
    std::string interim = co_await hear_head(socket);
    co_await say(socket, "hi");
    co_return interim + co_await hear_all(socket);
  }(server->port()));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, EndsWith("POST /?\nhi"));
}

TEST_F(ServerLimits, DoNotAskForABodyThatIsTooLargeOrAlreadyThere) {
  start({.max_body = 10});
  EXPECT_THAT(ask("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" + close_after + "\r\nhi"),
              StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerLimits, TakeARequestByteByByte) {
  start();
  const auto answer = run([](std::uint16_t port) -> Task<std::string> {
    Tcp::socket socket(co_await boost::asio::this_coro::executor);
    co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), port}, boost::asio::use_awaitable);
    socket.set_option(Tcp::no_delay(true));
    for (const char byte : "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + close_after + "\r\n0\r\n\r\n") {
      co_await say(socket, std::string(1, byte));
      co_await sleep_for(1ms);
    }
    co_return co_await hear_all(socket);
  }(server->port()));
  EXPECT_THAT(answer, EndsWith("POST /?\n"));
}

TEST_F(ServerLimits, AnswerPipelinedRequestsInOrder) {
  start();
  const std::string answer =
      ask("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
          "GET /3 HTTP/1.1\r\n" +
          close_after + "\r\nGET /4 HTTP/1.1\r\n");
  EXPECT_LT(answer.find("GET /1?"), answer.find("POST /2?\nabc"));
  EXPECT_LT(answer.find("POST /2?\nabc"), answer.find("GET /3?"));
  EXPECT_THAT(answer, Not(HasSubstr("/4")));
  EXPECT_EQ(handled, 3);
}

TEST_F(ServerLimits, SpeakHttp10) {
  start();
  const std::string once = ask("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(once, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Connection: close\r\n")));
  const std::string twice = ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n");
  EXPECT_THAT(twice, AllOf(HasSubstr("Connection: keep-alive\r\n"), HasSubstr("GET /a?"), HasSubstr("GET /b?")));
  EXPECT_TRUE(last.http10);
  ask("GET /a HTTP/1.1\r\n" + close_after + "\r\n");
  EXPECT_FALSE(last.http10);
}

TEST_F(ServerLimits, SayWhoAsksAndHow) {
  start();
  ask("GET / HTTP/1.1\r\n" + close_after + "\r\n");
  EXPECT_EQ(last.peer, "127.0.0.1");
  EXPECT_NE(last.peer_port, 0);
  EXPECT_NE(last.peer_port, server->port());
  EXPECT_FALSE(last.tls);
}

TEST_F(ServerLimits, TakeTargetsInAbsoluteForm) {
  start();
  EXPECT_THAT(ask("GET http://x/a?b HTTP/1.1\r\n" + close_after + "\r\n"), EndsWith("GET /a?b\n"));
  EXPECT_THAT(ask("GET http://x?b HTTP/1.1\r\n" + close_after + "\r\n"), EndsWith("GET /?b\n"));
}

TEST_F(ServerLimits, AcceptConnectionsBeyondTheLimitLate) {
  start({.max_connections = 2});
  std::vector<std::unique_ptr<Tcp::socket>> sockets;
  for (int i = 0; i < 3; ++i) {
    sockets.push_back(std::make_unique<Tcp::socket>(io));
    sockets.back()->connect({boost::asio::ip::address_v4::loopback(), server->port()});
    run(say(*sockets.back(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  }
  run(hear_head(*sockets[0]));
  run(hear_head(*sockets[1]));
  run(sleep_for(20ms));
  EXPECT_EQ(handled, 2);
  sockets[0]->close();
  EXPECT_THAT(run(hear_head(*sockets[2])), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(handled, 3);
}

}  // namespace
}  // namespace headwind::net::test
