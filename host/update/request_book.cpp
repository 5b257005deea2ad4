// SPDX-License-Identifier: Apache-2.0
#include "update/request_book.hpp"

#include <algorithm>

#include "inventory/inventory.hpp"
#include "inventory/slot_reference.hpp"

namespace headwind::update {
namespace {
constexpr std::size_t remembered_gone = 4096;
}

inventory::WorkloadKey target_of(const UpdateRequest& request) {
  return {request.target_kind, request.target_namespace, request.target_name};
}

bool concerns(const UpdateRequest& request, const inventory::Slot& slot) {
  if (!request.slot.empty()) return slot.slot == request.slot;
  if (!request.container.empty()) return slot.container() == request.container;
  const auto image = inventory::read_reference(slot, request.new_image);
  return image && slot.repository == image->repository();
}

const inventory::Slot* concerned_slot(const inventory::Workload& workload, const UpdateRequest& request) {
  const auto found = std::find_if(workload.slots.begin(), workload.slots.end(),
                                  [&](const inventory::Slot& slot) { return concerns(request, slot); });
  return found == workload.slots.end() ? nullptr : &*found;
}

bool RequestBook::put(UpdateRequest request) {
  if (gone_.contains(request.uid)) return false;
  const RequestKey key = request.key;
  const inventory::WorkloadKey target = target_of(request);
  const auto [place, added] = requests_.try_emplace(key);
  Entry& entry = place->second;
  entry.generation = generation_;
  if (!added) {
    const bool same = entry.request.uid == request.uid;
    if (same && !inventory::is_older(entry.request.resource_version, request.resource_version)) return false;
    const auto index = by_target_.find(target_of(entry.request));
    if (index != by_target_.end()) index->second.erase(key);
    if (index != by_target_.end() && index->second.empty()) by_target_.erase(index);
  }
  if (entry.request.phase == Phase::pending && !added) --pending_;
  entry.request = std::move(request);
  if (entry.request.phase == Phase::pending) ++pending_;
  by_target_[target].insert(key);
  for (RequestObserver* observer : observers_) observer->request_changed(entry.request);
  return true;
}

std::optional<UpdateRequest> RequestBook::remove(const RequestKey& key, const std::string& uid) {
  note_gone(uid);
  // A watch tells of a deletion later than the answer to a request that was made under the same name since.
  const UpdateRequest* known = find(key);
  if (known == nullptr || known->uid != uid) return std::nullopt;
  return take_out(key);
}

void RequestBook::note_gone(const std::string& uid) {
  if (uid.empty() || !gone_.insert(uid).second) return;
  gone_order_.push_back(uid);
  if (gone_order_.size() <= remembered_gone) return;
  gone_.erase(gone_order_.front());
  gone_order_.pop_front();
}

void RequestBook::put_back(UpdateRequest request) {
  gone_.erase(request.uid);
  put(std::move(request));
}

std::optional<UpdateRequest> RequestBook::take_out(const RequestKey& key) {
  const auto place = requests_.find(key);
  if (place == requests_.end()) return std::nullopt;
  std::optional<UpdateRequest> gone = std::move(place->second.request);
  if (gone->phase == Phase::pending) --pending_;
  requests_.erase(place);
  const auto index = by_target_.find(target_of(*gone));
  if (index != by_target_.end()) {
    index->second.erase(key);
    if (index->second.empty()) by_target_.erase(index);
  }
  for (RequestObserver* observer : observers_) observer->request_gone(*gone);
  return gone;
}

void RequestBook::list_started() { ++generation_; }

std::vector<UpdateRequest> RequestBook::list_finished() {
  listed_ = true;
  std::vector<RequestKey> keys;
  for (const auto& [key, entry] : requests_)
    if (entry.generation != generation_) keys.push_back(key);
  std::vector<UpdateRequest> gone;
  for (const RequestKey& key : keys) gone.push_back(*take_out(key));
  return gone;
}

const UpdateRequest* RequestBook::find(const RequestKey& key) const {
  const auto place = requests_.find(key);
  return place == requests_.end() ? nullptr : &place->second.request;
}

std::vector<UpdateRequest> RequestBook::all() const {
  std::vector<UpdateRequest> result;
  result.reserve(requests_.size());
  for (const auto& [key, entry] : requests_) result.push_back(entry.request);
  return result;
}

void RequestBook::each(const RequestKey& from, const std::function<bool(const UpdateRequest&)>& visit) const {
  for (auto place = requests_.lower_bound(from); place != requests_.end(); ++place)
    if (!visit(place->second.request)) return;
}

std::vector<UpdateRequest> RequestBook::naming(const inventory::WorkloadKey& target) const {
  std::vector<UpdateRequest> result;
  const auto keys = by_target_.find(target);
  if (keys == by_target_.end()) return result;
  for (const RequestKey& key : keys->second) result.push_back(requests_.at(key).request);
  return result;
}

std::vector<UpdateRequest> RequestBook::of(const inventory::WorkloadKey& target, std::string_view uid) const {
  std::vector<UpdateRequest> result = naming(target);
  std::erase_if(result, [&](const UpdateRequest& request) {
    const bool same = uid.empty() || request.target_uid.empty() || request.target_uid == uid;
    return !same || request.key.name_space != request.target_namespace;
  });
  return result;
}

}  // namespace headwind::update
