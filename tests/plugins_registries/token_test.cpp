// SPDX-License-Identifier: Apache-2.0
// Tokens: how long they live, how many are kept, and how many are fetched by several threads at once.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "plugins_registries/scripted_transport.hpp"
#include "registries/core/client.hpp"
#include "registries/core/token_cache.hpp"

namespace headwind::registries {
namespace {

constexpr std::int64_t now = 1'700'000'000'000;  // 2023-11-14T22:13:20Z

TEST(TokenAnswers, of_the_registries_of_this_world) {
  const auto life = [](const std::string& members) {
    return parse_token_answer(R"({"token":"t")" + members + "}", now).life_ms;
  };
  EXPECT_EQ(life(""), 60'000) << "Azure, Quay";
  EXPECT_EQ(life(R"(,"access_token":"t","expires_in":1800,"issued_at":"2023-11-14T22:13:20Z")"), 1'800'000) << "Harbor";
  EXPECT_EQ(life(R"(,"expires_in":300,"issued_at":"2023-11-14T22:11:40.123456Z")"), 200'000) << "an older one";
  EXPECT_EQ(life(R"(,"expires_in":300,"issued_at":"2024-01-01T00:00:00Z")"), 300'000) << "a clock ahead";
  EXPECT_EQ(life(R"(,"expires_in":300,"issued_at":"2001-01-01T00:00:00Z")"), 300'000) << "a clock behind";
  EXPECT_EQ(life(R"(,"expires_in":300,"issued_at":"yesterday")"), 300'000);
  for (const char* odd : {"0", "-5", "\"300\"", "null", "0.2"})
    EXPECT_EQ(life(",\"expires_in\":" + std::string(odd)), 60'000) << odd;
  EXPECT_EQ(life(R"(,"expires_in":1e300)"), 86'400'000);
  EXPECT_EQ(parse_token_answer(R"({"access_token":"a"})", now).token, "a");
  EXPECT_EQ(parse_token_answer(R"({"token":"a b"})", now).token, "");
  EXPECT_EQ(parse_token_answer("[1]", now).token, "");
}

TEST(Tokens, born_expired_are_asked_for_once_per_request_and_do_not_loop) {
  int issued = 0;
  ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
    if (request.url.starts_with("https://r.test/token"))
      return Response{200, {}, R"({"token":"t)" + std::to_string(++issued) + R"(","expires_in":1})"};
    return Response{401, {{"Www-Authenticate", R"(Bearer realm="https://r.test/token",error="invalid_token")"}}, ""};
  });
  Client client(*Settings::parse("{}"));
  for (int calls = 1; calls <= 3; ++calls) {
    transport.requests.clear();
    const auto found = client.resolve({"r.test", "org/app"}, "1.0", transport);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.failure().code, HW_DENIED);
    EXPECT_LE(transport.requests.size(), 4u);
    transport.now += 10'000;
  }
}

TEST(TokenCache, is_bounded_and_lets_what_expires_first_go) {
  TokenCache cache(3);
  int fetched = 0;
  const auto get = [&](const std::string& key, std::int64_t until) {
    return *cache.get(key, {}, 0, [&]() -> Outcome<Token> {
      ++fetched;
      return Token{key, until};
    });
  };
  get("a", 100);
  get("b", 50);
  get("c", 70);
  get("d", 60);
  EXPECT_EQ(cache.size(), 3u);
  get("a", 100);
  get("c", 70);
  EXPECT_EQ(fetched, 4);
  get("b", 50);
  EXPECT_EQ(fetched, 5);
  for (int i = 0; i < 100; ++i) get(std::to_string(i), 1000 + i);
  EXPECT_EQ(cache.size(), 3u);
}

TEST(TokenCache, of_many_threads_one_fetches_and_all_get_it) {
  constexpr int threads = 8;
  TokenCache cache;
  std::atomic<int> fetched{0};
  std::atomic<int> right{0};
  std::latch started(threads);
  std::vector<std::jthread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&] {
      started.arrive_and_wait();
      const auto token = cache.get("k", "old", 0, [&]() -> Outcome<Token> {
        ++fetched;
        return Token{"new", 0};  // even one that has expired serves those who waited for it
      });
      right += token && *token == "new";
    });
  all.clear();
  EXPECT_EQ(right, threads);
  EXPECT_LE(fetched, threads);
  EXPECT_GE(fetched, 1);
}

TEST(TokenCache, those_who_wait_share_the_token_and_the_failure_but_not_a_given_up_call) {
  for (const hw_status code : {HW_OK, HW_DENIED, HW_CANCELLED}) {
    TokenCache cache;
    std::latch fetching(1);
    std::latch go(1);
    std::atomic<int> fetched{0};
    Outcome<std::string> second = Failure{};
    std::jthread first([&] {
      std::ignore = cache.get("k", {}, 0, [&]() -> Outcome<Token> {
        ++fetched;
        fetching.count_down();
        go.wait();
        if (code != HW_OK) return Failure{code, "no", 0};
        return Token{"one", 1000};
      });
    });
    fetching.wait();
    std::jthread waiting([&] {
      second = cache.get("k", {}, 0, [&]() -> Outcome<Token> {
        ++fetched;
        return Token{"two", 1000};
      });
    });
    go.count_down();
    first.join();
    waiting.join();
    // It may have come too late to wait: then a token is at hand, and a failure is not kept.
    if (code == HW_OK) {
      EXPECT_EQ(*second, "one");
      EXPECT_EQ(fetched, 1);
    } else if (code == HW_CANCELLED) {
      EXPECT_EQ(*second, "two");
    } else {
      EXPECT_TRUE(second ? fetched == 2 : second.failure().code == HW_DENIED);
    }
  }
}

TEST(TokenCache, a_fetch_that_throws_leaves_nobody_waiting) {
  TokenCache cache;
  EXPECT_THROW(std::ignore = cache.get("k", {}, 0, []() -> Outcome<Token> { throw std::bad_alloc(); }), std::bad_alloc);
  EXPECT_EQ(*cache.get("k", {}, 0, []() -> Outcome<Token> { return Token{"t", 1000}; }), "t");
}

}  // namespace
}  // namespace headwind::registries
