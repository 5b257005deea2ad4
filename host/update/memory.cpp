// SPDX-License-Identifier: Apache-2.0
#include "update/memory.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/observation.hpp"
#include "update/patch.hpp"

namespace headwind::update {
namespace {

// Same slot and tag; digests differ only where both are known: a pushed fix under the same tag is a new version.
bool is_version(const UpdateRequest& request, const inventory::Slot& slot, std::string_view tag,
                std::string_view digest) {
  const auto image = inventory::read_reference(slot, request.new_image);
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
  const auto reference = inventory::read_reference(slot, image);
  if (!reference) return false;
  return std::any_of(requests.begin(), requests.end(), [&](const UpdateRequest& request) {
    return is_remembered(request) && concerns(request, slot) && is_version(request, slot, reference->tag, digest);
  });
}

Task<Result<>> note_release(Context& context, UpdateRequest request) {
  constexpr std::size_t kept = 5;
  const inventory::Workload* found = context.inventory.find(target_of(request));
  if (found == nullptr || request.target_namespace != request.key.name_space) co_return Result<>{};
  const inventory::Workload workload = *found;
  const std::string* old = workload.annotation(annotation::released);
  std::string text = request.new_image;
  std::size_t count = 1;
  const std::string before = old != nullptr ? *old : std::string();  // what split() gives points into it
  for (const std::string_view part : split(before, ','))
    if (const auto image = trim(part); !image.empty() && image != request.new_image && count++ < kept)
      text += "," + std::string(image);
  const std::string operations = annotation_patch(workload, annotation::released, text);
  const Result<inventory::Workload> patched = co_await context.ports.workloads.patch(workload, operations);
  if (patched) observe(context, *patched);
  if (!patched && patched.error().code != Code::not_found) co_return patched.error();
  co_return Result<>{};
}

Task<Result<>> note_forgotten(Context& context, inventory::WorkloadKey key) {
  auto node = context.forgotten.extract(key);
  if (node.empty()) co_return Result<>{};
  std::vector<UpdateRequest>& all = node.mapped();
  for (; !all.empty(); all.pop_back()) {
    const UpdateRequest request = all.back();
    const Result<> noted = co_await note_release(context, request);
    if (!noted && noted.error().retryable) {  // with whatever was deleted meanwhile
      auto& now = context.forgotten[key];
      now.insert(now.end(), all.begin(), all.end());
      co_return noted;
    }
    telemetry::info("update", "released",
                    {{"request", request.key.text()}, {"version", request.new_image}, {"by", "its deletion"}});
  }
  co_return Result<>{};
}

Task<Result<std::string>> forbidden_by_memory(Context& context, std::vector<UpdateRequest> requests,
                                              inventory::Slot slot, PolicyQuery query, Candidate candidate) {
  for (const UpdateRequest& request : requests) {
    if (!is_remembered(request) || !concerns(request, slot)) continue;
    const auto image = inventory::read_reference(slot, request.new_image);
    if (!image) continue;
    if (is_version(request, slot, candidate.tag, candidate.digest)) {
      const std::string state = request.phase == Phase::rejected ? "rejected"
                                : request.phase == Phase::failed ? "failed"
                                                                 : "rolled back";
      co_return image->tag + " was " + state + " (UpdateRequest " + request.key.text() +
          "); release it to have it proposed again";
    }
    if (request.phase != Phase::rejected || request.rollback || candidate.tag == image->tag) continue;
    // "At or below" a rejected version is what the workload's own policy does not call an update of it.
    PolicyQuery from_rejected = query;
    from_rejected.tag = image->tag;
    from_rejected.digest = request.digest;
    std::vector<Candidate> one{candidate};
    const Result<Choice> choice = co_await context.ports.policies.choose(from_rejected, one);
    if (!choice) co_return choice.error();
    if (choice->verdict != Verdict::update)
      co_return candidate.tag + " is not newer than " + image->tag + ", which was rejected (UpdateRequest " +
          request.key.text() + ")";
  }
  co_return std::string();
}

}  // namespace headwind::update
