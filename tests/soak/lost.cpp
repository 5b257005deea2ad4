// SPDX-License-Identifier: Apache-2.0
// Which announced versions a workload is owed.
#include <algorithm>

#include "core/clock.hpp"
#include "verdict.hpp"

namespace headwind::soak {
namespace {

struct Remembered {
  Version version;
  std::string phase;
  bool went_back = false;
  std::int64_t at_ms = 0;
};

std::vector<Remembered> remembered_by(const Standing& standing, const Slot& slot) {
  std::vector<Remembered> all;
  for (const Json* request : standing.of(slot)) {
    const std::string phase = end_to_end::phase_of(*request);
    const bool back = request->at("spec").value("action", "update") == "rollback";
    const auto version = version_of(tag_of(request->at("/spec/newImage"_json_pointer)));
    if (!version || (!back && phase != "Rejected" && phase != "Failed")) continue;
    const auto at = parse_rfc3339(request->value("/status/lastUpdated"_json_pointer, ""));
    all.push_back({*version, phase, back, at ? *at : 0});
  }
  return all;
}

// Memory forbids it, or it was looked at while the slot ran something newer that was taken back afterwards.
bool is_excused(const Target& target, const std::vector<Remembered>& all, const Version& version, std::int64_t told) {
  return std::any_of(all.begin(), all.end(), [&](const Remembered& bad) {
    if (bad.version == version) return true;
    if (bad.phase == "Rejected" && !is_update(target.policy, bad.version, version)) return true;
    return bad.went_back && version < bad.version && told <= bad.at_ms;
  });
}

std::optional<Version> waiting_in(const Standing& standing, const Slot& slot) {
  std::optional<Version> best;
  for (const Json* request : standing.of(slot))
    if (end_to_end::phase_of(*request) == "Pending")
      best = std::max(best, version_of(tag_of(request->at("/spec/newImage"_json_pointer))));
  return best;
}

}  // namespace

Breaches lost_updates(World& world, const Standing& standing) {
  Breaches breaches;
  const Target& target = *standing.target;
  for (const Slot& slot : target.slots) {
    const std::string image = running(target, standing.object, slot.container);
    const auto now = version_of(tag_of(image));
    if (!now) continue;
    const auto waiting = target.approval ? waiting_in(standing, slot) : std::nullopt;
    const auto remembered = remembered_by(standing, slot);
    for (const std::string& tag : world.shelves.at(slot.repository).tags) {
      const auto version = version_of(tag);
      const std::int64_t told = world.sender->told_ms(world.host() + "/" + slot.repository, tag);
      if (!version || told <= target.since_ms) continue;
      ++world.tally["announced versions that were looked for"];
      if (!is_update(target.policy, *now, *version)) continue;
      ++world.tally["of them newer than what runs"];
      if (waiting >= version || is_excused(target, remembered, *version, told)) continue;
      breaches.push_back("lost: " + target.key() + " " + slot.container + " runs " + image + ", was told of " + tag +
                         " at " + std::to_string(told) + ", and " +
                         (waiting ? waiting->text() + " waits" : std::string("nothing waits")) + " (policy " +
                         target.policy + (target.approval ? ", approval" : "") + ")");
    }
  }
  return breaches;
}

}  // namespace headwind::soak
