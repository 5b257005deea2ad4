// SPDX-License-Identifier: Apache-2.0
#include "schedule/doubt.hpp"

#include <algorithm>
#include <cstdlib>

namespace headwind::schedule {
namespace {

constexpr unsigned times_until_believed = 3;
constexpr std::size_t small = 4;  // of so few, losing some is ordinary
constexpr std::int64_t most_jump_ms = 60'000;

Doubted empty_list(const Stream& stream) {
  return {"empty", "the registry lists no tags of " + stream.repository.str()};
}

}  // namespace

bool Doubt::is_shrunk(std::size_t count, std::size_t believed) const {
  return believed > small && static_cast<double>(count) < static_cast<double>(believed) * (1 - shrink_share_);
}

const Doubt::Known* Doubt::last_of(Symbol repository) const {
  const Known* last = nullptr;
  for (auto known = known_.lower_bound({repository, Symbol()});
       known != known_.end() && known->first.repository == repository; ++known)
    if (last == nullptr || known->second.reading > last->reading) last = &known->second;
  return last;
}

std::size_t Doubt::believed(Symbol repository) const {
  if (const Known* last = last_of(repository)) return last->believed;
  return memory_ ? memory_(repository) : 0;
}

std::optional<Doubted> Doubt::about(const Stream& stream, std::size_t count) {
  // A credential that was rotated goes on where the last one was: some live for an hour only.
  const Known* last = last_of(stream.repository);
  const auto [place, added] = known_.try_emplace(stream, last != nullptr ? *last : Known{believed(stream.repository)});
  Known& known = place->second;
  known.reading = ++readings_;
  const bool first = added && last == nullptr && known.believed == 0;
  if (first || (!is_shrunk(count, known.believed) && count != 0)) {
    known = {count, 0, 0, readings_};
    return count != 0 ? std::nullopt : std::optional(empty_list(stream));
  }
  if (count == 0 && known.believed == 0) return empty_list(stream);
  const bool alike = known.times != 0 && count <= known.doubted + known.doubted / 10 && count * 10 >= known.doubted * 9;
  known.times = alike ? known.times + 1 : 1;
  known.doubted = count;
  if (known.times >= times_until_believed && count != 0) {
    known = {count, 0, 0, readings_};
    return std::nullopt;
  }
  return Doubted{count == 0 ? "empty" : "shrunk", "the registry lists " + std::to_string(count) + " tags of " +
                                                      stream.repository.str() + " where it listed " +
                                                      std::to_string(known.believed) +
                                                      " before; nothing is updated until that is seen " +
                                                      std::to_string(times_until_believed) + " times"};
}

std::optional<Doubted> Doubt::about_time(const Stream& stream, std::int64_t began_ms, std::int64_t ended_ms) {
  std::int64_t& offset = offsets_.try_emplace(stream, began_ms).first->second;
  const std::int64_t jump = ended_ms - offset;
  offset = ended_ms;
  if (std::abs(jump) <= most_jump_ms) return std::nullopt;
  return Doubted{"clock", "the clock of this machine jumped by " + std::to_string(jump / 1000) +
                              " s while the tags of " + stream.repository.str() +
                              " were followed; they are read again before anything is updated"};
}

}  // namespace headwind::schedule
