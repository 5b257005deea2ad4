// SPDX-License-Identifier: Apache-2.0
// Answers that are handed over while they arrive, as fast as somebody takes them.
#include <gmock/gmock.h>

#include <utility>
#include <vector>

#include "raw.hpp"

namespace headwind::net::test {
namespace {

using testing::HasSubstr;

class Flow : public Loop {
 protected:
  void TearDown() override {
    client.shut_down();
    expect_loop_ends();
  }
  Result<Response> send(Request request) {
    BodyFlow flow;
    flow.take = [this](const Response& head, std::string_view piece) {
      status = head.status;
      longest = std::max(longest, piece.size());
      body += piece;
      return body.size() < enough;
    };
    flow.room = [this]() -> Task<> {
      ++waits;
      while (!has_room) co_await sleep_for(1ms);
    };
    return run(client.send(std::move(request), std::move(flow)));
  }

  // Answers one request with `text`, then waits for the other end to close.
  static RawServer::Script says(std::string text) {
    return [text](Tcp::socket& socket, int) -> Task<> {
      co_await hear_head(socket);
      co_await say(socket, text);
      co_await hear_all(socket);
    };
  }

  Client client{executor(), ClientOptions{}};
  std::string body;
  unsigned status = 0;
  std::size_t enough = SIZE_MAX, longest = 0;
  int waits = 0;
  bool has_room = true;
};

TEST_F(Flow, HandsOverTheBodyAndKeepsTheConnection) {
  const std::string long_body(1U << 20U, 'b');
  int asked = 0;
  RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
    for (;;) {
      const std::string head = co_await hear_head(socket);
      if (head.empty()) co_return;
      ++asked;
      co_await say(socket, "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 1048576\r\n\r\n" + long_body);
    }
  });
  for (int i = 1; i <= 2; ++i) {
    body.clear();
    const auto answer = send(get(at(server.port())));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(body, long_body);
    EXPECT_EQ(answer->body, "");
    EXPECT_EQ(find_header(answer->headers, "x-a"), "b");
    EXPECT_EQ(asked, i);
  }
  EXPECT_EQ(status, 200U);
  EXPECT_EQ(server.connections(), 1);
  EXPECT_LE(longest, 16U << 10U);
}

TEST_F(Flow, ReadsNothingWhileThereIsNoRoom) {
  has_room = false;
  bool looked = false;
  RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na");
    while (waits == 0) co_await sleep_for(1ms);
    co_await say(socket, "b");
    co_await sleep_for(50ms);  // long enough to be read, if it were
    EXPECT_EQ(body, "a");
    looked = has_room = true;
    co_await say(socket, "c");
    co_await hear_all(socket);
  });
  const auto answer = send(get(at(server.port())));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(looked);
  EXPECT_EQ(body, "abc");
}

TEST_F(Flow, FailsAtTheNextReadWhereTheTimePassedMeanwhile) {
  // A slow machine may not even have read the head by then: it gets more time, up to the test's patience.
  for (auto time = 100ms; body.empty() && time < patience; time *= 2) {
    has_room = false;
    RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
      co_await hear_head(socket);
      co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na");
      co_await hear_all(socket);  // until the time has passed
      has_room = true;
    });
    Request request = get(at(server.port()));
    request.timeout = time;
    const auto answer = send(std::move(request));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::cancelled);
    if (!body.empty()) {
      EXPECT_THAT(answer.error().message, HasSubstr("did not arrive as a whole in time"));
    }
  }
  EXPECT_EQ(body, "a");
}

TEST_F(Flow, IsBoundByTheLimitOfTheRequest) {
  RawServer server(io,
                   says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n6\r\nfghijk\r\n0\r\n\r\n"));
  Request request = get(at(server.port()));
  request.max_body = 10;
  const auto answer = send(std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("larger than allowed"));
  EXPECT_EQ(body, "abcde");
}

TEST_F(Flow, RefusesAnEncodingBeforeAnyOfItIsTaken) {
  RawServer server(io, says("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc"));
  const auto answer = send(get(at(server.port())));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("comes encoded (br)"));
  EXPECT_EQ(body, "");
}

TEST_F(Flow, StopsWhereItHasEnough) {
  enough = 2;
  bool closed = false;
  RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc");
    co_await hear_all(socket);
    closed = true;
  });
  const auto answer = send(get(at(server.port())));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(body, "abc");
  while (!closed) io.run_one_for(patience);
}

TEST_F(Flow, ReadsOtherStatusesWhole) {
  RawServer server(io, says("HTTP/1.1 410 Gone\r\nContent-Length: 7\r\n\r\nexpired"));
  const auto answer = send(get(at(server.port())));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "expired");
  EXPECT_EQ(body, "");
}

TEST_F(Flow, BrokenOffIsUnavailableAfterWhatCame) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc");
  });
  const auto answer = send(get(at(server.port())));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unavailable);
  EXPECT_EQ(body, "abc");
}

TEST_F(Flow, IsAskedForOnceMoreOnlyWhereNothingOfItCame) {
  int answers = 0;
  // The first connection answers once and closes when it is asked again; the second breaks off.
  RawServer server(io, [&](Tcp::socket& socket, int number) -> Task<> {
    co_await hear_head(socket);
    ++answers;
    if (number == 1) co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
    if (number == 1) co_await hear_head(socket);
    if (number == 2) co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbc");
  });
  ASSERT_TRUE(send(get(at(server.port()))));
  const auto answer = send(get(at(server.port())));
  ASSERT_FALSE(answer);
  EXPECT_EQ(body, "abc");
  EXPECT_EQ(answers, 2) << "what broke off after a piece is not sent again";
}

TEST_F(Flow, OfAnAnswerWithoutABodyHasItsHead) {
  const std::vector<std::pair<std::string, std::string>> answers{
      {"HEAD", "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 9\r\n\r\n"},
      {"GET", "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"},
      {"GET", "HTTP/1.1 304 Not Modified\r\nX-A: b\r\nContent-Length: 9\r\n\r\n"}};
  for (const auto& [method, text] : answers) {
    RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
      co_await hear_head(socket);
      co_await say(socket, text);
    });
    const auto answer = send(with_method(method, at(server.port())));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(find_header(answer->headers, "x-a"), "b") << text;
    EXPECT_EQ(body, "");
  }
}

TEST_F(Flow, BeginsWithTheFinalAnswerAndTakesAnEncodingThatWasAskedFor) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\n");
    co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nab");
  });
  Request request = get(at(server.port()));
  request.headers.push_back({"Accept-Encoding", "gzip"});
  const auto answer = send(std::move(request));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(find_header(answer->headers, "x-a"), "");
  EXPECT_EQ(status, 200U);
  EXPECT_EQ(body, "ab");
}

TEST_F(Flow, HoldsNoMoreOfAnotherStatusThanOfAnyAnswer) {
  RawServer server(io, says("HTTP/1.1 500 Oh\r\nContent-Length: 20000000\r\n\r\n"));
  Request request = get(at(server.port()));
  request.max_body = 64U << 20U;
  const auto answer = send(std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("larger than allowed"));
}

}  // namespace
}  // namespace headwind::net::test
