// SPDX-License-Identifier: Apache-2.0
#include "schedule/timetable.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headwind::schedule {
namespace {

using std::chrono::seconds;

const Stream nginx{"docker.io/library/nginx", ""}, redis{"docker.io/library/redis", ""};

Timetable::User user(int number) { return {"Deployment", "shop", "web" + std::to_string(number)}; }

// Asks everything that is due until `until_ms`; how often each stream was asked.
std::map<Stream, int> run(Timetable& timetable, std::int64_t until_ms) {
  std::map<Stream, int> asked;
  for (auto due = timetable.next_due(); due && *due <= until_ms; due = timetable.next_due()) {
    const Stream stream = *timetable.take(*due);
    ++asked[stream];
    timetable.serve(stream, *due);
    timetable.asked(stream, *due);
  }
  return asked;
}

TEST(Timetable, a_thousand_workloads_of_250_repositories_cost_250_listings_an_interval) {
  Timetable timetable;
  for (int i = 0; i < 1000; ++i)
    timetable.want(user(i), {Stream{"registry.test/app" + std::to_string(i % 250), ""}}, seconds(300), seconds(300), 0);
  EXPECT_EQ(timetable.streams(), 250U);
  std::size_t first_interval = 0;
  for (const auto& [stream, times] : run(timetable, 300'000 * 9 / 10))
    first_interval += static_cast<std::size_t>(times);
  EXPECT_LE(first_interval, 250U);
  EXPECT_GE(first_interval, 200U);
}

TEST(Timetable, after_a_start_the_streams_are_spread_over_the_interval) {
  Timetable timetable;
  for (int i = 0; i < 200; ++i)
    timetable.want(user(i), {Stream{"registry.test/app" + std::to_string(i), ""}}, seconds(100), seconds(100), 0);
  const auto in_first_tenth = run(timetable, 10'000);
  EXPECT_LT(in_first_tenth.size(), 50U);
  EXPECT_GT(in_first_tenth.size(), 2U);
}

// How often the indexes are read until `until_ms` by a reader that keeps each for a minute, as the plugin does.
std::map<std::string_view, int> readings(Timetable& timetable, std::int64_t until_ms) {
  std::map<std::string_view, int> times;
  std::map<std::string_view, std::int64_t> read_ms;
  for (auto due = timetable.next_due(); due && *due <= until_ms; due = timetable.next_due()) {
    const Stream stream = *timetable.take(*due);
    if (!timetable.serve(stream, *due).empty()) {
      const auto [last, first] = read_ms.try_emplace(stream.source(), *due);
      if (first || *due - last->second >= 60'000) ++times[stream.source()], last->second = *due;
    }
    timetable.asked(stream, *due + 100);
  }
  return times;
}

TEST(Timetable, T101_the_charts_of_a_repository_share_one_reading_an_interval) {
  Timetable timetable;
  const auto chart = [](const std::string& repository, int number) {
    return Stream{"https://" + repository + "/chart" + std::to_string(number), ""};
  };
  for (int i = 0; i < 40; ++i)
    timetable.want(user(i), {chart(i % 2 == 0 ? "a.test/x" : "b.test", i)}, seconds(300), seconds(300), 0);
  timetable.spread(0);
  constexpr std::int64_t hour = 3'600'000;
  for (const auto& [source, times] : readings(timetable, hour)) {
    EXPECT_GE(times, 12) << source;
    EXPECT_LE(times, 14) << source;  // 12, and the jitter
  }
  // One that comes later is asked soon, and then with the others.
  timetable.want(user(100), {chart("b.test", 100)}, seconds(300), seconds(5), hour);
  int served = 0;
  std::int64_t last = 0;
  for (auto due = timetable.next_due(); due && *due <= 2 * hour; due = timetable.next_due()) {
    const Stream stream = *timetable.take(*due);
    for (const auto& who : timetable.serve(stream, *due)) {
      if (who != user(100)) continue;
      if (served++ > 0) EXPECT_LE(*due - last, 301'000);
      last = *due;
    }
    timetable.asked(stream, *due + 100);
  }
  EXPECT_GE(served, 12);
}

TEST(Timetable, repositories_with_charts_are_spread_over_the_interval) {
  Timetable timetable;
  for (int i = 0; i < 200; ++i)
    timetable.want(user(i), {Stream{"https://charts" + std::to_string(i % 10) + ".test/c" + std::to_string(i), ""}},
                   seconds(100), seconds(100), 0);
  timetable.spread(0);
  EXPECT_LE(run(timetable, 40'000).size(), 100U);
}

TEST(Timetable, T85_each_workload_has_its_own_interval) {
  Timetable timetable;
  timetable.want(user(1), {nginx}, seconds(60), seconds(0), 0);
  timetable.want(user(2), {nginx}, seconds(1800), seconds(0), 0);
  std::map<Timetable::User, int> served;
  for (auto due = timetable.next_due(); due && *due <= 1'800'000; due = timetable.next_due()) {
    const Stream stream = *timetable.take(*due);
    for (const auto& who : timetable.serve(stream, *due)) ++served[who];
    timetable.asked(stream, *due);
  }
  EXPECT_GE(served[user(1)], 30);
  EXPECT_LE(served[user(1)], 34);
  EXPECT_LE(served[user(2)], 2);
}

TEST(Timetable, one_identity_does_not_read_for_another) {
  Timetable timetable;
  timetable.want(user(1), {{"registry.test/app", "a"}}, seconds(60), seconds(0), 0);
  timetable.want(user(2), {{"registry.test/app", "b"}}, seconds(60), seconds(0), 0);
  EXPECT_EQ(timetable.streams(), 2U);
  const Stream first = *timetable.take(60'000);
  EXPECT_EQ(timetable.serve(first, 60'000).size(), 1U);
}

TEST(Timetable, what_nobody_wants_any_more_is_not_asked) {
  Timetable timetable;
  timetable.want(user(1), {nginx, redis}, seconds(60), seconds(0), 0);
  timetable.want(user(1), {redis}, seconds(60), seconds(0), 0);
  EXPECT_EQ(timetable.streams(), 1U);
  timetable.drop(user(1));
  EXPECT_EQ(timetable.streams(), 0U);
  EXPECT_FALSE(timetable.next_due());
}

TEST(Timetable, an_impatient_newcomer_brings_a_stream_forward) {
  Timetable timetable;
  timetable.want(user(1), {nginx}, seconds(3600), seconds(0), 0);
  run(timetable, 0);
  ASSERT_GT(*timetable.next_due(), 3'000'000);
  timetable.want(user(2), {nginx}, seconds(60), seconds(5), 1'000);
  EXPECT_LE(*timetable.next_due(), 6'000);
}

TEST(Timetable, after_a_start_those_unasked_the_longest_come_first_spread_over_the_interval) {
  Timetable timetable;
  // app0 was asked 100 s ago, app1 99 s ago ...; those from 50 on never.
  timetable.remember([](Symbol repository) -> std::optional<std::int64_t> {
    const int number = std::stoi(repository.str().substr(std::string("registry.test/app").size()));
    return number < 50 ? std::optional<std::int64_t>((number - 100) * 1000) : std::nullopt;
  });
  for (int i = 0; i < 100; ++i)
    timetable.want(user(i), {Stream{"registry.test/app" + std::to_string(i), ""}}, seconds(100), seconds(100), 0);
  timetable.spread(0);
  std::vector<int> order;
  std::int64_t last = 0;
  for (auto due = timetable.next_due(); due; due = timetable.next_due()) {
    EXPECT_LE(*due - last, 2'000) << "no gap, and so no storm";
    last = *due;
    order.push_back(std::stoi(timetable.take(*due)->repository.str().substr(17)));
  }
  ASSERT_EQ(order.size(), 100U);
  for (int place = 0; place < 50; ++place) EXPECT_GE(order[static_cast<std::size_t>(place)], 50) << "never asked";
  EXPECT_TRUE(std::is_sorted(order.begin() + 50, order.end()));
  EXPECT_LE(last, 100'000);
}

TEST(Timetable, T85_a_restart_asks_nobody_before_his_interval_is_over) {
  Timetable timetable;
  timetable.remember([](Symbol) { return std::optional<std::int64_t>(-600'000); });
  timetable.want(user(1), {nginx}, seconds(1800), seconds(5), 0);
  timetable.spread(0);
  EXPECT_GE(*timetable.next_due(), 1'000'000);
  EXPECT_EQ(timetable.last_asked().at("docker.io/library/nginx"), -600'000);
}

TEST(Timetable, after_a_failure_the_same_users_are_served) {
  Timetable timetable;
  timetable.want(user(1), {nginx}, seconds(60), seconds(0), 0);
  const Stream stream = *timetable.take(0);
  const auto users = timetable.serve(stream, 0);
  timetable.failed(stream, users, 0, seconds(5), seconds(0));
  EXPECT_EQ(timetable.next_due(), 5'000);
  timetable.take(5'000);
  EXPECT_EQ(timetable.serve(stream, 5'000), users);
}

TEST(Timetable, what_keeps_failing_is_asked_less_and_less_up_to_its_interval) {
  Timetable timetable;
  timetable.want(user(1), {nginx}, seconds(60), seconds(0), 0);
  std::int64_t now = 0;
  for (const std::int64_t pause : {5'000, 10'000, 20'000, 40'000, 60'000, 60'000}) {
    const Stream stream = *timetable.take(now);
    timetable.failed(stream, timetable.serve(stream, now), now, seconds(5), seconds(0));
    EXPECT_EQ(timetable.next_due(), now + pause);
    now += pause;
  }
  timetable.asked(*timetable.take(now), now);
  now = *timetable.next_due();
  timetable.failed(*timetable.take(now), {}, now, seconds(5), seconds(0));
  EXPECT_EQ(timetable.next_due(), now + 5'000) << "it had recovered";
}

TEST(Timetable, T88_of_a_host_that_takes_one_at_a_time_it_is_not_always_the_same) {
  Timetable timetable;
  std::map<Stream, int> served;
  for (const char* name : {"r.test/a", "r.test/b", "r.test/c"})
    timetable.want(user(name[7]), {{name, ""}}, seconds(60), seconds(0), 0);
  std::int64_t opens = 0;
  for (int round = 0; round < 300; ++round) {
    const std::int64_t now = *timetable.next_due();
    const Stream stream = *timetable.take(now);
    const auto users = timetable.serve(stream, now);
    if (now >= opens) {
      ++served[stream];
      opens = now + 70'000;
      timetable.asked(stream, now);
    } else {
      timetable.failed(stream, users, now, seconds(30), std::chrono::milliseconds(opens - now));
    }
  }
  ASSERT_EQ(served.size(), 3U);
  for (const auto& [stream, times] : served) EXPECT_GE(times, 10) << stream.repository.str();
}

}  // namespace
}  // namespace headwind::schedule
