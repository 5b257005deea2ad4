// SPDX-License-Identifier: Apache-2.0
#include "schedule/doubt.hpp"

namespace headwind::schedule {
namespace {
constexpr unsigned times_until_believed = 3;
constexpr std::size_t small = 4;  // of so few, losing some is ordinary
}  // namespace

std::optional<std::string> Doubt::about(const Stream& stream, std::size_t count) {
  const auto [place, first] = known_.try_emplace(stream);
  Known& known = place->second;
  const bool shrunk = count * 2 < known.believed && known.believed > small;
  if (first || (!shrunk && count != 0)) {
    known = {count, 0, 0};
    if (count != 0) return std::nullopt;
    return "the registry lists no tags of " + stream.repository.str();
  }
  if (count == 0 && known.believed == 0) return "the registry lists no tags of " + stream.repository.str();
  const bool alike = known.times != 0 && count <= known.doubted + known.doubted / 10 && count * 10 >= known.doubted * 9;
  known.times = alike ? known.times + 1 : 1;
  known.doubted = count;
  if (known.times >= times_until_believed && count != 0) {
    known = {count, 0, 0};
    return std::nullopt;
  }
  return "the registry lists " + std::to_string(count) + " tags of " + stream.repository.str() + " where it listed " +
         std::to_string(known.believed) + " before; nothing is updated until that is seen " +
         std::to_string(times_until_believed) + " times";
}

}  // namespace headwind::schedule
