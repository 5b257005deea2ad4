// SPDX-License-Identifier: Apache-2.0
#include "fake/store.hpp"

namespace headwind::fake {

std::string object_key(std::string_view name_space, std::string_view name) {
  return std::string(name_space) + "/" + std::string(name);
}

ObjectPtr Store::find(const ResourceType& type, std::string_view name_space, std::string_view name) const {
  const Objects& all = objects(type);
  const auto found = all.find(object_key(name_space, name));
  return found == all.end() ? nullptr : found->second;
}

const Store::Objects& Store::objects(const ResourceType& type) const {
  static const Objects kNone;
  const auto found = objects_.find(&type);
  return found == objects_.end() ? kNone : found->second;
}

ObjectPtr Store::put(const ResourceType& type, Json object) {
  Json& metadata = object_at(object, "metadata");
  metadata["resourceVersion"] = std::to_string(++revision_);
  const std::string key = object_key(text_at(metadata, {"namespace"}), text_at(metadata, {"name"}));
  auto stored = std::make_shared<const Json>(std::move(object));
  ObjectPtr& slot = objects_[&type][key];
  const ObjectPtr previous = std::exchange(slot, stored);
  record({previous ? ChangeKind::modified : ChangeKind::added, &type, stored, previous, revision_});
  return stored;
}

ObjectPtr Store::remove(const ResourceType& type, std::string_view name_space, std::string_view name) {
  Objects& all = objects_[&type];
  const auto found = all.find(object_key(name_space, name));
  if (found == all.end()) return nullptr;
  const ObjectPtr previous = found->second;
  all.erase(found);
  Json last = *previous;
  last["metadata"]["resourceVersion"] = std::to_string(++revision_);
  auto object = std::make_shared<const Json>(std::move(last));
  record({ChangeKind::deleted, &type, object, previous, revision_});
  return object;
}

void Store::compact() {
  history_.clear();
  compacted_ = revision_;
}

void Store::record(Change change) {
  history_.push_back(change);
  if (history_.size() > history_limit_) {
    compacted_ = history_.front().revision;
    history_.pop_front();
  }
  // By index: a subscriber may write, and so come back here.
  for (std::size_t at = 0; at < subscribers_.size(); ++at) subscribers_[at](change);
}

}  // namespace headwind::fake
