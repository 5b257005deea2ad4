// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/index_cache.hpp"

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

#include "plugins_helm/index_text.hpp"
#include "plugins_helm/scripted_index_transport.hpp"

namespace headwind::registries::helm {
namespace {

using Found = Outcome<std::shared_ptr<const ChartIndex>>;
constexpr std::int64_t fresh_ms = 60'000;

class Cache : public ::testing::Test {
 protected:
  Found get(const std::string& key = "k") {
    return cache.get(key, transport, [&](const Validators& known) -> Outcome<FetchedIndex> {
      ++readings;
      asked = known;
      if (failure) return *failure;
      if (is_unchanged) return FetchedIndex{std::nullopt, known};
      return FetchedIndex{parsed(text), {"e" + std::to_string(readings), ""}};
    });
  }
  void pass(std::int64_t ms) { transport.script.now += ms; }

  IndexCache cache{fresh_ms};
  ScriptedIndexTransport transport{nullptr};
  std::string text = index_of({"version: 1.0.0"});
  std::optional<Failure> failure;
  bool is_unchanged = false;
  int readings = 0;
  Validators asked;
};

TEST_F(Cache, reads_an_index_once_while_it_is_fresh) {
  const auto first = get();
  ASSERT_TRUE(first);
  pass(fresh_ms - 1);
  EXPECT_EQ(*get(), *first);
  EXPECT_EQ(readings, 1);
}

TEST_F(Cache, asks_later_whether_it_has_changed) {
  const auto first = get();
  pass(fresh_ms);
  is_unchanged = true;
  EXPECT_EQ(*get(), *first);
  EXPECT_EQ(asked.etag, "e1");
  pass(fresh_ms - 1);
  EXPECT_EQ(*get(), *first);
  EXPECT_EQ(readings, 2) << "what is unchanged is fresh again";
  pass(1);
  is_unchanged = false;
  text = index_of({"version: 2.0.0"});
  EXPECT_EQ(names(**get(), "app"), std::vector<std::string>{"2.0.0"});
  EXPECT_EQ(asked.etag, "e1");
  pass(fresh_ms);
  EXPECT_TRUE(get());
  EXPECT_EQ(asked.etag, "e3");
}

TEST_F(Cache, keeps_keys_apart) {
  EXPECT_TRUE(get("a"));
  EXPECT_TRUE(get("b"));
  EXPECT_EQ(readings, 2);
  EXPECT_EQ(cache.size(), 2u);
}

TEST_F(Cache, tells_a_failure_rather_than_what_was_before) {
  EXPECT_TRUE(get());
  pass(fresh_ms);
  failure = Failure{HW_UNAVAILABLE, "away", 0};
  EXPECT_EQ(get().failure().message, "away");
  pass(4999);
  EXPECT_EQ(get().failure().message, "away");
  EXPECT_EQ(readings, 2) << "a hundred charts of a repository that is away are one request";
  pass(1);
  failure.reset();
  is_unchanged = true;
  EXPECT_TRUE(get()) << "what was known may still hold";
  EXPECT_EQ(asked.etag, "e1");
}

TEST_F(Cache, waits_as_long_as_it_is_asked_to) {
  failure = Failure{HW_THROTTLED, "slow down", 30'000};
  EXPECT_FALSE(get());
  pass(29'999);
  EXPECT_EQ(get().failure().code, HW_THROTTLED);
  EXPECT_EQ(readings, 1);
  pass(1);
  failure.reset();
  EXPECT_TRUE(get());
}

TEST_F(Cache, remembers_nothing_of_a_call_that_was_cut_short) {
  failure = Failure{HW_CANCELLED, "no time", 0};
  EXPECT_FALSE(get());
  failure.reset();
  EXPECT_TRUE(get());
  pass(fresh_ms);
  const auto thrower = [](const Validators&) -> Outcome<FetchedIndex> { throw std::runtime_error("x"); };
  EXPECT_THROW(static_cast<void>(cache.get("k", transport, thrower)), std::runtime_error);
  EXPECT_TRUE(get());
}

TEST_F(Cache, forgets_what_was_used_least_recently) {
  EXPECT_TRUE(get("size"));
  const std::size_t one = cache.bytes();
  IndexCache small(fresh_ms, 2 * one);
  int read = 0;
  const auto ask = [&](const std::string& key) {
    EXPECT_TRUE(small.get(key, transport, [&](const Validators&) -> Outcome<FetchedIndex> {
      ++read;
      return FetchedIndex{parsed(text), {}};
    }));
  };
  for (const char* key : {"a", "b", "a", "c", "a"}) ask(key);
  EXPECT_EQ(read, 3);
  EXPECT_LE(small.bytes(), 2 * one);
  ask("b");
  EXPECT_EQ(read, 4);

  IndexCache tiny(fresh_ms, one - 1);
  EXPECT_TRUE(tiny.get("k", transport, [&](const Validators&) -> Outcome<FetchedIndex> {
    return FetchedIndex{parsed(text), {}};
  })) << "an index beyond the budget serves the call that read it";
  EXPECT_EQ(tiny.bytes(), 0u);
}

TEST_F(Cache, is_bounded_in_keys) {
  failure = Failure{HW_NOT_FOUND, "none", 0};
  for (int i = 0; i < 1100; ++i) EXPECT_FALSE(get(std::to_string(i)));
  EXPECT_EQ(cache.size(), 1024u);
}

// Several calls at once: one reads, slowly, until all others wait for it.
class WaitingCalls : public ::testing::Test {
 protected:
  static constexpr int count = 4;

  Found ask(ScriptedIndexTransport& transport, const IndexCache::Fetch& fetch) {
    return cache.get("k", transport, fetch);
  }
  bool all_others_wait() const {
    const auto waits = [](const auto& one) { return one->asked_for_time > 0; };
    return std::count_if(transports.begin(), transports.end(), waits) == count - 1;
  }
  std::vector<Found> ask_all(const std::function<Outcome<FetchedIndex>()>& then) {
    for (int i = 0; i < count; ++i) transports.push_back(std::make_unique<ScriptedIndexTransport>(nullptr));
    std::vector<std::future<Found>> calls;
    for (auto& one : transports)
      calls.push_back(std::async(std::launch::async, [&] {
        return ask(*one, [&](const Validators&) -> Outcome<FetchedIndex> {
          if (readings++ == 0) {
            const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
            while (!all_others_wait() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
          }
          return then();
        });
      }));
    std::vector<Found> out;
    for (auto& call : calls) out.push_back(call.get());
    return out;
  }

  IndexCache cache{fresh_ms};
  std::vector<std::unique_ptr<ScriptedIndexTransport>> transports;
  std::atomic<int> readings = 0;
};

TEST_F(WaitingCalls, share_one_reading) {
  const auto found =
      ask_all([]() -> Outcome<FetchedIndex> { return FetchedIndex{parsed(index_of({"version: 1.0.0"})), {}}; });
  EXPECT_EQ(readings, 1);
  for (const auto& one : found) EXPECT_EQ(*one, *found[0]);
}

TEST_F(WaitingCalls, share_a_failure) {
  const auto found = ask_all([]() -> Outcome<FetchedIndex> { return Failure{HW_UNAVAILABLE, "away", 0}; });
  EXPECT_EQ(readings, 1);
  for (const auto& one : found) {
    ASSERT_FALSE(one);
    EXPECT_EQ(one.failure().message, "away");
  }
}

TEST_F(WaitingCalls, do_not_end_because_the_reader_had_no_time) {
  const auto found = ask_all([this]() -> Outcome<FetchedIndex> {
    if (readings == 1) return Failure{HW_CANCELLED, "no time", 0};
    return FetchedIndex{parsed(index_of({"version: 1.0.0"})), {}};
  });
  EXPECT_EQ(readings, 2);
  EXPECT_EQ(std::count_if(found.begin(), found.end(), [](const Found& one) { return !one; }), 1);
}

TEST_F(WaitingCalls, end_by_their_own_time) {
  ScriptedIndexTransport reader(nullptr), waiter(nullptr);
  waiter.out_of_time = true;
  std::promise<void> begun, go_on;
  auto reading = std::async(std::launch::async, [&] {
    return ask(reader, [&](const Validators&) -> Outcome<FetchedIndex> {
      begun.set_value();
      go_on.get_future().wait();
      return FetchedIndex{parsed(index_of({"version: 1.0.0"})), {}};
    });
  });
  begun.get_future().wait();
  const auto waited = ask(waiter, [](const Validators&) -> Outcome<FetchedIndex> {
    ADD_FAILURE() << "a second reading";
    return Failure{HW_INTERNAL, "", 0};
  });
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.failure().code, HW_CANCELLED);
  go_on.set_value();
  EXPECT_TRUE(reading.get());
}

}  // namespace
}  // namespace headwind::registries::helm
