// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "inventory/workload.hpp"
#include "update/request.hpp"

namespace headwind::update {

// Every UpdateRequest as last seen: from the watch, or from the answer to our own write, whichever is newer.
// Engine thread only.
class RequestBook {
 public:
  // False where what is known is newer.
  bool put(UpdateRequest request);
  std::optional<UpdateRequest> remove(const RequestKey& key);
  void list_started();
  // Requests that the finished list did not bring, now gone.
  std::vector<UpdateRequest> list_finished();
  bool listed() const { return listed_; }

  const UpdateRequest* find(const RequestKey& key) const;
  std::vector<UpdateRequest> all() const;
  // The requests that name this workload (by kind, namespace and name; a request of another uid is left out).
  std::vector<UpdateRequest> of(const inventory::WorkloadKey& target, std::string_view uid) const;
  std::size_t pending() const;

 private:
  struct Entry {
    UpdateRequest request;
    unsigned generation = 0;
  };
  std::map<RequestKey, Entry> requests_;
  std::map<inventory::WorkloadKey, std::set<RequestKey>> by_target_;
  unsigned generation_ = 0;
  bool listed_ = false;
};

inventory::WorkloadKey target_of(const UpdateRequest& request);
// Whether `request` is about this slot: by slot, else by container, else (0.1.x had neither on StatefulSets and
// DaemonSets) by the repository of its images.
bool concerns(const UpdateRequest& request, const inventory::Slot& slot);

}  // namespace headwind::update
