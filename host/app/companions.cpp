// SPDX-License-Identifier: Apache-2.0
#include "app/companions.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "kube/paths.hpp"

namespace headwind::app {

std::string companion_path(const std::string& companion, const std::string& name_space) {
  const auto parts = split(companion, '/');
  if (parts.size() == 2) return kube::collection_path({"", parts[0], parts[1]}, name_space);
  return parts.size() == 3 ? kube::collection_path({parts[0], parts[1], parts[2]}, name_space) : std::string();
}

void Companions::list_started() { ++generation_; }

Task<Result<>> Companions::upsert(std::vector<kube::Object> objects) {
  for (kube::Object& object : objects)
    kept_.insert_or_assign(object.uid, Kept{object.created_ms, std::move(object.json), generation_});
  keep_youngest();
  if (listed_) changed_();
  co_return Result<>{};
}

void Companions::removed(const kube::Object& object) {
  if (kept_.erase(object.uid) > 0 && listed_) changed_();
}

void Companions::list_finished() {
  std::erase_if(kept_, [&](const auto& entry) { return entry.second.generation != generation_; });
  listed_ = true;
  changed_();
}

void Companions::keep_youngest() {
  while (kept_.size() > most_companions)
    kept_.erase(std::min_element(kept_.begin(), kept_.end(), [](const auto& left, const auto& right) {
      return left.second.created_ms < right.second.created_ms;
    }));
}

void Companions::add_to(std::vector<std::string>& texts) const {
  for (const auto& [uid, kept] : kept_) texts.push_back(kept.json);
}

}  // namespace headwind::app
