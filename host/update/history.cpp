// SPDX-License-Identifier: Apache-2.0
#include "update/history.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "update/work_span.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

// Takes the entries from the text as it is read, without building a tree: a look at a workload reads its history
// several times.
class EntryReader final : public nlohmann::json_sax<json> {
 public:
  std::vector<HistoryEntry> entries;

  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t) override { return other(); }
  bool number_unsigned(number_unsigned_t) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }
  bool string(string_t& text) override {
    if (field_ != nullptr && depth_ == of_entry) *field_ = std::move(text);
    return true;
  }
  bool key(string_t& name) override {
    if (depth_ == of_entry) field_ = field_of(name);
    return true;
  }
  bool start_object(std::size_t) override {
    other();
    if (depth_ == 1) in_entry_ = in_list_;
    return begin();
  }
  bool end_object() override {
    if (depth_-- != of_entry || !in_entry_) return true;
    in_entry_ = false;
    entry_.trace = kept(traceparent_, tracestate_);
    if (!entry_.container.empty() && !entry_.image.empty()) entries.push_back(std::move(entry_));
    return true;
  }
  bool start_array(std::size_t) override {
    other();
    if (depth_ == 0) in_list_ = true;
    return begin();
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

 private:
  static constexpr std::size_t of_entry = 2;  // how deep its members are

  bool begin() {
    if (++depth_ == of_entry) {
      entry_ = {};
      traceparent_.clear(), tracestate_.clear();
      field_ = nullptr;
    }
    return true;
  }
  // What is no text says nothing; of members of one name the last counts.
  bool other() {
    if (field_ != nullptr && depth_ == of_entry) field_->clear();
    return true;
  }
  std::string* field_of(std::string_view name) {
    if (!in_entry_) return nullptr;
    if (name == "container") return &entry_.container;
    if (name == "image") return &entry_.image;
    if (name == "timestamp") return &entry_.timestamp;
    if (name == "updateRequestName") return &entry_.request_name;
    if (name == "approvedBy") return &entry_.approved_by;
    if (name == "digest") return &entry_.digest;
    if (name == "traceparent") return &traceparent_;
    if (name == "tracestate") return &tracestate_;
    return name == "updateRequestUid" ? &entry_.request_uid : nullptr;
  }

  std::size_t depth_ = 0;
  bool in_list_ = false, in_entry_ = false;
  HistoryEntry entry_;
  std::string traceparent_, tracestate_;
  std::string* field_ = nullptr;
};

}  // namespace

bool is_image_of(const HistoryEntry& entry, std::string_view image) {
  return entry.image == image || (!entry.digest.empty() && image == entry.image + "@" + entry.digest);
}

std::vector<HistoryEntry> read_history(std::string_view text) {
  EntryReader reader;
  if (!json::sax_parse(text, &reader)) return {};
  return std::move(reader.entries);
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
