// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/events: changes as they happen.
#include <sstream>

#include "api/approval_world.hpp"
#include "net/client.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

struct Event {
  std::string name, id;
  json data;
};

std::vector<Event> events_in(const std::string& text) {
  std::vector<Event> events;
  Event event;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("event: ")) event.name = line.substr(7);
    if (line.starts_with("id: ")) event.id = line.substr(4);
    if (line.starts_with("data: ")) event.data = json::parse(line.substr(6));
    if (line.empty() && !event.name.empty()) events.push_back(std::exchange(event, {}));
  }
  return events;
}

class Events : public ApprovalTest {
 protected:
  Events() {
    limits.heartbeat = std::chrono::milliseconds(20);
    use(open_gate);
  }
  void use(Gate& gate) { handler = make_approval(*world.engine, gate, limits); }
  net::ServerResponse listen(const std::string& query = {}, const net::Headers& headers = {}) {
    return call(request("GET", "/api/v1/events" + query, {}, headers));
  }
  std::string next(const net::ServerResponse& stream) { return run(world.io, stream.next_piece()); }
  EventLimits limits;
};

TEST_F(Events, what_changes_is_told_in_order_with_its_phase) {
  const auto stream = listen();
  EXPECT_EQ(stream.status, 200U);
  EXPECT_EQ(header(stream, "Content-Type"), "text/event-stream");
  EXPECT_EQ(header(stream, "Cache-Control"), "no-store");
  EXPECT_EQ(next(stream), "retry: 3000\n: listening\n\n");
  propose();
  call(post(std::string(kOne) + "/reject", R"({"approver":"a","reason":"r"})"));
  call(request("POST", std::string(kOne) + "/release"));
  const auto events = events_in(next(stream));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].name, "updated");
  EXPECT_EQ(events[0].data["phase"], "Pending");
  EXPECT_EQ(events[0].data["name"], "web-app-1-26-0");
  EXPECT_EQ(events[0].data["namespace"], "prod");
  EXPECT_EQ(events[0].data["deployment"], "web");
  EXPECT_EQ(events[0].data["newImage"], "nginx:1.26.0");
  EXPECT_EQ(events[0].data["requiredApprovals"], 1);
  EXPECT_EQ(events[1].data["phase"], "Rejected");
  EXPECT_EQ(events[1].data["message"], "r");
  EXPECT_EQ(events[2].name, "deleted");
  EXPECT_LT(std::stoll(events[0].id), std::stoll(events[1].id)) << "resource versions";
}

TEST_F(Events, silence_is_broken_by_a_comment) {
  const auto stream = listen();
  next(stream);
  EXPECT_EQ(next(stream), ": nothing new\n\n");
}

TEST_F(Events, one_namespace_hears_nothing_of_another) {
  const auto own = listen("?namespace=prod"), other = listen("?namespace=elsewhere");
  next(own), next(other);
  propose();
  EXPECT_EQ(events_in(next(own)).size(), 1U);
  EXPECT_EQ(next(other), ": nothing new\n\n");
}

TEST_F(Events, whoever_comes_back_is_told_to_list_again) {
  const auto stream = listen({}, {{"Last-Event-ID", "17"}});
  EXPECT_EQ(events_in(next(stream)).at(0).name, "resync");
}

TEST_F(Events, whoever_reads_too_slowly_is_let_go_and_holds_up_nobody) {
  limits.waiting = 2;
  use(open_gate);
  const auto slow = listen(), quick = listen();
  next(slow), next(quick);
  propose();
  EXPECT_EQ(events_in(next(quick)).size(), 1U);
  call(post(std::string(kOne) + "/approve", "{}"));  // Approved, Applying, Completed
  EXPECT_EQ(store.image("web"), "nginx:1.26.0") << "the engine went on";
  EXPECT_EQ(next(slow), "") << "the end of the stream";
}

TEST_F(Events, what_waits_for_a_listener_is_bounded_in_bytes_too) {
  limits.bytes = 100;
  use(open_gate);
  const auto stream = listen();
  next(stream);
  propose();
  EXPECT_EQ(next(stream), "");
}

TEST_F(Events, more_than_may_listen_are_refused_until_one_leaves) {
  limits.listeners = 2;
  use(open_gate);
  auto first = listen();
  const auto second = listen();
  const auto refused = listen();
  EXPECT_EQ(refused.status, 503U);
  EXPECT_EQ(header(refused, "Retry-After"), "15");
  EXPECT_NE(sentence(refused), "");
  first = {};
  EXPECT_EQ(listen().status, 200U);
}

TEST_F(Events, a_listener_needs_list_and_is_asked_again_for_it) {
  limits.recheck = std::chrono::milliseconds(0);
  use(token_gate);
  const net::Headers alice{{"Authorization", "Bearer alice-token"}};
  EXPECT_EQ(listen().status, 401U);
  EXPECT_EQ(listen({}, alice).status, 403U);
  auth.permissions = {{"list", "prod", ""}};
  auth.clock.now += Gate::kRememberedMs;
  EXPECT_EQ(listen({}, alice).status, 403U) << "not of all namespaces";
  const auto stream = listen("?namespace=prod", alice);
  ASSERT_EQ(stream.status, 200U);
  next(stream);
  EXPECT_NE(next(stream), "");
  auth.outage = true;
  auth.clock.now += Gate::kRememberedMs;
  EXPECT_NE(next(stream), "") << "that nobody can be asked proves nothing";
  auth.outage = false;
  auth.permissions.clear();
  auth.clock.now += Gate::kRememberedMs;
  propose();
  EXPECT_EQ(next(stream), "") << "the permission is gone, and so is the stream";
}

TEST_F(Events, over_a_socket_they_come_as_they_happen) {
  net::ServerOptions options;
  options.address = "127.0.0.1";
  auto server = net::Server::listen(world.io.get_executor(), options, handler);
  ASSERT_TRUE(server);
  net::Client client(world.io.get_executor(), {});
  net::Request asked;
  asked.url = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/api/v1/events";
  std::string text;
  bool ended = false;
  boost::asio::co_spawn(world.io,
                        client.stream(
                            asked,
                            [&](std::string_view piece) {
                              text += piece;
                              return text.find("event: updated") == std::string::npos;
                            },
                            std::chrono::seconds(5)),
                        [&](const std::exception_ptr&, const auto&) { ended = true; });
  for (int i = 0; i < 500 && text.find("listening") == std::string::npos; ++i)
    world.io.restart(), world.io.run_for(std::chrono::milliseconds(2));
  EXPECT_NE(text.find(": listening"), std::string::npos);
  propose();
  for (int i = 0; i < 1000 && !ended; ++i) world.io.restart(), world.io.run_for(std::chrono::milliseconds(2));
  EXPECT_NE(text.find("event: updated"), std::string::npos) << text;
}

}  // namespace
}  // namespace headwind::api
