// SPDX-License-Identifier: Apache-2.0
#include "core/aside.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace headwind {
namespace {

TEST(Aside, work_runs_on_another_thread_and_the_coroutine_goes_on_where_it_was) {
  boost::asio::io_context loop{1};
  const auto aside = std::make_shared<Aside>();
  std::thread::id worked, went_on;
  const auto test = [&]() -> Task<> {
    worked = co_await run_aside(aside, [] { return std::this_thread::get_id(); });
    went_on = std::this_thread::get_id();
  };
  spawn(loop.get_executor(), "test", test());
  loop.run();
  EXPECT_NE(worked, std::this_thread::get_id());
  EXPECT_EQ(went_on, std::this_thread::get_id());
}

TEST(Aside, pieces_run_one_at_a_time_in_the_order_of_the_calls) {
  boost::asio::io_context loop{1};
  const auto aside = std::make_shared<Aside>();
  std::vector<int> order;  // no lock: one at a time
  const auto note = [&](int number) -> Task<> {
    co_await aside->run([&order, number] {
      order.push_back(number);
      return true;
    });
  };
  for (int i = 0; i < 100; ++i) spawn(loop.get_executor(), "test", note(i));
  loop.run();
  ASSERT_EQ(order.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Aside, an_exception_arrives_at_the_caller) {
  boost::asio::io_context loop{1};
  const auto aside = std::make_shared<Aside>();
  std::string caught;
  const auto test = [&]() -> Task<> {
    try {
      co_await aside->run([]() -> int { throw std::runtime_error("broken"); });
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
  };
  spawn(loop.get_executor(), "test", test());
  loop.run();
  EXPECT_EQ(caught, "broken");
}

TEST(Aside, without_a_thread_or_after_its_end_work_is_done_where_it_is_asked_for) {
  boost::asio::io_context loop{1};
  const auto ended = std::make_shared<Aside>();
  ended->join();
  std::vector<std::thread::id> worked;
  const auto test = [&]() -> Task<> {
    worked.push_back(co_await run_aside(nullptr, [] { return std::this_thread::get_id(); }));
    worked.push_back(co_await run_aside(ended, [] { return std::this_thread::get_id(); }));
  };
  spawn(loop.get_executor(), "test", test());
  loop.run();
  EXPECT_EQ(worked, std::vector(2, std::this_thread::get_id()));
}

}  // namespace
}  // namespace headwind
