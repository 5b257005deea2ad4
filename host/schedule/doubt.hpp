// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "schedule/stream.hpp"

namespace headwind::schedule {

struct Doubted {
  std::string_view reason;  // for a metric: "empty", "shrunk", "clock"
  std::string sentence;
};

// Whether a list of tags may be believed. A list that is suddenly empty or has lost a large share is more often a
// registry in trouble than a clean-up: it is believed only once it has been seen three times in a row. Nothing is
// ever updated on a list that is not believed. Plain state, one thread.
class Doubt {
 public:
  // More than `shrink_share` of a list must not be lost at once: above 0, at most 1.
  explicit Doubt(double shrink_share = 0.5) : shrink_share_(shrink_share) {}

  // How many tags were believed of a repository before the start, as somebody remembers; 0: nobody does.
  using Memory = std::function<std::size_t(Symbol repository)>;
  void remember(Memory memory) { memory_ = std::move(memory); }
  // How many tags were believed last, whoever read them.
  std::size_t believed(Symbol repository) const;

  // Why the list of `count` tags is not believed; nothing: it is.
  std::optional<Doubted> about(const Stream& stream, std::size_t count);
  // The same for when it was read: wall clock less steady clock, as the reading began and as it ended. Where the wall
  // clock was set since the last reading, nobody can tell what is new; once.
  std::optional<Doubted> about_time(const Stream& stream, std::int64_t began_ms, std::int64_t ended_ms);

  // Forgets those for which `is_wanted` does not hold.
  template <class Wanted>
  void keep(Wanted is_wanted) {
    std::erase_if(known_, [&](const auto& item) { return !is_wanted(item.first); });
    std::erase_if(offsets_, [&](const auto& item) { return !is_wanted(item.first); });
  }
  std::size_t size() const { return offsets_.size(); }

 private:
  struct Known {
    std::size_t believed = 0;
    std::size_t doubted = 0;
    unsigned times = 0;
    std::uint64_t reading = 0;  // the last one: counts the readings of all
  };
  const Known* last_of(Symbol repository) const;  // whoever read it
  bool is_shrunk(std::size_t count, std::size_t believed) const;

  double shrink_share_;
  Memory memory_;
  std::map<Stream, Known> known_;
  std::uint64_t readings_ = 0;
  std::map<Stream, std::int64_t> offsets_;
};

}  // namespace headwind::schedule
