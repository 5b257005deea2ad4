// SPDX-License-Identifier: Apache-2.0
#include "update/contention.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "core/image_reference.hpp"
#include "telemetry/log.hpp"

namespace headwind::update {
namespace {

constexpr std::int64_t first_rest_ms = 3'600'000, longest_rest_ms = 24 * first_rest_ms;
constexpr std::int64_t same_edit_ms = 60'000;  // several slots are remembered one after another

bool was_undone(const UpdateRequest& request) {
  return request.phase == Phase::rolled_back && request.rollback_by.empty() &&
         (request.rollback_reason == undone_outside || request.rollback_reason == undone_while_away);
}

// The slot that a request is about, whoever wrote it: see concerns().
std::string place_of(const UpdateRequest& request) {
  if (!request.container.empty()) return request.container;
  if (!request.slot.empty()) return request.slot;
  const auto image = parse_image_reference(request.new_image);
  return image ? image->repository() : std::string();
}

// Requests of one edit that took back several slots: each has one, and all were written at about the same time. Of
// those found after a start nobody knows when their edit was, nor whether it was one: two of different slots count as
// one.
class Edit {
 public:
  explicit Edit(const UpdateRequest& first) : first_(&first), places_{place_of(first)} {}
  // Whether `other` may be of this edit, which it then is.
  bool takes(const UpdateRequest& other) {
    const bool away = first_->rollback_reason == undone_while_away && other.rollback_reason == undone_while_away;
    if (!away && other.last_updated_ms - first_->last_updated_ms > same_edit_ms) return false;
    return places_.insert(place_of(other)).second;
  }

 private:
  const UpdateRequest* first_;
  std::set<std::string> places_;
};

}  // namespace

std::optional<std::int64_t> rests_until(const std::vector<UpdateRequest>& requests) {
  std::vector<const UpdateRequest*> undone;
  for (const UpdateRequest& request : requests)
    if (was_undone(request)) undone.push_back(&request);
  std::sort(undone.begin(), undone.end(), [](const UpdateRequest* left, const UpdateRequest* right) {
    return left->last_updated_ms < right->last_updated_ms;
  });
  std::vector<Edit> edits;
  for (const UpdateRequest* request : undone)
    if (std::none_of(edits.begin(), edits.end(), [&](Edit& edit) { return edit.takes(*request); }))
      edits.emplace_back(*request);
  if (edits.size() < 2) return std::nullopt;
  std::int64_t rest = first_rest_ms;
  for (std::size_t i = 2; i < edits.size() && rest < longest_rest_ms; ++i) rest = std::min(rest * 2, longest_rest_ms);
  return undone.back()->last_updated_ms + rest;
}

bool is_resting(Context& context, const inventory::Workload& workload, const std::vector<UpdateRequest>& requests) {
  const auto until = rests_until(requests);
  if (!until || *until <= context.clock.unix_ms()) {
    context.resting.erase(workload.key);
    return false;
  }
  context.queue->add_at(workload.key, *until);
  std::int64_t& told = context.resting[workload.key];
  if (told == *until) return true;
  told = *until;
  const std::string owner = workload.owner.empty() ? "somebody else" : workload.owner.str();
  const std::string sentence = "its last updates were undone by " + owner + "; updates rest until " +
                               format_rfc3339(*until) + ". Change the image where it is managed, or release the " +
                               "UpdateRequests that remember them";
  telemetry::warn("update", "updates rest", {{"workload", workload.key.text()}, {"until", format_rfc3339(*until)}});
  record_event(context, workload, true, "UpdatesRest", sentence);
  return true;
}

}  // namespace headwind::update
