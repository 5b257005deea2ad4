// SPDX-License-Identifier: Apache-2.0
// Plugins that misuse what they are lent.
#include <malloc.h>

#include <algorithm>
#include <thread>

#include "neighbours.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;
using testing::Not;

class Misuse : public Neighbours {};

TEST_F(Misuse, WhatWasLentForAnEarlierCallIsDead) {
  add("kept-call");
  ASSERT_TRUE(choose("kept-call"));
  const Result<Choice> second = choose("kept-call");
  EXPECT_TRUE(second) << failure(second);
  EXPECT_EQ(second->why, "") << "nothing of what it said through the kept sink";
  EXPECT_THAT(metrics.text(), HasSubstr("headwind_plugin_misuses_total{instance=\"kept-call\"} 8"));
}

TEST_F(Misuse, ServicesWorkFromAThreadOfThePluginWhileTheCallLasts) {
  add("foreign-thread-services");
  EXPECT_EQ(failure(choose("foreign-thread-services")), "foreign-thread-services: choose: said by another thread");
  EXPECT_THAT(metrics.text(), HasSubstr("_elsewhere_total{instance=\"foreign-thread-services\"} 1"));
}

TEST_F(Misuse, ServicesAreDeadAfterDestroyButDoNoHarm) {
  add("services-after-destroy");
  EXPECT_TRUE(choose("services-after-destroy"));
  run(host->shut_down(std::chrono::milliseconds(100)));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // it goes on meanwhile
  host.reset();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  start();
  ASSERT_TRUE(create("good", "test.policy.good"));
}

TEST_F(Misuse, ServicesWithinServicesEndSomewhere) {
  add("recursive-service", {{"token", "secret"}});
  EXPECT_THAT(failure(choose("recursive-service")), HasSubstr("from within the answer of a service more than 8 times"));
}

class DryRun : public Neighbours {
 protected:
  DryRun() { options.dry_run = true; }
};

TEST_F(DryRun, AnHttpRequestThatMayChangeSomethingIsNotSent) {
  add("posts-always");
  for (const std::string method : {"POST", "DELETE", "get", "GET", "HEAD"}) {
    std::vector<Event> events(1);
    events.front().text = method;
    const auto fates = run(find(host->notifiers(), "posts-always").send(events));
    EXPECT_THAT(failure(fates.front()),
                HasSubstr(method == "GET" || method == "HEAD" ? "cannot connect to http://127.0.0.1:1"
                                                              : "its HTTP request was refused: the call is a dry run"))
        << method;
  }
}

TEST_F(Misuse, AMegabyteInALogIsOneShortLine) {
  add("megabyte-log");
  testing::internal::CaptureStderr();
  EXPECT_TRUE(choose("megabyte-log"));
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_THAT(line, HasSubstr("xxxxxxx"));
  EXPECT_LT(line.size(), 10'000U);
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
}

TEST_F(Misuse, AMillionMetricsAreSixtyFour) {
  add("million-metrics");
  const Result<Choice> choice = choose("million-metrics");
  EXPECT_TRUE(choice) << failure(choice);
  EXPECT_THAT(metrics.text(), HasSubstr("million_metrics_m000063{"));
  EXPECT_THAT(metrics.text(), Not(HasSubstr("million_metrics_m000064{")));
}

TEST_F(Misuse, AbsurdHttpRequestsAreRefused) {
  add("absurd-http");
  EXPECT_THAT(failure(list("absurd-http", "headers")), HasSubstr("there are too many headers"));
  EXPECT_THAT(failure(list("absurd-http", "no headers")), HasSubstr("there are too many headers"));
  EXPECT_THAT(failure(list("absurd-http", "body")), HasSubstr("the body is too long"));
  EXPECT_THAT(failure(list("absurd-http", "method")), HasSubstr("the method is not one"));
  for (const char* request : {"size", "reply"}) {
    const Result<Tags> tags = list("absurd-http", request);
    EXPECT_FALSE(tags);
    EXPECT_EQ(tags.error().code, Code::invalid) << request;
  }
}

// Bytes that the allocator has handed out; 0 where it does not tell, as those of the sanitizers.
std::size_t allocated() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST_F(Misuse, OfALeakOnlyTheLeakIsLost) {
  constexpr std::size_t kCalls = 100, kLeak = 65536, kOurs = 512U << 10U;
  add("leaks");
  const auto grows_by = [&](const std::string& instance) {
    for (std::size_t i = 0; i < 2 * kCalls; ++i) EXPECT_TRUE(choose(instance));  // handles, metrics and pools are made
    const std::size_t before = allocated();
    for (std::size_t i = 0; i < kCalls; ++i) EXPECT_TRUE(choose(instance));
    const std::size_t after = allocated();
    return after > before ? after - before : 0;
  };
  const std::size_t leaking = grows_by("leaks");
  const std::size_t beside = grows_by("good");
  if (allocated() == 0) return;
  EXPECT_GE(leaking, kCalls * kLeak) << "the plugin's own";
  EXPECT_LT(leaking, kCalls * kLeak + kOurs) << "and nothing of the host's";
  EXPECT_LT(beside, kOurs) << "its neighbour costs what it did";
}

}  // namespace
}  // namespace headwind::plugin
