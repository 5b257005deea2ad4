// SPDX-License-Identifier: Apache-2.0
// Lanes: who waits for one peer holds up nobody who waits for another.
#include "update/work_queue.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <set>
#include <string>
#include <thread>

namespace headwind::update {
namespace {

using Key = WorkQueue::Key;

class WorkQueueTest : public ::testing::Test {
 protected:
  // A key whose lane is what its name begins with: "a-1" is of "a".
  static Key key(const std::string& name) { return {Symbol("Deployment"), Symbol("default"), name}; }

  Task<Result<>> handle(Key key) {
    started.insert(key.name);
    do co_await sleep_for(std::chrono::milliseconds(1));
    while (held.contains(key.name[0]));
    ended.push_back(key.name);
    co_return Result<>{};
  }
  bool run_until(const std::function<bool()>& reached) {
    const std::int64_t start = system_clock().mono_ms();
    while (!reached() && system_clock().mono_ms() - start < 30'000) {
      io.restart();
      io.run_for(std::chrono::milliseconds(1));
    }
    return reached();
  }
  bool run_until_idle() {
    return run_until([&] { return queue.idle(); });
  }

  boost::asio::io_context io{1};
  std::map<std::string, std::string> lanes;  // where it is not the first letter
  std::set<std::string> started;
  std::vector<std::string> ended;
  std::set<char> held;  // lanes whose work does not end
  WorkQueue queue{io.get_executor(),
                  system_clock(),
                  2,
                  3,
                  [this](const Key& key) {
                    const auto found = lanes.find(key.name);
                    return found != lanes.end() ? found->second : key.name.substr(0, 1);
                  },
                  [this](Key key) { return handle(std::move(key)); }};
};

TEST_F(WorkQueueTest, the_depth_that_is_told_last_is_the_depth) {
  std::vector<std::size_t> told;
  queue.tell_depth([&](std::size_t depth) { told.push_back(depth); });
  queue.open();
  for (const char* name : {"a-1", "a-2", "b-1"}) queue.add(key(name));
  EXPECT_EQ(told.back(), 3u);
  ASSERT_TRUE(run_until_idle());
  EXPECT_EQ(told.back(), 0u);
}

TEST_F(WorkQueueTest, the_oldest_is_the_one_that_was_queued_first_and_waits) {
  EXPECT_EQ(queue.oldest_ms(), 0);
  queue.add(key("a-1"));
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_GE(queue.oldest_ms(), 30) << "it waits for the queue to open";
  held = {'a'};
  queue.open();
  ASSERT_TRUE(run_until([&] { return started.contains("a-1"); }));
  EXPECT_EQ(queue.oldest_ms(), 0) << "what runs does not wait";
  for (const char* name : {"a-2", "a-3"}) queue.add(key(name));
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  queue.add(key("a-4"));
  EXPECT_GE(queue.oldest_ms(), 30) << "a-3";
  lanes["a-3"] = "b";
  queue.add(key("a-3"));  // it waits for somebody else now, and not anew
  held.clear();
  ASSERT_TRUE(run_until_idle());
  EXPECT_EQ(queue.oldest_ms(), 0);
}

TEST_F(WorkQueueTest, a_lane_that_hangs_holds_up_itself) {
  held = {'a'};
  queue.open();
  for (const char* name : {"a-1", "a-2", "a-3", "b-1", "b-2", "b-3"}) queue.add(key(name));
  EXPECT_TRUE(run_until([&] { return ended.size() == 3; })) << "all of b, one at a time";
  EXPECT_FALSE(started.contains("a-3"));
  held.clear();
  EXPECT_TRUE(run_until_idle());
  EXPECT_EQ(ended.size(), 6U);
}

TEST_F(WorkQueueTest, lanes_take_turns_where_there_is_no_place_for_all) {
  held = {'a', 'b'};
  queue.open();
  for (const char* lane : {"a", "b", "c", "d"})
    for (int i = 0; i < 4; ++i) queue.add(key(std::string(lane) + "-" + std::to_string(i)));
  io.run_for(std::chrono::milliseconds(20));
  EXPECT_EQ(started, (std::set<std::string>{"a-0", "a-1", "b-0"}));
  held = {'a'};  // one place is left, and three lanes want it
  EXPECT_TRUE(run_until([&] { return ended.size() == 12; }));
  const std::set<std::string> first(ended.begin(), ended.begin() + 4);
  EXPECT_TRUE(first.contains("c-0") && first.contains("d-0")) << "b does not go first with all that it has";
  held.clear();
  EXPECT_TRUE(run_until_idle());
  EXPECT_EQ(ended.size(), 16U);
}

TEST_F(WorkQueueTest, who_no_longer_waits_for_a_peer_that_hangs_leaves_its_lane) {
  held = {'a'};
  queue.open();
  for (const char* name : {"a-1", "a-2"}) queue.add(key(name));
  queue.add(key("moved"));
  lanes["queued"] = "a";
  queue.add(key("queued"));
  io.run_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(started.contains("queued"));
  lanes["queued"] = "b";
  queue.add(key("queued"));
  EXPECT_TRUE(run_until([&] { return started.contains("queued"); }));
  held.clear();
  EXPECT_TRUE(run_until_idle());
  EXPECT_EQ(ended.size(), 4U) << "once each";
}

TEST_F(WorkQueueTest, what_becomes_due_at_once_takes_turns_with_the_rest_of_the_loop) {
  for (const char* name : {"a-1", "b-1", "c-1"}) queue.add(key(name));
  bool probed = false;
  boost::asio::post(io, [&] {
    queue.open();
    EXPECT_TRUE(started.empty()) << "nothing runs inside the call";
    boost::asio::post(io, [&] { probed = true; });
  });
  EXPECT_TRUE(run_until([&] { return probed; }));
  EXPECT_TRUE(run_until_idle());
  EXPECT_EQ(ended.size(), 3U);
}

TEST_F(WorkQueueTest, what_is_added_before_it_opens_runs_once) {
  for (int i = 0; i < 3; ++i) queue.add(key("a-1"));
  io.run_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(started.empty());
  queue.open();
  EXPECT_TRUE(run_until_idle());
  EXPECT_EQ(ended, std::vector<std::string>{"a-1"});
}

}  // namespace
}  // namespace headwind::update
