// SPDX-License-Identifier: Apache-2.0
#include "core/aside.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace headwind {
namespace {

using Ids = std::vector<std::thread::id>;

// Where the work ran, and where the coroutine went on.
Task<> note_threads(std::shared_ptr<Aside> aside, Ids& seen) {
  seen.push_back(co_await run_aside(std::move(aside), [] { return std::this_thread::get_id(); }));
  seen.push_back(std::this_thread::get_id());
}

Task<> note(Aside& aside, std::vector<int>& order, int number) {
  co_await aside.run([&order, number] {
    order.push_back(number);
    return true;
  });
}

TEST(Aside, work_runs_on_another_thread_and_the_coroutine_goes_on_where_it_was) {
  boost::asio::io_context loop{1};
  Ids seen;
  spawn(loop.get_executor(), "test", note_threads(std::make_shared<Aside>(), seen));
  loop.run();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_NE(seen[0], std::this_thread::get_id());
  EXPECT_EQ(seen[1], std::this_thread::get_id());
}

TEST(Aside, pieces_run_one_at_a_time_in_the_order_of_the_calls) {
  boost::asio::io_context loop{1};
  Aside aside;
  std::vector<int> order, expected;  // no lock: one at a time
  for (int i = 0; i < 100; ++i) {
    spawn(loop.get_executor(), "test", note(aside, order, i));
    expected.push_back(i);
  }
  loop.run();
  EXPECT_EQ(order, expected);
}

TEST(Aside, without_a_thread_or_after_its_end_work_is_done_where_it_is_asked_for) {
  boost::asio::io_context loop{1};
  const auto ended = std::make_shared<Aside>();
  ended->join();
  Ids seen;
  spawn(loop.get_executor(), "test", note_threads(nullptr, seen));
  spawn(loop.get_executor(), "test", note_threads(ended, seen));
  loop.run();
  EXPECT_EQ(seen, Ids(4, std::this_thread::get_id()));
}

}  // namespace
}  // namespace headwind
