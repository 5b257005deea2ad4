// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "inventory/workload.hpp"

namespace headwind::update {

// Keys to look at: deduplicated, delayed where asked, retried with backoff and jitter. Keys that wait for the same peer
// share a lane, and a bounded number of a lane's runs at once: a peer that hangs holds up its own lane alone. All lanes
// together are bounded, too; those that wait for that take turns.
// A key that is added while it runs, runs once more. Engine thread only.
class WorkQueue {
 public:
  using Key = inventory::WorkloadKey;
  // A retryable failure brings the key back; any other parks it until it is added again.
  using Handler = std::function<Task<Result<>>(Key)>;
  // The name of the key's lane; asked once the queue is open, whenever the key is added.
  using LaneOf = std::function<std::string(const Key&)>;

  WorkQueue(Executor executor, const Clock& clock, std::size_t per_lane, std::size_t most, LaneOf lane_of,
            Handler handler);
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  void add(const Key& key);
  // Not before `unix_ms`. An earlier time for the same key wins; so does add().
  void add_at(const Key& key, std::int64_t unix_ms);
  void forget(const Key& key);  // its backoff and its timer
  void open();                  // nothing runs before
  void close();                 // nothing new runs after

  // Called with depth() when a key came or one is done with.
  void tell_depth(std::function<void(std::size_t)> tell) { tell_depth_ = std::move(tell); }
  std::size_t depth() const { return queued_.size() + active_.size(); }
  bool idle() const { return depth() == 0; }
  // For how long the key that was queued first has waited to be run; 0: none waits.
  std::int64_t oldest_ms() const;

 private:
  struct Timer;
  struct Lane {
    std::deque<Key> ready;
    std::size_t running = 0;
    bool pumped = false;  // just now: what ends meanwhile need not
    bool is_empty() const { return ready.empty() && running == 0 && !pumped; }
  };
  using Lanes = std::map<std::string, Lane>;
  void put(const Key& key, std::int64_t since_ms);
  void pump(Lanes::iterator lane);
  void pump_others(const std::string& last);
  Task<> work(Key key, Lanes::iterator lane);
  void arm();
  void wake();

  Executor executor_;
  const Clock& clock_;
  std::size_t per_lane_, most_;
  LaneOf lane_of_;
  Handler handler_;
  std::function<void(std::size_t)> tell_depth_ = [](std::size_t) {};
  bool open_ = false;
  bool capped_ = false;    // some lane waits for `most_`
  std::deque<Key> early_;  // added while it is not open
  Lanes lanes_;            // those with keys
  struct Queued {
    Lanes::iterator lane;  // what it waits for; lanes_.end(): for open()
    std::int64_t since_ms = 0;
  };
  std::map<Key, Queued> queued_;
  std::set<Key> active_, again_;
  std::map<Key, std::int64_t> due_;                 // key -> unix_ms
  std::set<std::pair<std::int64_t, Key>> by_time_;  // the same, in order
  std::map<Key, unsigned> failures_;
  std::shared_ptr<Timer> timer_;
};

// 1 s, 2 s, 4 s ... 5 min, less up to a quarter at random so that what failed together does not return together.
std::int64_t backoff_ms(unsigned failures);

}  // namespace headwind::update
