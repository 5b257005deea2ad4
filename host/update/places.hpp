// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/async.hpp"
#include "inventory/workload.hpp"

namespace headwind::update {

class Signal;

// For each key so many places; whoever finds none waits. First come, first served; one thread; must outlive its places.
template <class Key>
class Places {
 public:
  Places() = default;  // one for each key
  explicit Places(std::size_t at_once) : at_once_(at_once) {}
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;

  class Place {  // held while it lives
   public:
    Place(Places& places, Key key) : places_(&places), key_(std::move(key)) {}
    Place(Place&& other) noexcept : places_(std::exchange(other.places_, nullptr)), key_(std::move(other.key_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (places_ != nullptr) places_->leave(key_);
    }

   private:
    Places* places_;
    Key key_;
  };
  Task<Place> take(Key key);
  bool taken() const { return !queues_.empty(); }  // any

 private:
  struct Queue {
    std::size_t taken = 0;
    std::deque<std::shared_ptr<Signal>> waiting;
  };
  void leave(const Key& key);

  std::size_t at_once_ = 1;
  std::map<Key, Queue> queues_;  // of keys of which somebody has a place
};

extern template class Places<inventory::WorkloadKey>;
extern template class Places<std::string>;

// Whoever changes a workload or its requests holds the workload's turn: a reconcile, an approval, a rollback.
using Turns = Places<inventory::WorkloadKey>;

}  // namespace headwind::update
