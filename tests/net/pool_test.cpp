// SPDX-License-Identifier: Apache-2.0
// Many exchanges over few connections.
#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <vector>

#include "raw.hpp"

namespace headwind::net::test {
namespace {

class Pool : public Loop {
 protected:
  static ClientOptions with_connections(std::size_t count) {
    ClientOptions options;
    options.connections_per_host = count;
    return options;
  }

  // Starts an exchange that adds `name` to `order` when it succeeds.
  void start(Client& client, Request request, int name, std::vector<int>& order, int& failures) {
    spawn(executor(), "exchange", one(client, std::move(request), name, order, failures));
  }
  static Task<> one(Client& client, Request request, int name, std::vector<int>& order, int& failures) {
    const auto answer = co_await client.send(std::move(request));
    if (answer && answer->status == 200) {
      order.push_back(name);
    } else {
      ++failures;
    }
  }
};

TEST_F(Pool, Carries200ExchangesAtOnceOver16Connections) {
  int now = 0, most = 0;
  auto server = serve([&](ServerRequest) -> Task<ServerResponse> {
    most = std::max(most, ++now);
    // The first ones stay until all places are taken: how fast the machine is does not count.
    for (int waited = 0; most < 16 && waited < 2000; ++waited) co_await sleep_for(1ms);
    --now;
    co_return text(200, "ok");
  });
  std::vector<int> order;
  int failures = 0;
  {
    Client client(executor(), with_connections(16));
    for (int i = 0; i < 200; ++i) start(client, get(at(server->port())), i, order, failures);
    while (order.size() + static_cast<std::size_t>(failures) < 200) io.run_one_for(patience);
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(most, 16);
  server.reset();
  expect_loop_ends();
}

TEST_F(Pool, ServesWaitersInTheOrderOfTheirArrival) {
  auto server = serve(echo);
  Client client(executor(), with_connections(1));
  std::vector<int> order;
  int failures = 0;
  for (int i = 0; i < 20; ++i) start(client, get(at(server->port())), i, order, failures);
  while (order.size() + static_cast<std::size_t>(failures) < 20) io.run_one_for(patience);
  std::vector<int> expected;
  for (int i = 0; i < 20; ++i) expected.push_back(i);
  EXPECT_EQ(order, expected);
}

TEST_F(Pool, GivesUpWaitingAtTheDeadlineAndServesTheOthers) {
  bool release = false;
  auto server = serve([&](ServerRequest request) -> Task<ServerResponse> {
    while (request.path == "/held" && !release) co_await sleep_for(1ms);
    co_return text(200, "ok");
  });
  Client client(executor(), with_connections(1));
  std::vector<int> order;
  int failures = 0;
  start(client, get(at(server->port(), "/held")), 0, order, failures);
  Request hasty = get(at(server->port()));
  hasty.timeout = 20ms;
  start(client, hasty, 1, order, failures);
  start(client, get(at(server->port())), 2, order, failures);
  while (failures == 0) io.run_one_for(patience);
  release = true;
  while (order.size() < 2) io.run_one_for(patience);
  EXPECT_EQ(order, (std::vector<int>{0, 2}));
  EXPECT_EQ(failures, 1);
}

TEST_F(Pool, GetsThePlaceOfACancelledExchangeBack) {
  RawServer server(io, [](Tcp::socket& socket, int number) -> Task<> {
    for (;;) {
      const std::string head = co_await hear_head(socket);
      if (head.empty()) co_return;
      if (number > 1) co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  });
  Client client(executor(), with_connections(1));
  boost::asio::cancellation_signal holder, waiter;
  int ended = 0;
  for (auto* signal : {&holder, &waiter})
    boost::asio::co_spawn(io, client.send(get(at(server.port()))),
                          boost::asio::bind_cancellation_slot(
                              signal->slot(), [&](std::exception_ptr, const Result<Response>&) { ++ended; }));
  while (server.connections() == 0) io.run_one_for(patience);
  waiter.emit(boost::asio::cancellation_type::terminal);
  holder.emit(boost::asio::cancellation_type::terminal);
  while (ended < 2) io.run_one_for(patience);
  const auto next = run(client.send(get(at(server.port()))));
  EXPECT_TRUE(next) << next.error().message;
}

TEST_F(Pool, OutlivesALoopThatIsDestroyedWithExchangesUnderWay) {
  auto other = std::make_unique<boost::asio::io_context>(1);
  auto client = std::make_unique<Client>(other->get_executor(), with_connections(1));
  RawServer silent(*other, [](Tcp::socket& socket, int) -> Task<> { co_await hear_all(socket); });
  for (int i = 0; i < 3; ++i)
    boost::asio::co_spawn(*other, client->send(get(at(silent.port()))), boost::asio::detached);
  while (silent.connections() == 0) other->run_one_for(patience);
  boost::asio::co_spawn(*other, client->send(get("http://no-such-host.invalid/")), boost::asio::detached);
  other->poll();
  client.reset();
  silent.abandon();
  other.reset();
  SUCCEED();  // the sanitizers judge what the destructors do now
}

TEST_F(Pool, IsNotOccupiedByStreams) {
  RawServer server(io, [](Tcp::socket& socket, int) -> Task<> {
    const std::string head = co_await hear_head(socket);
    const bool endless = head.find("/watch") != std::string::npos;
    co_await say(socket, endless ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
                                 : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    co_await hear_all(socket);
  });
  Client client(executor(), with_connections(1));
  int pieces = 0, ended = 0;
  const auto watch = [&]() -> Task<> {
    const auto answer =
        co_await client.stream(get(at(server.port(), "/watch")), [&](std::string_view) { return ++pieces > 0; }, 0ms);
    EXPECT_FALSE(answer);
    ++ended;
  };
  for (int i = 0; i < 3; ++i) spawn(executor(), "watch", watch());
  while (pieces < 3) io.run_one_for(patience);
  EXPECT_TRUE(run(client.send(get(at(server.port())))));
  client.shut_down();
  while (ended < 3) io.run_one_for(patience);
}

}  // namespace
}  // namespace headwind::net::test
