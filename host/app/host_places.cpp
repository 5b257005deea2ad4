// SPDX-License-Identifier: Apache-2.0
#include "app/host_places.hpp"

#include <boost/asio/this_coro.hpp>

namespace headwind::app {

Task<HostPlaces::Place> HostPlaces::take(std::string host) {
  if (hosts_[host].taken < at_once_) {
    ++hosts_[host].taken;
  } else {  // whoever leaves hands the place on
    const auto signal = std::make_shared<update::Signal>(co_await boost::asio::this_coro::executor);
    hosts_[host].waiting.push_back(signal);
    co_await signal->wait();
  }
  co_return Place(*this, std::move(host));
}

void HostPlaces::leave(const std::string& host) {
  const auto found = hosts_.find(host);
  if (found == hosts_.end()) return;
  if (!found->second.waiting.empty()) {
    const auto next = std::move(found->second.waiting.front());
    found->second.waiting.pop_front();
    next->notify();
  } else if (--found->second.taken == 0) {
    hosts_.erase(found);
  }
}

}  // namespace headwind::app
