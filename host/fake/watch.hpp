// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "fake/selector.hpp"
#include "fake/store.hpp"

namespace headwind::fake {

struct WatchQuery {
  const ResourceType& type;
  std::string name_space;  // empty: all
  Selector selector;
  std::optional<std::uint64_t> from;  // nothing: the objects as they are come first, as ADDED
  bool bookmarks = false;
  std::chrono::milliseconds timeout{};
};

struct Watch {
  Watch(const Executor& executor, WatchQuery asked) : query(std::move(asked)), wake(executor) {}
  void push(std::string_view kind, const Json& object);
  void push_bookmark(std::uint64_t revision, bool initial_events_end = false);
  void end();

  WatchQuery query;
  std::string pending;  // lines not sent yet
  bool ended = false;
  boost::asio::steady_timer wake;
  boost::asio::steady_timer::time_point deadline, next_bookmark;
};

class WatchHub {
 public:
  WatchHub(Executor executor, Store& store, std::chrono::milliseconds bookmark_interval);
  std::shared_ptr<Watch> open(WatchQuery query);
  // The lines that have come up since the last call; waits for one; empty when the watch is over.
  Task<std::string> next(std::shared_ptr<Watch> watch) const;

  void end_all();
  void bookmark_all();
  std::size_t open_count() const;

 private:
  void publish(const Change& change);

  Executor executor_;
  Store& store_;
  std::chrono::milliseconds bookmark_interval_;
  std::vector<std::weak_ptr<Watch>> watches_;
};

}  // namespace headwind::fake
