// SPDX-License-Identifier: Apache-2.0
// Answers that are handed over while they arrive, as fast as somebody takes them.
#include <gmock/gmock.h>

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
    while (!(co_await hear_head(socket)).empty()) {
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
  has_room = false;
  RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na");
    co_await hear_all(socket);  // until the time has passed
    has_room = true;
  });
  Request request = get(at(server.port()));
  request.timeout = 100ms;
  const auto answer = send(std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::cancelled);
  EXPECT_EQ(body, "a");
}

TEST_F(Flow, IsBoundByTheLimitOfTheRequest) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n6\r\nfghijk\r\n0\r\n\r\n");
    co_await hear_all(socket);
  });
  Request request = get(at(server.port()));
  request.max_body = 10;
  const auto answer = send(std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("larger than allowed"));
  EXPECT_EQ(body, "abcde");
}

TEST_F(Flow, RefusesAnEncodingBeforeAnyOfItIsTaken) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc");
    co_await hear_all(socket);
  });
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
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 410 Gone\r\nContent-Length: 7\r\n\r\nexpired");
    co_await hear_all(socket);
  });
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

}  // namespace
}  // namespace headwind::net::test
