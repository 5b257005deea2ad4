// SPDX-License-Identifier: Apache-2.0
#include "kube/events.hpp"

#include "scripted.hpp"

namespace headwind::kube::test {
namespace {

using std::string;

class EventsTest : public Scripted {
 protected:
  const Involved web{"apps/v1", "Deployment", "shop", "web", "u-1"};

  void play() {
    respond = [this](const ServerRequest& request) {
      return request.method == "POST"
                 ? answer(201, R"({"metadata":{"name":"e-)" + std::to_string(requests.size()) + "\"}}")
                 : answer(200);
    };
  }
  void flush(EventWriter& events) { run(events.flush(std::chrono::seconds(60))); }
  std::size_t count(const string& method) const {
    std::size_t n = 0;
    for (const ServerRequest& request : requests) n += request.method == method ? 1 : 0;
    return n;
  }
  double metric(const string& result) {
    return metrics.counter("headwind_kube_events_total", "", {{"result", result}}).value();
  }
};

TEST_F(EventsTest, WritesAnEventInTheObjectsNamespace) {
  play();
  EventWriter events(executor(), client(), metrics, {.instance = "pod-1"});
  events.record(web, true, "InvalidPolicy", "headwind.sh/policy \"x\" is unknown");
  flush(events);
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].path, "/api/v1/namespaces/shop/events");
  for (const char* part : {R"("type":"Warning")", R"("reason":"InvalidPolicy")", R"("uid":"u-1")", R"("count":1)",
                           R"("generateName":"web.")", R"("reportingInstance":"pod-1")"})
    EXPECT_NE(requests[0].body.find(part), string::npos) << requests[0].body;
}

TEST_F(EventsTest, CountsRepetitionsInOneEvent) {
  play();
  EventWriter events(executor(), client(), metrics);
  events.record(web, false, "Updated", "to 1.2.3");
  flush(events);
  events.record(web, false, "Updated", "to 1.2.3");
  flush(events);
  events.record(web, false, "Updated", "to 1.2.4");
  flush(events);
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[1].method, "PATCH");
  EXPECT_EQ(requests[1].path, "/api/v1/namespaces/shop/events/e-1");
  EXPECT_NE(requests[1].body.find(R"("count":2)"), string::npos);
  EXPECT_EQ(requests[2].method, "POST");
}

TEST_F(EventsTest, AggregatesWhatWaitsBeforeItIsWritten) {
  play();
  EventWriter events(executor(), client(), metrics);
  for (int i = 0; i < 20; ++i) events.record(web, false, "Updated", "to 1.2.3");
  flush(events);
  ASSERT_EQ(requests.size(), 2U) << "the first goes at once, the rest together";
  EXPECT_NE(requests[1].body.find(R"("count":20)"), string::npos) << requests[1].body;
}

TEST_F(EventsTest, WritesANewOneWhereTheServerForgotTheOld) {
  play();
  EventWriter events(executor(), client(), metrics);
  events.record(web, false, "Updated", "again");
  flush(events);
  respond = [](const ServerRequest& request) {
    return request.method == "PATCH" ? answer(404) : answer(201, R"({"metadata":{"name":"new"}})");
  };
  events.record(web, false, "Updated", "again");
  flush(events);
  EXPECT_EQ(count("POST"), 2U);
  EXPECT_EQ(metric("written"), 2);
}

TEST_F(EventsTest, WritesABurstAndThenOnlyAsFastAsAllowed) {
  play();
  EventWriter events(executor(), client(), metrics, {.per_second = 0.0001, .burst = 3, .most_waiting = 5});
  for (int i = 0; i < 20; ++i) events.record(web, false, "Updated", std::to_string(i));
  EXPECT_TRUE(until([this] { return metric("written") == 3; }));
  io.poll();
  EXPECT_EQ(requests.size(), 3U) << "the rest waits for the rate";
  EXPECT_EQ(metric("dropped"), 14) << "one was under way and five waited: what exceeds them is counted";
}

TEST_F(EventsTest, CountsWhatTheServerRefuses) {
  answers = {answer(403, status_body(403, "Forbidden", "no events"))};
  EventWriter events(executor(), client(), metrics);
  events.record(web, false, "Updated", "x");
  flush(events);
  EXPECT_EQ(metric("failed"), 1);
}

}  // namespace
}  // namespace headwind::kube::test
