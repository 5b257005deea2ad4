// SPDX-License-Identifier: Apache-2.0
// Which connection an exchange gets, and what happens when a kept one turns out to be dead.
#include <gmock/gmock.h>

#include "raw.hpp"

namespace headwind::net::test {
namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class KeptConnection : public Loop {
 protected:
  Client client{executor(), ClientOptions{}};

  void TearDown() override {
    client.shut_down();
    expect_loop_ends();
  }

  static RawServer::Script answer_each(std::string bytes) {
    return [bytes](Tcp::socket& socket, int) -> Task<> {
      for (;;) {
        const std::string head = co_await hear_head(socket);
        if (head.empty()) co_return;
        co_await say(socket, bytes);
      }
    };
  }

  int connections_for(int requests, std::string answer) {
    RawServer server(io, answer_each(std::move(answer)));
    for (int i = 0; i < requests; ++i) EXPECT_TRUE(run(client.send(get(at(server.port())))));
    return server.connections();
  }
};

TEST_F(KeptConnection, ServesTheNextExchange) { EXPECT_EQ(connections_for(5, ok), 1); }

TEST_F(KeptConnection, IsNotKeptWhereTheServerSaysClose) {
  EXPECT_EQ(connections_for(3, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"), 3);
}

TEST_F(KeptConnection, IsNotKeptWhereBytesFollowTheAnswer) { EXPECT_EQ(connections_for(3, ok + "HTTP/1.1 200"), 3); }

TEST_F(KeptConnection, ThatWasClosedMeanwhileIsLeftAloneByEveryMethod) {
  // Closes each connection after one answer, without having said so.
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, ok);
  });
  for (const char* method : {"GET", "POST", "PATCH", "POST"}) {
    const auto answer = run(client.send(with_method(method, at(server.port()))));
    EXPECT_TRUE(answer) << answer.error().message;
    run(sleep_for(20ms));  // lets the server's end of the connection arrive
  }
  EXPECT_EQ(server.connections(), 4);
}

// The first connection answers once and then closes as soon as it has read another request.
RawServer::Script closing_on_the_second_request() {
  return [](Tcp::socket& socket, int number) -> Task<> {
    for (int request = 1;; ++request) {
      const std::string head = co_await hear_head(socket);
      if (head.empty() || (number == 1 && request == 2)) co_return;
      co_await say(socket, ok);
    }
  };
}

TEST_F(KeptConnection, ThatDiesUnderAnIdempotentRequestIsReplacedOnce) {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}) {
    RawServer server(io, closing_on_the_second_request());
    ASSERT_TRUE(run(client.send(get(at(server.port())))));
    const auto again = run(client.send(with_method(method, at(server.port()))));
    if (std::string(method) == "HEAD") {
      EXPECT_TRUE(again || again.error().code == Code::invalid);  // the raw server answers HEAD with a body
    } else {
      EXPECT_TRUE(again) << method << ": " << again.error().message;
    }
    EXPECT_EQ(server.connections(), 2) << method;
  }
}

TEST_F(KeptConnection, ThatDiesUnderAnotherRequestIsAnErrorAsTheRequestMayHaveBeenSeen) {
  for (const char* method : {"POST", "PATCH"}) {
    RawServer server(io, closing_on_the_second_request());
    ASSERT_TRUE(run(client.send(get(at(server.port())))));
    const auto again = run(client.send(with_method(method, at(server.port()))));
    ASSERT_FALSE(again) << method;
    EXPECT_EQ(again.error().code, Code::unavailable);
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST_F(KeptConnection, IsNotReplacedOnceAByteOfTheAnswerCame) {
  RawServer server(io, [](Tcp::socket& socket, int number) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, ok);
    co_await hear_head(socket);
    if (number == 1) co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
  });
  ASSERT_TRUE(run(client.send(get(at(server.port())))));
  const auto cut = run(client.send(get(at(server.port()))));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, Code::unavailable);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(KeptConnection, NewOnesThatDieAreNotTriedAgain) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> { co_await hear_head(socket); });
  const auto answer = run(client.send(get(at(server.port()))));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unavailable);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(KeptConnection, IsClosedAfterItsIdleTime) {
  ClientOptions options;
  options.idle_timeout = 50ms;
  Client hasty(executor(), options);
  bool ended = false;
  RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, ok);
    co_await hear_all(socket);
    ended = true;
  });
  ASSERT_TRUE(run(hasty.send(get(at(server.port())))));
  while (!ended) io.run_one_for(patience);  // would hang, and ctest would say so
  EXPECT_TRUE(run(hasty.send(get(at(server.port())))));
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(KeptConnection, EndsWithShutDownWhichRefusesNewExchanges) {
  bool ended = false;
  RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, ok);
    co_await hear_all(socket);
    ended = true;
  });
  ASSERT_TRUE(run(client.send(get(at(server.port())))));
  client.shut_down();
  while (!ended) io.run_one_for(patience);
  const auto refused = run(client.send(get(at(server.port()))));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::cancelled);
}

}  // namespace
}  // namespace headwind::net::test
