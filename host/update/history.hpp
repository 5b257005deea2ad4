// SPDX-License-Identifier: Apache-2.0
// headwind.sh/update-history: what ran in each container, newest first. Written in the same patch as the image.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace headwind::update {

struct HistoryEntry {
  std::string container, image, timestamp;
  std::string request_name, approved_by;  // empty where there was none
  std::string digest, trace;              // ours, beside the fields of 0.1.x; as is:
  std::string request_uid;                // names are used again, uids are not
};

inline constexpr std::size_t history_limit = 10;  // entries per container

// Newest first. Text that is not such a list reads as empty, as 0.1.x did.
std::vector<HistoryEntry> read_history(std::string_view text);
std::string write_history(const std::vector<HistoryEntry>& entries);

// Whether `image` is what the entry brought: as it was written, or pinned to its digest by admission.
bool is_image_of(const HistoryEntry& entry, std::string_view image);

// `entries` with `added` at its front, preceded by what it `replaced` where that is not known yet: the image from
// before the first update, or one set by hand. So each can be rolled back. Older entries than the limit fall out.
void append_history(std::vector<HistoryEntry>& entries, HistoryEntry added, const std::string& replaced);

// Newest first, of one container; of all where `container` is empty.
std::vector<HistoryEntry> entries_of(const std::vector<HistoryEntry>& entries, std::string_view container);

}  // namespace headwind::update
