// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_repeats.hpp"

#include <algorithm>
#include <array>

namespace headwind::telemetry {
namespace {

constexpr std::size_t longest_part = 256;    // of a key
constexpr std::size_t longest_value = 1024;  // of a line that is held back
constexpr std::size_t most_fields = 16;      // besides those that say which trace it belongs to

// What a line is about. Reasons, errors, times and numbers are what it says of that.
constexpr std::array<std::string_view, 25> names{
    "action", "address", "collection", "container", "digest", "endpoint", "file",      "from",     "function",
    "host",   "image",   "instance",   "key",       "kind",   "name",     "namespace", "notifier", "object",
    "plugin", "pod",     "repository", "request",   "slot",   "to",       "workload"};

std::string key_of(Level level, std::string_view room, std::string_view message, const Field* fields,
                   std::size_t count) {
  std::string key(1, static_cast<char>(level));
  key.append(room.substr(0, longest_part)).push_back('\0');
  key.append(message.substr(0, longest_part)).push_back('\0');
  for (const Field* field = fields; field != fields + std::min(count, most_fields); ++field) {
    if (std::ranges::find(names, field->key) == names.end()) continue;
    if (const auto* text = std::get_if<std::string>(&field->value))
      key.append(field->key).append("=").append(text->substr(0, longest_part)).push_back('\0');
  }
  return key;
}

FieldValue cut(const FieldValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? FieldValue(text->substr(0, longest_value)) : value;
}

}  // namespace

bool Repeats::admit(std::int64_t mono_ms, Level level, std::string_view room, std::string_view message,
                    const Field* fields, std::size_t count, std::vector<KeptLine>& ended) {
  end_windows(mono_ms, false, ended);
  if (level < Level::info) return true;
  std::string key = key_of(level, room, message, fields, count);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    if (windows_.size() >= limits_.keys) end_first(ended);
    windows_.push_back({std::move(key), mono_ms + limits_.window.count(), 1, {}});
    by_key_.emplace(windows_.back().key, std::prev(windows_.end()));
    return true;
  }
  Window& window = *found->second;
  if (++window.seen <= limits_.told) return true;
  window.last = {level, std::string(room), std::string(message.substr(0, longest_value)), {}};
  for (const Field* field = fields; field != fields + count; ++field)
    if (window.last.fields.size() < most_fields || field->key == "trace_id" || field->key == "span_id")
      window.last.fields.emplace_back(field->key, cut(field->value));
  return false;
}

void Repeats::end_windows(std::int64_t mono_ms, bool all, std::vector<KeptLine>& ended) {
  while (!windows_.empty() && (all || windows_.front().until_ms <= mono_ms)) end_first(ended);
}

void Repeats::end_first(std::vector<KeptLine>& ended) {
  Window& window = windows_.front();
  if (window.seen > limits_.told) {
    window.last.fields.emplace_back("repeated", static_cast<std::int64_t>(window.seen - limits_.told));
    ended.push_back(std::move(window.last));
  }
  by_key_.erase(window.key);
  windows_.pop_front();
}

}  // namespace headwind::telemetry
