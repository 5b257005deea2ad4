// SPDX-License-Identifier: Apache-2.0
#include "update/turns.hpp"

#include <boost/asio/this_coro.hpp>
#include <utility>

#include "update/signal.hpp"

namespace headwind::update {

struct Turns::Waiter {
  explicit Waiter(const Executor& executor) : signal(executor) {}
  Signal signal;
};

Turns::Turns() = default;
Turns::~Turns() = default;

Task<Turns::Turn> Turns::take(inventory::WorkloadKey key) {
  const auto [place, free] = queues_.try_emplace(key);
  if (!free) {
    const auto waiter = std::make_shared<Waiter>(co_await boost::asio::this_coro::executor);
    queues_[key].push_back(waiter);
    co_await waiter->signal.wait();
  }
  co_return Turn(*this, std::move(key));
}

void Turns::pass_on(const inventory::WorkloadKey& key) {
  const auto place = queues_.find(key);
  if (place == queues_.end()) return;
  if (place->second.empty()) {
    queues_.erase(place);
    return;
  }
  const auto next = std::move(place->second.front());
  place->second.pop_front();
  next->signal.notify();
}

}  // namespace headwind::update
