// SPDX-License-Identifier: Apache-2.0
#include "update/step_note.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "inventory/slot_reference.hpp"
#include "update/settings.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

bool knows(const std::vector<HistoryEntry>& history, const HistoryEntry& entry) {
  return std::any_of(history.begin(), history.end(), [&](const HistoryEntry& one) {
    return one.container == entry.container && one.image == entry.image && one.timestamp == entry.timestamp;
  });
}

}  // namespace

bool needs_step_note(const std::vector<Move>& moves, bool touch_last_update) {
  return std::any_of(moves.begin(), moves.end(), [&](const Move& move) {
    const bool remembered = touch_last_update && !move.entry.request_uid.empty();
    return move.is_elsewhere() && !remembered;
  });
}

std::string step_note(const std::vector<Move>& moves, bool touch_last_update) {
  std::vector<HistoryEntry> entries;  // in pairs: what comes, and what was
  for (const Move& move : moves) {
    if (!move.is_elsewhere()) continue;
    entries.push_back(move.entry);
    HistoryEntry former{
        move.entry.container, move.replaced.empty() ? move.slot.image : move.replaced, {}, {}, {}, {}, {}, {}};
    entries.push_back(std::move(former));
  }
  json note = {{"entries", json::parse(write_history(entries))}};
  if (touch_last_update) note["lastUpdate"] = true;
  return note.dump(-1, ' ', false, json::error_handler_t::replace);
}

Step unfinished_step(const inventory::Workload& workload) {
  Step step;
  const std::string* text = workload.annotation(annotation::step);
  const json note = text == nullptr ? json() : json::parse(*text, nullptr, false);
  if (!note.is_object() || !note.contains("entries")) return step;
  step.touch_last_update = note.contains("lastUpdate");
  const std::vector<HistoryEntry> entries = read_history(note["entries"].dump());
  const std::vector<HistoryEntry> history = read_history(workload.history_text());
  for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
    const HistoryEntry& entry = entries[i];
    const auto slot = std::find_if(workload.slots.begin(), workload.slots.end(), [&](const inventory::Slot& one) {
      return one.container() == entry.container && !one.object.empty() && one.image == entry.image;
    });
    if (slot == workload.slots.end() || knows(history, entry)) continue;
    step.moves.push_back(
        {*slot, entry.image, inventory::tag_in(*slot, entry.image), entry.digest, entry, entries[i + 1].image});
  }
  return step;
}

std::string step_removal(const inventory::Workload& workload) {
  const std::string pointer = annotation_pointer(annotation::step);
  const std::string* text = workload.annotation(annotation::step);
  return json::array({{{"op", "test"}, {"path", "/metadata/uid"}, {"value", workload.uid}},
                      {{"op", "test"}, {"path", pointer}, {"value", text == nullptr ? std::string() : *text}},
                      {{"op", "remove"}, {"path", pointer}}})
      .dump();
}

}  // namespace headwind::update
