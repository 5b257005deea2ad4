// SPDX-License-Identifier: Apache-2.0
#include "update/memory.hpp"

#include <algorithm>
#include <utility>

#include "core/image_reference.hpp"

namespace headwind::update {
namespace {

// Same slot and tag; digests differ only where both are known: a pushed fix under the same tag is a new version.
bool is_version(const UpdateRequest& request, std::string_view tag, std::string_view digest) {
  const auto image = parse_image_reference(request.new_image);
  if (!image || image->tag != tag) return false;
  return request.digest.empty() || digest.empty() || request.digest == digest;
}

}  // namespace

bool is_remembered(const UpdateRequest& request) {
  return request.rollback || request.phase == Phase::rejected || request.phase == Phase::failed ||
         request.phase == Phase::rolled_back;
}

bool is_bad(const std::vector<UpdateRequest>& requests, const inventory::Slot& slot, std::string_view image,
            std::string_view digest) {
  const auto reference = parse_image_reference(image);
  if (!reference) return false;
  return std::any_of(requests.begin(), requests.end(), [&](const UpdateRequest& request) {
    return is_remembered(request) && concerns(request, slot) && is_version(request, reference->tag, digest);
  });
}

Task<Result<Judged>> without_remembered(Context& context, std::vector<UpdateRequest> requests, inventory::Slot slot,
                                        PolicyQuery query, std::vector<Candidate> candidates) {
  Judged judged{std::move(candidates), {}};
  for (const UpdateRequest& request : requests) {
    if (judged.allowed.empty()) break;
    if (!is_remembered(request) || !concerns(request, slot)) continue;
    const auto image = parse_image_reference(request.new_image);
    if (!image) continue;
    const std::string state = request.phase == Phase::rejected ? "rejected"
                              : request.phase == Phase::failed ? "failed"
                                                               : "rolled back";
    const auto removed = std::erase_if(judged.allowed, [&](const Candidate& candidate) {
      return is_version(request, candidate.tag, candidate.digest);
    });
    if (removed != 0)
      judged.why = image->tag + " was " + state + " (UpdateRequest " + request.key.text() +
                   "); release it to have it proposed again";
    if (request.phase != Phase::rejected || request.rollback) continue;

    // "At or below" a rejected version is what the workload's own policy does not call an update of it.
    std::vector<Candidate> newer;
    for (const Candidate& candidate : judged.allowed) {
      if (candidate.tag == image->tag) {  // the same tag with another digest
        newer.push_back(candidate);
        continue;
      }
      PolicyQuery from_rejected = query;
      from_rejected.tag = image->tag;
      from_rejected.digest = request.digest;
      std::vector<Candidate> one{candidate};
      const Result<Choice> choice = co_await context.ports.policies.choose(from_rejected, one);
      if (!choice) co_return choice.error();
      if (choice->verdict == Verdict::update)
        newer.push_back(candidate);
      else
        judged.why = candidate.tag + " is not newer than " + image->tag + ", which was rejected (UpdateRequest " +
                     request.key.text() + ")";
    }
    judged.allowed = std::move(newer);
  }
  co_return judged;
}

}  // namespace headwind::update
