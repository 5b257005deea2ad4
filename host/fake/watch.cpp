// SPDX-License-Identifier: Apache-2.0
#include "fake/watch.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace headwind::fake {
namespace {

using SteadyClock = std::chrono::steady_clock;

bool in_scope(const WatchQuery& query, const Json& object) {
  return (query.name_space.empty() || text_at(object, {"metadata", "namespace"}) == query.name_space) &&
         query.selector.matches(object);
}

void push_change(Watch& watch, const Change& change) {
  if (change.type != &watch.query.type) return;
  const bool was = change.previous && in_scope(watch.query, *change.previous);
  const bool is = change.kind != ChangeKind::deleted && in_scope(watch.query, *change.object);
  if (is) {
    watch.push(was ? "MODIFIED" : "ADDED", *change.object);
  } else if (was) {
    watch.push("DELETED", *change.object);
  }
}

}  // namespace

void Watch::push(std::string_view kind, const Json& object) {
  pending += "{\"type\":\"" + std::string(kind) + "\",\"object\":" + object.dump() + "}\n";
  wake.cancel();
}

void Watch::push_bookmark(std::uint64_t revision, bool initial_events_end) {
  Json object = {{"kind", query.type.kind}, {"apiVersion", query.type.api_version()}};
  object["metadata"]["resourceVersion"] = std::to_string(revision);
  if (initial_events_end) object["metadata"]["annotations"]["k8s.io/initial-events-end"] = "true";
  push("BOOKMARK", object);
}

void Watch::end() {
  ended = true;
  wake.cancel();
}

WatchHub::WatchHub(Executor executor, Store& store, std::chrono::milliseconds bookmark_interval)
    : executor_(std::move(executor)), store_(store), bookmark_interval_(bookmark_interval) {
  store_.subscribe([this](const Change& change) { publish(change); });
}

std::shared_ptr<Watch> WatchHub::open(WatchQuery query) {
  auto watch = std::make_shared<Watch>(executor_, std::move(query));
  const auto now = SteadyClock::now();
  watch->deadline = now + watch->query.timeout;
  watch->next_bookmark = now + bookmark_interval_;
  if (!watch->query.from) {
    for (const auto& [key, object] : store_.objects(watch->query.type)) {
      if (in_scope(watch->query, *object)) watch->push("ADDED", *object);
    }
    if (watch->query.bookmarks) watch->push_bookmark(store_.revision(), true);
  } else if (*watch->query.from < store_.compacted()) {
    // Told inside the stream, after a 200, as upstream does.
    const Failure gone = expired("too old resource version: " + std::to_string(*watch->query.from) + " (" +
                                 std::to_string(store_.compacted()) + ")");
    watch->push("ERROR", gone.status);
    watch->end();
  } else {
    for (const Change& change : store_.history()) {
      if (change.revision > *watch->query.from) push_change(*watch, change);
    }
  }
  watches_.push_back(watch);
  return watch;
}

Task<std::string> WatchHub::next(std::shared_ptr<Watch> watch) const {
  while (watch->pending.empty() && !watch->ended) {
    watch->wake.expires_at(std::min(watch->deadline, watch->next_bookmark));
    boost::system::error_code woken;
    co_await watch->wake.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    const auto now = SteadyClock::now();
    const bool over = now >= watch->deadline;
    if ((over || now >= watch->next_bookmark) && watch->query.bookmarks) watch->push_bookmark(store_.revision());
    if (now >= watch->next_bookmark) watch->next_bookmark = now + bookmark_interval_;
    if (over) watch->ended = true;
  }
  co_return std::exchange(watch->pending, {});
}

void WatchHub::publish(const Change& change) {
  std::erase_if(watches_, [](const auto& watch) { return watch.expired(); });
  for (const auto& weak : watches_) {
    const auto watch = weak.lock();
    if (watch && !watch->ended) push_change(*watch, change);
  }
}

void WatchHub::end_all() {
  for (const auto& weak : std::exchange(watches_, {})) {
    if (const auto watch = weak.lock()) watch->end();
  }
}

void WatchHub::bookmark_all() {
  for (const auto& weak : watches_) {
    const auto watch = weak.lock();
    if (watch && !watch->ended && watch->query.bookmarks) watch->push_bookmark(store_.revision());
  }
}

std::size_t WatchHub::open_count() const {
  return static_cast<std::size_t>(std::count_if(watches_.begin(), watches_.end(), [](const auto& weak) {
    const auto watch = weak.lock();
    return watch && !watch->ended;
  }));
}

}  // namespace headwind::fake
