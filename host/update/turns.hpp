// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <deque>
#include <map>
#include <memory>

#include "core/async.hpp"
#include "inventory/workload.hpp"

namespace headwind::update {

// Whoever changes a workload or its requests holds the workload's turn: a reconcile, an approval, a rollback.
// First come, first served; engine thread only.
class Turns {
 public:
  Turns();
  ~Turns();
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  class Turn {  // held while it lives
   public:
    Turn(Turns& turns, inventory::WorkloadKey key) : turns_(&turns), key_(std::move(key)) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)), key_(std::move(other.key_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->pass_on(key_);
    }

   private:
    Turns* turns_;
    inventory::WorkloadKey key_;
  };

  Task<Turn> take(inventory::WorkloadKey key);
  bool taken() const { return !queues_.empty(); }

 private:
  struct Waiter;
  void pass_on(const inventory::WorkloadKey& key);
  std::map<inventory::WorkloadKey, std::deque<std::shared_ptr<Waiter>>> queues_;  // present: somebody holds it
};

}  // namespace headwind::update
