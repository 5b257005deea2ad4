// SPDX-License-Identifier: Apache-2.0
#include "update/patch.hpp"

#include <nlohmann/json.hpp>

#include "core/clock.hpp"
#include "inventory/slot_reference.hpp"
#include "update/settings.hpp"

namespace headwind::update {
namespace {

using Operations = nlohmann::ordered_json;

void add_move(Operations& operations, const Move& move) {
  const auto operation = [&](const char* op, const std::string& path, const std::string& value) {
    operations.push_back({{"op", op}, {"path", path}, {"value", value}});
  };
  const inventory::Slot& slot = move.slot;
  if (!slot.guard_pointer.empty()) operation("test", slot.guard_pointer.str(), slot.guard_value.str());
  operation("test", slot.pointer.str(), inventory::value_of(slot, slot.image));
  operation("replace", slot.pointer.str(), inventory::value_of(slot, move.new_image));
}

}  // namespace

std::string annotation_pointer(std::string_view key) {
  return "/metadata/annotations/headwind.sh~1" + std::string(key.substr(annotation::prefix.size()));
}

std::string build_object_patch(const Move& move) {
  Operations operations = Operations::array();
  add_move(operations, move);
  return operations.dump();
}

std::string build_patch(const inventory::Workload& workload, const std::vector<Move>& moves, std::int64_t now_ms,
                        bool touch_last_update) {
  using json = nlohmann::ordered_json;
  json operations = json::array();
  const auto operation = [&](const char* op, std::string path, json value) {
    operations.push_back({{"op", op}, {"path", std::move(path)}, {"value", std::move(value)}});
  };
  operation("test", "/metadata/uid", workload.uid);

  const std::string old_text = workload.history_text();
  std::vector<HistoryEntry> entries = read_history(old_text);
  for (const Move& move : moves) {
    if (move.slot.object.empty()) add_move(operations, move);
    append_history(entries, move.entry, move.replaced.empty() ? move.slot.image : move.replaced);
  }
  const std::string history = annotation_pointer(annotation::history);
  operation("test", history, workload.has_history ? json(old_text) : json(nullptr));
  operation("add", history, write_history(entries));
  if (touch_last_update) operation("add", annotation_pointer(annotation::last_update), format_rfc3339(now_ms));
  if (workload.annotation(annotation::step) != nullptr)
    operations.push_back({{"op", "remove"}, {"path", annotation_pointer(annotation::step)}});
  return operations.dump();
}

std::string annotation_patch(const inventory::Workload& workload, std::string_view key, const std::string& value) {
  using json = nlohmann::ordered_json;
  return json::array({{{"op", "test"}, {"path", "/metadata/uid"}, {"value", workload.uid}},
                      {{"op", "add"}, {"path", annotation_pointer(key)}, {"value", value}}})
      .dump();
}

std::string pointers_of(const std::vector<Move>& moves) {
  std::string text;
  for (const Move& move : moves) text += (text.empty() ? "" : ", ") + move.slot.pointer.str();
  return text;
}

}  // namespace headwind::update
