// SPDX-License-Identifier: Apache-2.0
// The end of a server's life.
#include <gmock/gmock.h>

#include <thread>

#include "raw.hpp"

namespace headwind::net::test {
namespace {

class Drain : public Loop {
 protected:
  bool release = false;
  int started = 0;

  Handler held() {
    return [this](ServerRequest) -> Task<ServerResponse> {
      ++started;
      while (!release) co_await sleep_for(1ms);
      co_return text(200, "late but whole");
    };
  }
};

TEST_F(Drain, LetsTheRequestUnderWayEndAndTakesNoNewOnes) {
  auto server = serve(held());
  Client client(executor(), {});
  const auto drain = [&]() -> Task<> {
    while (started == 0) co_await sleep_for(1ms);
    spawn(executor(), "release", [](bool& flag) -> Task<> {
      co_await sleep_for(20ms);
      flag = true;
    }(release));
    co_await server->drain(patience);
  };
  bool drained = false;
  boost::asio::co_spawn(io, drain(), [&](std::exception_ptr) { drained = true; });
  const auto answer = run(client.send(get(at(server->port()))));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "late but whole");
  EXPECT_EQ(find_header(answer->headers, "connection"), "close");
  while (!drained) io.run_one_for(patience);
  EXPECT_FALSE(run(client.send(get(at(server->port())))));
  client.shut_down();
  expect_loop_ends();
}

TEST_F(Drain, ClosesWhatIsLeftAfterTheGrace) {
  auto server = serve(held());
  Client client(executor(), {});
  bool drained = false;
  const auto drain = [&]() -> Task<> {
    while (started == 0) co_await sleep_for(1ms);
    co_await server->drain(20ms);
  };
  boost::asio::co_spawn(io, drain(), [&](std::exception_ptr) { drained = true; });
  const auto answer = run(client.send(get(at(server->port()))));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unavailable);
  EXPECT_FALSE(release);
  release = true;
  while (!drained) io.run_one_for(patience);
  client.shut_down();
  expect_loop_ends();
}

TEST_F(Drain, AnswersWhatHadArrivedBeforeItWasSeen) {
  auto server = serve(echo);
  Tcp::socket seen(io), unseen(io);
  for (Tcp::socket* socket : {&seen, &unseen})
    socket->connect({boost::asio::ip::address_v4::loopback(), server->port()});
  run(sleep_for(5ms));  // both are accepted
  Tcp::socket late(io);
  late.connect({boost::asio::ip::address_v4::loopback(), server->port()});
  for (Tcp::socket* socket : {&seen, &late})
    boost::asio::write(*socket, boost::asio::buffer(std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n")));
  run(server->drain(patience));
  EXPECT_THAT(run(hear_all(seen)), testing::EndsWith("GET /?\n"));
  EXPECT_THAT(run(hear_all(late)), testing::EndsWith("GET /?\n"));
  EXPECT_EQ(run(hear_all(unseen)), "");
  expect_loop_ends();
}

TEST_F(Drain, IsNotNeededBeforeTheLoopIsDestroyed) {
  auto other = std::make_unique<boost::asio::io_context>(1);
  ServerOptions options;
  options.address = "127.0.0.1";
  auto server = Server::listen(other->get_executor(), options, held());
  ASSERT_TRUE(server);
  std::vector<std::unique_ptr<Tcp::socket>> sockets;
  for (const char* bytes : {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HT", ""}) {
    sockets.push_back(std::make_unique<Tcp::socket>(io));
    sockets.back()->connect({boost::asio::ip::address_v4::loopback(), (*server)->port()});
    boost::asio::write(*sockets.back(), boost::asio::buffer(std::string(bytes)));
  }
  while (started == 0) other->run_one_for(patience);
  server->reset();
  other.reset();  // the sanitizers judge what the destructors do now
  EXPECT_EQ(run(hear_all(*sockets[0])), "");
}

TEST_F(Drain, ClosesIdleConnectionsAtOnce) {
  auto server = serve(echo);
  Client client(executor(), {});
  ASSERT_TRUE(run(client.send(get(at(server->port())))));
  run(server->drain(std::chrono::hours(1)));  // a test that hangs here would be killed by ctest
  client.shut_down();
  expect_loop_ends();
}

TEST_F(Drain, MayBeAwaitedOnAnotherThreadThanTheServers) {
  boost::asio::io_context servers_loop(1);
  ServerOptions options;
  options.address = "127.0.0.1";
  auto server = Server::listen(servers_loop.get_executor(), options, echo);
  ASSERT_TRUE(server);
  std::thread thread([&] { servers_loop.run(); });
  Client client(executor(), {});
  EXPECT_TRUE(run(client.send(get(at((*server)->port())))));
  run((*server)->drain(patience));
  thread.join();  // nothing is left on its loop
  client.shut_down();
  expect_loop_ends();
}

TEST_F(Drain, FreesThePort) {
  auto server = serve(echo);
  ServerOptions options;
  options.port = server->port();
  run(server->drain(0ms));
  server = serve(echo, options);
  EXPECT_EQ(server->port(), options.port);
  server.reset();
  expect_loop_ends();
}

}  // namespace
}  // namespace headwind::net::test
