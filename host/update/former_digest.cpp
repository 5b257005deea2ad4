// SPDX-License-Identifier: Apache-2.0
#include "update/former_digest.hpp"

namespace headwind::update {

std::string former_digest(const std::vector<HistoryEntry>& history, std::string_view container,
                          std::string_view image) {
  const auto at = image.find('@');
  if (at != std::string_view::npos) return std::string(image.substr(at + 1));
  std::string known;
  for (const HistoryEntry& entry : history) {
    if (entry.container != container || entry.image != image || entry.digest.empty()) continue;
    if (!known.empty() && known != entry.digest) return {};
    known = entry.digest;
  }
  return known;
}

}  // namespace headwind::update
