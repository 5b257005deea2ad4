// SPDX-License-Identifier: Apache-2.0
// Answers without end, at both ends.
#include <gmock/gmock.h>

#include <boost/asio/steady_timer.hpp>

#include "raw.hpp"

namespace headwind::net::test {
namespace {

using testing::ElementsAre;

const std::string endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n";

class Streaming : public Loop {
 protected:
  Client client{executor(), ClientOptions{}};
  std::vector<std::string> pieces;

  void TearDown() override {
    client.shut_down();
    expect_loop_ends();
  }
  Result<Response> stream(std::uint16_t port, std::chrono::milliseconds idle = 30s, std::size_t most = 1000) {
    return run(client.stream(
        get(at(port)),
        [&, most](std::string_view piece) {
          pieces.emplace_back(piece);
          return pieces.size() < most;
        },
        idle));
  }
};

TEST_F(Streaming, HandsOverEachPieceAsItArrives) {
  RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, endless);
    for (std::size_t i = 0; i < 3; ++i) {
      co_await say(socket, "2\r\n" + std::string(2, static_cast<char>('a' + i)) + "\r\n");
      while (pieces.size() <= i) co_await sleep_for(1ms);  // the next is not said before this one is heard
    }
    co_await say(socket, "0\r\n\r\n");
  });
  const auto answer = stream(server.port());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(pieces, ElementsAre("aa", "bb", "cc"));
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(find_header(answer->headers, "x-a"), "b");
}

TEST_F(Streaming, StopsWhenTheCallbackHasEnough) {
  bool closed = false;
  RawServer server(io, [&](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, endless + "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n");
    co_await hear_all(socket);
    closed = true;
  });
  const auto answer = stream(server.port(), 30s, 2);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(pieces, ElementsAre("a", "b"));
  while (!closed) io.run_one_for(patience);
}

TEST_F(Streaming, IsCancelledBySilence) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, endless + "1\r\na\r\n");
    co_await hear_all(socket);
  });
  const auto answer = stream(server.port(), 50ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::cancelled);
  EXPECT_THAT(pieces, ElementsAre("a"));
}

TEST_F(Streaming, IsNotBoundByTheRequestsTimeoutOrBodyLimitOnceItsHeadIsThere) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, endless);
    for (int i = 0; i < 20; ++i) {
      co_await sleep_for(10ms);
      co_await say(socket, "a\r\n0123456789\r\n");
    }
    co_await say(socket, "0\r\n\r\n");
  });
  Request request = get(at(server.port()));
  request.timeout = 100ms;
  request.max_body = 50;
  std::size_t size = 0;
  const auto answer = run(client.stream(
      request,
      [&](std::string_view piece) {
        size += piece.size();
        return true;
      },
      30s));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(size, 200U);
}

TEST_F(Streaming, ReadsOtherStatusesWhole) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 410 Gone\r\nContent-Length: 7\r\n\r\nexp");
    co_await sleep_for(5ms);
    co_await say(socket, "ired");
    co_await hear_all(socket);
  });
  const auto answer = stream(server.port());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 410U);
  EXPECT_EQ(answer->body, "expired");
  EXPECT_THAT(pieces, ElementsAre());
}

TEST_F(Streaming, CutOffWithoutALastChunkIsUnavailable) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, endless + "1\r\na\r\n");
  });
  const auto answer = stream(server.port());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unavailable);
  EXPECT_THAT(pieces, ElementsAre("a"));
}

TEST_F(Streaming, EndsWithShutDown) {
  RawServer server(io, [this](Tcp::socket& socket, int) -> Task<> {
    co_await hear_head(socket);
    co_await say(socket, endless + "1\r\na\r\n");
    while (pieces.empty()) co_await sleep_for(1ms);
    client.shut_down();
    co_await hear_all(socket);
  });
  const auto answer = stream(server.port());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::cancelled);
}

// A handler whose answer is `count` pieces, or endless silence after them.
Handler in_pieces(int count, bool ends, int& waiting) {
  return [count, ends, &waiting](ServerRequest) -> Task<ServerResponse> {
    ServerResponse response = text(200, "");
    auto sent = std::make_shared<int>(0);
    response.next_piece = [sent, count, ends, &waiting]() -> Task<std::string> {
      if (*sent < count) co_return "piece " + std::to_string((*sent)++);
      if (ends) co_return "";
      struct Waiting {
        int& number;
        explicit Waiting(int& counter) : number(counter) { ++number; }
        ~Waiting() { --number; }
      } here(waiting);
      co_await sleep_for(std::chrono::hours(1));
      co_return "late";
    };
    co_return response;
  };
}

TEST_F(Streaming, OfOurServerSendsPiecesAndKeepsTheConnection) {
  int waiting = 0;
  const auto server = serve(in_pieces(3, true, waiting));
  const auto answer = run(client.send(get(at(server->port()))));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "piece 0piece 1piece 2");
  EXPECT_EQ(find_header(answer->headers, "transfer-encoding"), "chunked");
  const std::string old = run(ask_raw(server->port(), "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_THAT(old, testing::EndsWith("\r\n\r\npiece 0piece 1piece 2"));
}

TEST_F(Streaming, OfOurServerIsCancelledWhenThePeerGoes) {
  int waiting = 0;
  const auto server = serve(in_pieces(2, false, waiting));
  ASSERT_TRUE(stream(server->port(), 30s, 1));
  ASSERT_TRUE(stream(server->port(), 30s, 1));
  while (waiting == 0) io.run_one_for(5ms);
  while (waiting > 0) io.run_one_for(patience);
}

TEST_F(Streaming, OfOurServerEndsWhenItDrains) {
  int waiting = 0;
  const auto server = serve(in_pieces(1, false, waiting));
  const auto drain = [&]() -> Task<> {
    while (pieces.empty() || waiting == 0) co_await sleep_for(1ms);
    co_await server->drain(10ms);
  };
  spawn(executor(), "drain", drain());
  const auto answer = stream(server->port());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unavailable);
  while (waiting > 0) io.run_one_for(patience);
}

}  // namespace
}  // namespace headwind::net::test
