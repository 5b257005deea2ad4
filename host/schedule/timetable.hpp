// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "inventory/workload.hpp"
#include "schedule/stream.hpp"

namespace headwind::schedule {

// Which streams are wanted by whom and how often, and when each is due. A stream is asked as often as its most
// impatient user wants; the others are served when their own interval has passed. Streams that one reading answers are
// due together, so that it is read once in their interval: see Stream::source. Plain state, one thread. Times are
// milliseconds of a steady clock.
class Timetable {
 public:
  using User = inventory::WorkloadKey;

  // When a repository was asked last, as somebody remembers who was there before: in the past, so it may be negative.
  using Memory = std::function<std::optional<std::int64_t>(Symbol repository)>;
  void remember(Memory memory) { memory_ = std::move(memory); }

  // `user` wants exactly these from now on. A stream that nobody wanted before is due within `spread` from now, and no
  // sooner than its interval after it was asked last.
  void want(const User& user, const std::set<Stream>& streams, std::chrono::milliseconds interval,
            std::chrono::milliseconds spread, std::int64_t now_ms);
  void drop(const User& user);
  // All that is due is spread over its interval from now on (less the tenth of its jitter), what was not asked the
  // longest, or never, first: so that the registries are not asked everything at once after a start.
  void spread(std::int64_t now_ms);

  // When the next stream is due. None while all that is wanted is being asked.
  std::optional<std::int64_t> next_due() const;
  // The stream that has been due the longest, if any. It is not due again until one of the following is called.
  std::optional<Stream> take(std::int64_t now_ms);
  // It was asked: due again after its interval, less up to a tenth, so that what began together drifts apart. One that
  // comes new to others of its source is due with them, once sooner than its interval.
  void asked(const Stream& stream, std::int64_t now_ms);
  // Asking failed, and `users` have not been served: due again after `asked_for`, where a time was named, those first
  // that failed more often; else after `pause`, doubled each time up to the interval.
  void failed(const Stream& stream, const std::vector<User>& users, std::int64_t now_ms,
              std::chrono::milliseconds pause, std::chrono::milliseconds asked_for);

  // Users that want an answer now: those whose interval has passed. They count as served.
  std::vector<User> serve(const Stream& stream, std::int64_t now_ms);

  bool has(const Stream& stream) const { return streams_.contains(stream); }
  // When each repository that is wanted was asked last, where it was: the earliest, if it has several streams.
  std::map<Symbol, std::int64_t> last_asked() const;

  std::size_t streams() const { return streams_.size(); }
  std::size_t users() const { return users_.size(); }

 private:
  struct Wish {
    std::chrono::milliseconds interval{};
    std::optional<std::int64_t> served_ms;
  };
  struct Entry {
    std::map<User, Wish> wishes;
    std::optional<std::int64_t> due_ms;  // none: being asked
    std::optional<std::int64_t> asked_ms;
    std::uint32_t failures = 0;  // in a row
    std::uint32_t round = 0;     // how often it was asked: so that its jitter differs each time
  };
  void set_due(const Stream& stream, Entry& entry, std::optional<std::int64_t> due_ms);
  void forget(const User& user, const Stream& stream);

  std::int64_t earliest(const Entry& entry, std::int64_t due_ms) const;

  // Streams that one reading answers, and that are asked equally often.
  struct Company {
    std::string_view source;  // of a repository's name, which lives as long as the process
    Symbol identity;
    std::chrono::milliseconds interval{};
    auto operator<=>(const Company&) const = default;
  };
  // Nothing where a stream is read by itself.
  std::optional<Company> company_of(const Stream& stream, const Entry& entry) const;
  std::int64_t next_of(const Stream& stream, Entry& entry, std::int64_t now_ms);

  Memory memory_;
  std::map<Stream, Entry> streams_;
  std::map<User, std::set<Stream>> users_;
  std::set<std::pair<std::int64_t, Stream>> by_time_;
  std::map<Company, std::int64_t> together_;  // when those of a company are due again, in the future or long gone
};

}  // namespace headwind::schedule
