// SPDX-License-Identifier: Apache-2.0
// What one notifier has still to be told, and when: bounded, each id once, in order for each workload. It sends
// nothing itself.
//
//   put -> waits -take-> under way -settle-> told
//            ^                       \-> refused for good: a dead letter
//            \-- not delivered: tried again after a pause, until keep_trying is over: then a dead letter
//
// An event that is to be tried again holds up later events of its own workload and nobody else's, unless the receiver
// as a whole seems to be down: then it is asked less and less often, however many workloads wait.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "api/notifications.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "plugin/types.hpp"

namespace headwind::app {

class Backlog {
 public:
  static constexpr std::size_t limit = 1000;       // events that wait; beyond, the oldest becomes a dead letter
  static constexpr std::size_t most_at_once = 20;  // of one take()

  struct Pauses {
    std::chrono::milliseconds keep_trying{std::chrono::hours(24)};  // from its arrival here
    // Doubled at each failure in a row, with jitter: from half of it to all of it.
    std::chrono::milliseconds first{1000}, longest{60'000};
  };

  Backlog(const Clock& clock, Pauses pauses) : clock_(clock), pauses_(pauses) {}

  // An id that waits, or is among the last few thousand that did, is ignored. What the bound pushes out: its letter.
  std::optional<api::DeadLetter> put(plugin::Event event);
  // Not to be told: for mark() as if it were.
  void skip(std::int64_t unix_ms) { settle_until(unix_ms); }

  // What is to be sent now, the oldest first, and of each workload one at most: were two in one call and the first
  // failed, the second could overtake it. Empty: nothing is due; see due_ms(). Ends with settle().
  std::vector<plugin::Event> take();
  struct Outcome {
    std::size_t told = 0;
    std::vector<api::DeadLetter> dead;
  };
  // What became of the events of the last take(), in its order; a missing fate is a failure.
  Outcome settle(const std::vector<Result<>>& fates);

  bool empty() const { return waiting_.empty(); }
  std::size_t size() const { return waiting_.size(); }  // those under way too
  // When the next take() gives something, on mono_ms's clock; nothing: when something arrives.
  std::optional<std::int64_t> due_ms() const;
  // Nothing is sent for now, whatever arrives: the receiver seems to be down, or named a time.
  bool rests() const { return clock_.mono_ms() < rests_until_ms_; }
  // Forgets all pauses: whoever is asked next is another.
  void try_now();
  // What waits, the oldest first: "update_completed of apps/Deployment shop/web, ID".
  std::vector<std::string> names(std::size_t most) const;
  // Why the last attempt failed; empty after a success.
  const std::string& error() const { return error_; }

  // Everything that happened until then is settled: milliseconds since 1970. It never passes what waits.
  std::int64_t mark() const;
  // The ids of what was settled last, by an earlier process too, the newest at the end. The mark does not stand for
  // all of them: what happened later may be settled before it passes, and an automatic update's rollout is judged anew
  // by the next process, which tells its end with the same id and a time of its own.
  static constexpr std::size_t most_settled = 200;
  std::vector<std::string> settled_ids() const { return {settled_.begin(), settled_.end()}; }
  // What an earlier process left: its mark, and its settled_ids(), which put() then takes as settled.
  void start_from(std::int64_t mark_ms, const std::vector<std::string>& settled_ids);

 private:
  struct Waiting {
    plugin::Event event;
    std::int64_t since_ms = 0;  // on mono_ms's clock
    std::uint32_t attempts = 0;
    std::int64_t first_try_ms = 0, last_try_ms = 0;
    std::string error = {};  // of the last attempt
    bool under_way = false;
  };
  using Place = std::list<Waiting>::iterator;
  struct Hold {  // of a workload whose oldest event failed
    std::uint32_t failures = 0;
    std::int64_t until_ms = 0;
  };

  bool remember(const std::string& id);
  void settle_until(std::int64_t unix_ms);
  void settled(const plugin::Event& event);
  std::int64_t pause(std::uint32_t failures);
  void failed(Place place, const Error& error, bool others_got_through);
  void expire(bool nobody_got_through, Outcome& outcome);
  api::DeadLetter letter(const Waiting& waiting, api::DeadLetter::Reason reason, std::string error) const;

  const Clock& clock_;
  const Pauses pauses_;
  std::list<Waiting> waiting_;  // in order of arrival
  std::vector<Place> under_way_;
  std::map<std::string, Hold> holds_;  // by subject
  std::uint32_t failures_ = 0;         // calls in a row that told nobody
  std::int64_t rests_until_ms_ = 0;
  std::string error_;
  std::minstd_rand random_{std::random_device{}()};

  std::int64_t settled_up_to_ = 0;
  std::deque<std::string> settled_;       // ids of the newest ones
  std::set<std::string> settled_before_;  // by an earlier process
  std::set<std::string> ids_;             // of what waits and of what was put lately
  std::deque<std::string> order_;         // of ids_
};

}  // namespace headwind::app
