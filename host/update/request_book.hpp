// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "inventory/workload.hpp"
#include "update/request.hpp"
#include "update/request_observer.hpp"

namespace headwind::update {

// Every UpdateRequest as last seen: from the watch, or from the answer to our own write, whichever is newer.
// Engine thread only.
class RequestBook {
 public:
  // False where what is known is newer.
  bool put(UpdateRequest request);
  // The object with that uid is deleted for good: what is told of it later is old. Nothing where another one has its
  // name by now: that one stays.
  std::optional<UpdateRequest> remove(const RequestKey& key, const std::string& uid);
  void put_back(UpdateRequest request);  // it was not, after all
  void list_started();
  // Requests that the finished list did not bring, now gone; a later list may bring them back.
  std::vector<UpdateRequest> list_finished();
  bool listed() const { return listed_; }

  const UpdateRequest* find(const RequestKey& key) const;
  std::vector<UpdateRequest> all() const;
  // In order of keys, from the first that is not below `from`, until `visit` says false.
  void each(const RequestKey& from, const std::function<bool(const UpdateRequest&)>& visit) const;
  // The requests that name this workload, whoever made them.
  std::vector<UpdateRequest> naming(const inventory::WorkloadKey& target) const;
  bool names(const inventory::WorkloadKey& target) const { return by_target_.contains(target); }
  // Those of them that count: made in the workload's own namespace (others are not to be trusted, decisions 6), and
  // not about an object of that name that is gone (another uid).
  std::vector<UpdateRequest> of(const inventory::WorkloadKey& target, std::string_view uid) const;
  std::size_t pending() const { return pending_; }  // asked at each change: counted, not looked for

  void add_observer(RequestObserver& observer) { observers_.push_back(&observer); }
  void remove_observer(RequestObserver& observer) { std::erase(observers_, &observer); }

 private:
  std::optional<UpdateRequest> take_out(const RequestKey& key);
  void note_gone(const std::string& uid);

  struct Entry {
    UpdateRequest request;
    unsigned generation = 0;
  };
  std::map<RequestKey, Entry> requests_;
  std::map<inventory::WorkloadKey, std::set<RequestKey>> by_target_;
  // Uids of what is gone, the last some thousand: an answer that was on its way does not bring it back.
  std::set<std::string> gone_;
  std::deque<std::string> gone_order_;
  std::vector<RequestObserver*> observers_;
  unsigned generation_ = 0;
  std::size_t pending_ = 0;
  bool listed_ = false;
};

inventory::WorkloadKey target_of(const UpdateRequest& request);
// Whether `request` is about this slot: by slot, else by container, else (0.1.x had neither on StatefulSets and
// DaemonSets) by the repository of its images.
bool concerns(const UpdateRequest& request, const inventory::Slot& slot);
// The slot of `workload` that the request is about; null where there is none.
const inventory::Slot* concerned_slot(const inventory::Workload& workload, const UpdateRequest& request);

}  // namespace headwind::update
