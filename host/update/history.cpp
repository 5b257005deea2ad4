// SPDX-License-Identifier: Apache-2.0
#include "update/history.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "update/work_span.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

bool is_image_of(const HistoryEntry& entry, std::string_view image) {
  return entry.image == image || (!entry.digest.empty() && image == entry.image + "@" + entry.digest);
}

std::vector<HistoryEntry> read_history(std::string_view text) {
  std::vector<HistoryEntry> entries;
  const json list = json::parse(text, nullptr, false);
  if (!list.is_array()) return entries;
  for (const json& item : list) {
    if (!item.is_object()) continue;
    HistoryEntry entry{text_of(item, "container"),
                       text_of(item, "image"),
                       text_of(item, "timestamp"),
                       text_of(item, "updateRequestName"),
                       text_of(item, "approvedBy"),
                       text_of(item, "digest"),
                       kept(text_of(item, "traceparent"), text_of(item, "tracestate")),
                       text_of(item, "updateRequestUid")};
    if (!entry.container.empty() && !entry.image.empty()) entries.push_back(std::move(entry));
  }
  return entries;
}

std::string write_history(const std::vector<HistoryEntry>& entries) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const HistoryEntry& entry : entries) {
    nlohmann::ordered_json item = {
        {"container", entry.container}, {"image", entry.image}, {"timestamp", entry.timestamp}};
    if (!entry.request_name.empty()) item["updateRequestName"] = entry.request_name;
    if (!entry.approved_by.empty()) item["approvedBy"] = entry.approved_by;
    if (!entry.digest.empty()) item["digest"] = entry.digest;
    const KeptTrace trace = keep(entry.trace);
    if (!trace.traceparent.empty()) item["traceparent"] = trace.traceparent;
    if (!trace.tracestate.empty()) item["tracestate"] = trace.tracestate;
    if (!entry.request_uid.empty()) item["updateRequestUid"] = entry.request_uid;
    list.push_back(std::move(item));
  }
  return list.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void append_history(std::vector<HistoryEntry>& entries, HistoryEntry added, const std::string& replaced) {
  const std::string container = added.container;
  const auto newest = std::find_if(entries.begin(), entries.end(),
                                   [&](const HistoryEntry& entry) { return entry.container == container; });
  // What ran before Headwind, or was set by hand since its last change: a rollback goes there, too.
  const bool known = newest != entries.end() && is_image_of(*newest, replaced);
  if (!known && !replaced.empty())
    entries.insert(entries.begin(), HistoryEntry{container, replaced, added.timestamp, {}, {}, {}, {}, {}});
  entries.insert(entries.begin(), std::move(added));
  std::size_t seen = 0;
  std::erase_if(entries,
                [&](const HistoryEntry& entry) { return entry.container == container && ++seen > history_limit; });
}

std::vector<HistoryEntry> entries_of(const std::vector<HistoryEntry>& entries, std::string_view container) {
  std::vector<HistoryEntry> result;
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(result),
               [&](const HistoryEntry& entry) { return container.empty() || entry.container == container; });
  return result;
}

}  // namespace headwind::update
