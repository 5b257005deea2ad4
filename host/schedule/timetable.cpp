// SPDX-License-Identifier: Apache-2.0
#include "schedule/timetable.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

namespace headwind::schedule {
namespace {

// The same share of `span` for the same stream and round in every process: a restart does not reshuffle everything.
std::int64_t share_of(std::chrono::milliseconds span, const Stream& stream, std::uint32_t round) {
  const std::size_t hash = std::hash<std::string_view>()(stream.repository.str()) * 31 +
                           std::hash<std::string_view>()(stream.identity.str()) + round * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::int64_t>((hash >> 11U) % static_cast<std::uint64_t>(std::max<std::int64_t>(1, span.count())));
}

template <class Wishes>
std::chrono::milliseconds shortest(const Wishes& wishes) {
  auto interval = std::chrono::milliseconds::max();
  for (const auto& [user, wish] : wishes) interval = std::min(interval, wish.interval);
  return interval;
}

}  // namespace

void Timetable::set_due(const Stream& stream, Entry& entry, std::optional<std::int64_t> due_ms) {
  if (entry.due_ms) by_time_.erase({*entry.due_ms, stream});
  entry.due_ms = due_ms;
  if (due_ms) by_time_.insert({*due_ms, stream});
}

void Timetable::forget(const User& user, const Stream& stream) {
  const auto place = streams_.find(stream);
  if (place == streams_.end()) return;
  place->second.wishes.erase(user);
  if (!place->second.wishes.empty()) return;
  set_due(stream, place->second, std::nullopt);
  streams_.erase(place);
}

void Timetable::want(const User& user, const std::set<Stream>& streams, std::chrono::milliseconds interval,
                     std::chrono::milliseconds spread, std::int64_t now_ms) {
  const auto before = users_.find(user);
  if (before != users_.end())
    for (const Stream& old : std::set<Stream>(before->second))
      if (!streams.contains(old)) forget(user, old);
  for (const Stream& stream : streams) {
    const auto [place, added] = streams_.try_emplace(stream);
    Entry& entry = place->second;
    entry.wishes[user].interval = interval;
    if (added && memory_) entry.asked_ms = memory_(stream.repository);
    std::int64_t due = now_ms + share_of(std::min(spread, interval), stream, entry.round);
    if (added) due = earliest(entry, due);
    // A new stream, or an impatient user of a known one.
    if (added || (entry.due_ms && *entry.due_ms > now_ms + interval.count())) set_due(stream, entry, due);
  }
  if (streams.empty())
    users_.erase(user);
  else
    users_.insert_or_assign(user, streams);
}

// Not before its interval is over, less the tenth that counts as on time.
std::int64_t Timetable::earliest(const Entry& entry, std::int64_t due_ms) const {
  return entry.asked_ms ? std::max(due_ms, *entry.asked_ms + shortest(entry.wishes).count() * 9 / 10) : due_ms;
}

std::optional<Timetable::Company> Timetable::company_of(const Stream& stream, const Entry& entry) const {
  if (stream.source().empty()) return std::nullopt;
  return Company{stream.source(), stream.identity, shortest(entry.wishes)};
}

std::int64_t Timetable::next_of(const Stream& stream, Entry& entry, std::int64_t now_ms) {
  const std::chrono::milliseconds interval = shortest(entry.wishes);
  const std::int64_t own = now_ms + interval.count() - share_of(interval / 10, stream, ++entry.round);
  const auto company = company_of(stream, entry);
  if (!company) return own;
  const auto known = together_.find(*company);
  if (known == together_.end() || known->second <= now_ms) {  // the first of them in this round
    std::erase_if(together_, [&](const auto& one) { return one.second <= now_ms; });
    together_.insert_or_assign(*company, own);
    return own;
  }
  for (auto& [user, wish] : entry.wishes)
    if (wish.interval == interval) wish.served_ms.reset();  // the others' time is theirs, too
  return known->second;
}

void Timetable::spread(std::int64_t now_ms) {
  std::vector<Stream> order;
  for (const auto& [stream, entry] : streams_)
    if (entry.due_ms) order.push_back(stream);
  const auto rank = [&](const Stream& stream) {
    constexpr std::chrono::milliseconds any{1'000'000};  // those that were never asked: the same order in every process
    return std::pair(streams_.at(stream).asked_ms.value_or(std::numeric_limits<std::int64_t>::min()),
                     share_of(any, stream, 0));
  };
  std::sort(order.begin(), order.end(), [&](const auto& left, const auto& right) { return rank(left) < rank(right); });
  std::map<Company, std::int64_t> places;  // one for each company
  std::int64_t count = 0;
  const auto place_of = [&](const Stream& stream) {
    const auto company = company_of(stream, streams_.at(stream));
    if (!company) return count++;
    const auto [place, added] = places.try_emplace(*company, count);
    if (added) ++count;
    return place->second;
  };
  std::vector<std::int64_t> taken;
  taken.reserve(order.size());
  for (const Stream& stream : order) taken.push_back(place_of(stream));
  for (std::size_t i = 0; i < order.size(); ++i) {
    Entry& entry = streams_.at(order[i]);
    const std::int64_t step = shortest(entry.wishes).count() * 9 / 10 / count;
    set_due(order[i], entry, earliest(entry, now_ms + step * taken[i]));
  }
}

std::map<Symbol, std::int64_t> Timetable::last_asked() const {
  std::map<Symbol, std::int64_t> last;
  for (const auto& [stream, entry] : streams_) {
    if (!entry.asked_ms) continue;
    const auto [known, added] = last.try_emplace(stream.repository, *entry.asked_ms);
    if (!added) known->second = std::min(known->second, *entry.asked_ms);
  }
  return last;
}

void Timetable::drop(const User& user) { want(user, {}, {}, {}, 0); }

std::optional<std::int64_t> Timetable::next_due() const {
  return by_time_.empty() ? std::nullopt : std::optional(by_time_.begin()->first);
}

std::optional<Stream> Timetable::take(std::int64_t now_ms) {
  if (by_time_.empty() || by_time_.begin()->first > now_ms) return std::nullopt;
  const Stream stream = by_time_.begin()->second;
  set_due(stream, streams_.at(stream), std::nullopt);
  return stream;
}

void Timetable::asked(const Stream& stream, std::int64_t now_ms) {
  const auto place = streams_.find(stream);
  if (place == streams_.end()) return;
  Entry& entry = place->second;
  entry.asked_ms = now_ms;
  entry.failures = 0;
  set_due(stream, entry, next_of(stream, entry, now_ms));
}

void Timetable::failed(const Stream& stream, const std::vector<User>& users, std::int64_t now_ms,
                       std::chrono::milliseconds pause, std::chrono::milliseconds asked_for) {
  const auto place = streams_.find(stream);
  if (place == streams_.end()) return;
  Entry& entry = place->second;
  for (const User& user : users)
    if (const auto wish = entry.wishes.find(user); wish != entry.wishes.end()) wish->second.served_ms.reset();
  ++entry.round;
  ++entry.failures;
  if (asked_for.count() > 0) {
    // All streams of a host hear the same time, and the host may take one of them only: not the same one each time.
    constexpr std::int64_t turns = 1'000;
    set_due(stream, entry, now_ms + asked_for.count() + std::max<std::int64_t>(0, turns - entry.failures));
    return;
  }
  const std::int64_t longest = std::max(shortest(entry.wishes), pause).count();
  set_due(stream, entry, now_ms + std::min<std::int64_t>(longest, pause.count() << std::min(entry.failures - 1, 20U)));
}

std::vector<Timetable::User> Timetable::serve(const Stream& stream, std::int64_t now_ms) {
  std::vector<User> served;
  const auto place = streams_.find(stream);
  if (place == streams_.end()) return served;
  for (auto& [user, wish] : place->second.wishes) {
    // A tenth early counts as on time: that is the jitter of the stream itself.
    if (wish.served_ms && now_ms - *wish.served_ms < wish.interval.count() * 9 / 10) continue;
    wish.served_ms = now_ms;
    served.push_back(user);
  }
  return served;
}

}  // namespace headwind::schedule
