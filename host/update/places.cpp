// SPDX-License-Identifier: Apache-2.0
#include "update/places.hpp"

#include <boost/asio/this_coro.hpp>

#include "update/signal.hpp"

namespace headwind::update {

template <class Key>
Task<typename Places<Key>::Place> Places<Key>::take(Key key) {
  if (queues_[key].taken < at_once_) {
    ++queues_[key].taken;
  } else {  // whoever leaves hands the place on
    const auto signal = std::make_shared<Signal>(co_await boost::asio::this_coro::executor);
    queues_[key].waiting.push_back(signal);
    co_await signal->wait();
  }
  co_return Place(*this, std::move(key));
}

template <class Key>
void Places<Key>::leave(const Key& key) {
  const auto found = queues_.find(key);
  if (found == queues_.end()) return;
  if (!found->second.waiting.empty()) {
    const auto next = std::move(found->second.waiting.front());
    found->second.waiting.pop_front();
    next->notify();
  } else if (--found->second.taken == 0) {
    queues_.erase(found);
  }
}

template class Places<inventory::WorkloadKey>;
template class Places<std::string>;

}  // namespace headwind::update
