// SPDX-License-Identifier: Apache-2.0
#include "schedule/poller.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace headwind::schedule {
namespace {

using std::chrono::milliseconds;

Timetable::User user(int number) { return {"Deployment", "shop", "web" + std::to_string(number)}; }

struct PollerTest : ::testing::Test {
  // Runs until `reached`, at most some seconds.
  bool run_until(const std::function<bool()>& reached) {
    const std::int64_t start = system_clock().mono_ms();
    while (!reached() && system_clock().mono_ms() - start < 5'000) {
      io.restart();
      io.run_for(milliseconds(1));
    }
    return reached();
  }
  boost::asio::io_context io{1};
  std::map<Stream, int> asked;
  std::size_t at_once = 0, most_at_once = 0;
  std::function<Result<>(const Stream&)> answer = [](const Stream&) { return Result<>{}; };
  milliseconds takes{1};
  Poller poller{io.get_executor(),
                system_clock(),
                [this](Stream stream, std::vector<Timetable::User> users) -> Task<Poller::Answer> {
                  ++asked[stream];
                  most_at_once = std::max(most_at_once, ++at_once);
                  co_await sleep_for(takes);
                  --at_once;
                  const Result<> outcome = answer(stream);
                  if (outcome) users.clear();
                  co_return Poller::Answer{outcome, users};
                },
                {.per_host = 2, .settled = milliseconds(1)}};
};

TEST_F(PollerTest, asks_nothing_before_it_is_opened_or_after_it_is_closed) {
  poller.want(user(1), {{"a.test/x", ""}}, milliseconds(1));
  io.run_for(milliseconds(20));
  EXPECT_TRUE(asked.empty());
  poller.open();
  ASSERT_TRUE(run_until([&] { return !asked.empty(); }));
  poller.close();
  run_until([&] { return poller.asking() == 0; });
  const int before = asked.begin()->second;
  io.restart();
  io.run_for(milliseconds(20));
  EXPECT_EQ(asked.begin()->second, before);
}

TEST_F(PollerTest, T88_a_host_that_hangs_holds_up_nobody_else) {
  takes = milliseconds(10'000);
  for (int i = 0; i < 8; ++i) poller.want(user(i), {{"slow.test/app" + std::to_string(i), ""}}, milliseconds(1));
  poller.open();
  ASSERT_TRUE(run_until([&] { return at_once == 2; }));
  takes = milliseconds(0);
  poller.want(user(9), {{"quick.test/app", ""}}, milliseconds(1));
  EXPECT_TRUE(run_until([&] { return asked[{"quick.test/app", ""}] >= 3; }));
  EXPECT_EQ(asked.size(), 3U) << "two of the slow host, no more";
}

TEST_F(PollerTest, everything_that_waits_for_a_place_gets_one) {
  takes = milliseconds(100);
  for (int i = 0; i < 50; ++i) poller.want(user(i), {{"a.test/app" + std::to_string(i), ""}}, milliseconds(2'000));
  poller.open();
  EXPECT_TRUE(run_until([&] { return asked.size() == 50; }));
  EXPECT_EQ(most_at_once, 2U);
}

TEST_F(PollerTest, T88_a_throttled_host_is_left_alone_and_then_asked_again) {
  bool throttled = true;
  answer = [&](const Stream& stream) -> Result<> {
    if (stream.host() == "a.test" && throttled) return Error{Code::throttled, "slow down", true, milliseconds(300)};
    return {};
  };
  poller.want(user(1), {{"a.test/x", ""}}, milliseconds(5));
  poller.want(user(2), {{"b.test/x", ""}}, milliseconds(5));
  poller.open();
  ASSERT_TRUE(run_until([&] { return asked[{"b.test/x", ""}] >= 5; }));
  EXPECT_EQ((asked[{"a.test/x", ""}]), 1);
  throttled = false;
  EXPECT_TRUE(run_until([&] { return asked[{"a.test/x", ""}] >= 3; }));
}

}  // namespace
}  // namespace headwind::schedule
