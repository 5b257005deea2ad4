// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/workload.hpp"

namespace headwind::update {

// Something that was told on a workload, as a Kubernetes Event has it.
struct ToldEvent {
  std::int64_t at_ms = 0;
  bool warning = false;
  std::string reason, message;
};

// The last things told on workloads, for those who ask why: a few of each, of the workloads that were told of last.
// In memory only; the Events themselves outlive the process. Engine thread only.
class EventBook {
 public:
  EventBook() = default;
  EventBook(const EventBook&) = delete;  // places point into the order
  EventBook& operator=(const EventBook&) = delete;

  static constexpr std::size_t of_each = 8, most_workloads = 1000;

  void put(const inventory::WorkloadKey& workload, ToldEvent event) {
    const auto [at, first] = told_.try_emplace(workload);
    if (first)
      at->second.place = order_.insert(order_.end(), workload);
    else
      order_.splice(order_.end(), order_, at->second.place);
    std::deque<ToldEvent>& told = at->second.events;
    if (!told.empty() && told.back().reason == event.reason && told.back().message == event.message) told.pop_back();
    told.push_back(std::move(event));
    if (told.size() > of_each) told.pop_front();
    while (order_.size() > most_workloads) {
      told_.erase(order_.front());
      order_.pop_front();
    }
  }
  // Newest first.
  std::vector<ToldEvent> of(const inventory::WorkloadKey& workload) const {
    const auto told = told_.find(workload);
    if (told == told_.end()) return {};
    return {told->second.events.rbegin(), told->second.events.rend()};
  }

 private:
  using Order = std::list<inventory::WorkloadKey>;
  struct Told {
    std::deque<ToldEvent> events;
    Order::iterator place;
  };
  std::map<inventory::WorkloadKey, Told> told_;
  Order order_;  // each once, as it was last told of
};

}  // namespace headwind::update
