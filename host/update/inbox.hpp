// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <memory>
#include <string>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "update/hint.hpp"
#include "update/ports.hpp"
#include "update/signal.hpp"

namespace headwind::update {

// Keeps the durable inbox in step with the hint book, with as few writes as it can: one in flight at a time, each
// carrying all that came or went meanwhile, the next no sooner than the object's size allows (decisions 15).
// Engine thread only.
class Inbox {
 public:
  Inbox(Executor executor, InboxStore& store, const Clock& clock);
  ~Inbox();

  void put(const Hint& hint);  // to be written, unless remove() comes first
  void remove(const std::string& key);
  // Returns once nothing that was put before is unwritten. Code::unavailable after `patience` without success.
  Task<Result<>> written(std::chrono::milliseconds patience);
  void assume_stored(const Hint& hint);  // read from the store at start
  Task<> flush();                        // at shutdown: what is outstanding, once
  std::size_t unwritten() const { return put_.size() + gone_.size(); }

 private:
  void start();
  Task<> write_all();

  Executor executor_;
  InboxStore& store_;
  const Clock& clock_;
  std::map<std::string, Hint> put_;            // not written yet
  std::map<std::string, bool> gone_;           // written, to be taken out
  std::map<std::string, std::size_t> stored_;  // key -> size: what the object holds
  bool writing_ = false, stopped_ = false;
  std::int64_t next_write_ms_ = 0;  // on the monotonic clock
  std::uint64_t generation_ = 0;    // counts put(); a write covers all up to its own
  std::uint64_t covered_ = 0;
  std::shared_ptr<Signal> progress_;  // notified and replaced at the end of each write
};

}  // namespace headwind::update
