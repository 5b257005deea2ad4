// SPDX-License-Identifier: Apache-2.0
#include "registries/core/renewed.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "plugins_registries/scripted_transport.hpp"

namespace headwind::registries {
namespace {

constexpr std::int64_t hour = 3'600'000;

class RenewedTest : public testing::Test {
 protected:
  Outcome<int> get() {
    return value.get(clock, [&]() -> Outcome<Lease<int>> {
      ++fetched;
      if (failing) return Failure{code, "it is down", 0};
      return Lease<int>{fetched, lasts, renew};
    });
  }
  ScriptedTransport clock{[](const Request&) { return Outcome<Response>(Response{500, {}, ""}); }};
  Renewed<int> value{"the tests"};
  int fetched = 0;
  bool failing = false;
  hw_status code = HW_UNAVAILABLE;
  std::int64_t lasts = hour, renew = hour - 300'000;
};

TEST_F(RenewedTest, IsKeptUntilItShouldBeRenewed) {
  EXPECT_EQ(*get(), 1);
  clock.pass(54 * 60);
  EXPECT_EQ(*get(), 1);
  clock.pass(2 * 60);
  EXPECT_EQ(*get(), 2);
}

TEST_F(RenewedTest, TheOldOneServesUntilItsEndWhereRenewalFails) {
  EXPECT_EQ(*get(), 1);
  failing = true;
  clock.pass(56 * 60);
  EXPECT_EQ(*get(), 1);
  EXPECT_EQ(*get(), 1);
  EXPECT_EQ(fetched, 2);  // not asked again at once
  clock.pass(31);
  EXPECT_EQ(*get(), 1);
  EXPECT_EQ(fetched, 3);
  clock.pass(4 * 60);
  EXPECT_EQ(get().failure().message, "it is down");
}

TEST_F(RenewedTest, OneThatHasExpiredWhenItComesIsUsedForAMinute) {
  lasts = -hour, renew = -hour;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(*get(), 1);
  clock.pass(59);
  EXPECT_EQ(*get(), 1);
  clock.pass(2);
  EXPECT_EQ(*get(), 2);
}

TEST_F(RenewedTest, AFailureIsNotRepeatedAtOnce) {
  failing = true;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(get().failure().code, HW_UNAVAILABLE);
  EXPECT_EQ(fetched, 1);
  failing = false;
  clock.pass(11);
  EXPECT_EQ(*get(), 2);
}

TEST_F(RenewedTest, ACallThatIsCancelledSpoilsNothingForTheNext) {
  failing = true, code = HW_CANCELLED;
  EXPECT_EQ(get().failure().code, HW_CANCELLED);
  failing = false;
  EXPECT_EQ(*get(), 2);
}

TEST_F(RenewedTest, ARefusedOneIsReplacedUnlessItIsNew) {
  EXPECT_EQ(*get(), 1);
  EXPECT_FALSE(value.refuse(1, clock));
  EXPECT_EQ(*get(), 1);
  clock.pass(61);
  EXPECT_TRUE(value.refuse(1, clock));
  EXPECT_TRUE(value.refuse(1, clock));  // somebody else has already said so
  EXPECT_EQ(*get(), 2);
}

TEST_F(RenewedTest, AnExceptionEndsNobodyElse) {
  const auto outcome = value.get(clock, []() -> Outcome<Lease<int>> { throw std::bad_alloc(); });
  EXPECT_EQ(outcome.failure().code, HW_INTERNAL);
  clock.pass(11);
  EXPECT_EQ(*get(), 1);
}

TEST(Renewed, ManyCallersFetchOnce) {
  ScriptedTransport clock([](const Request&) { return Outcome<Response>(Response{500, {}, ""}); });
  Renewed<int> value{"the tests"};
  std::atomic<int> fetched = 0, waiting = 0;
  std::vector<std::thread> threads;
  std::atomic<int> sum = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      ++waiting;
      const auto got = value.get(clock, [&]() -> Outcome<Lease<int>> {
        while (waiting.load() < 8) std::this_thread::yield();
        return Lease<int>{++fetched, hour, hour};
      });
      sum += *got;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(fetched.load(), 1);
  EXPECT_EQ(sum.load(), 8);
}

}  // namespace
}  // namespace headwind::registries
