// SPDX-License-Identifier: Apache-2.0
#include "update/decision.hpp"

#include <algorithm>
#include <utility>

#include "core/image_reference.hpp"
#include "update/memory.hpp"

namespace headwind::update {
namespace {

struct Gathered {
  std::vector<Candidate> candidates;
  std::string same_tag;  // the current tag, pushed again
};

Gathered gather(Context& context, const inventory::Workload& workload, const Settings& settings,
                const inventory::Slot& slot, const ImageReference& current) {
  Gathered gathered;
  for (const HintBook::Entry* entry : context.hints.waiting_for(slot.repository, workload.key)) {
    if (!settings.follows(entry->hint.origin)) continue;
    if (entry->hint.tag == current.tag)
      gathered.same_tag = entry->hint.tag;
    else
      gathered.candidates.push_back({entry->hint.tag, entry->digest});
  }
  return gathered;
}

}  // namespace

Task<Result<SlotDecision>> decide_slot(Context& context, inventory::Workload workload, Settings settings,
                                       inventory::Slot slot, std::vector<UpdateRequest> requests) {
  SlotDecision decision;
  const auto current = parse_image_reference(slot.image);
  if (!current || slot.version_only) co_return decision;
  Gathered gathered = gather(context, workload, settings, slot, *current);
  if (!gathered.same_tag.empty())
    decision.why = "tag " + gathered.same_tag + " was pushed again; following a tag that moves is not built yet";
  if (gathered.candidates.empty()) co_return decision;
  if (current->tag.empty() && !current->digest.empty()) {
    decision.why = slot.image + " names a digest and no tag; write a tag beside it so that versions can be compared";
    co_return decision;
  }

  const UpdateRequest* pending = nullptr;
  for (const UpdateRequest& request : requests) {
    if (!concerns(request, slot)) continue;
    if (request.phase == Phase::approved || request.phase == Phase::applying) decision.undecided = true;
    if (request.phase == Phase::pending && !request.rollback && !request.identity.empty()) pending = &request;
  }
  if (decision.undecided) co_return decision;

  PolicyQuery query{settings.policy, settings.pattern, slot.repository, current->tag.empty() ? "latest" : current->tag,
                    current->digest, slot.slot,        &workload,       true};
  std::vector<Candidate> candidates = gathered.candidates;
  Result<Judged> judged = co_await without_remembered(context, requests, slot, query, candidates);
  if (!judged) co_return judged.error();
  if (judged->allowed.empty()) {
    decision.why = judged->why;
    co_return decision;
  }
  // What is proposed already takes part: only something better takes its place.
  std::string pending_tag;
  if (pending != nullptr) {
    const auto proposed = parse_image_reference(pending->new_image);
    const bool pushed_anew =
        proposed && std::any_of(judged->allowed.begin(), judged->allowed.end(), [&](const Candidate& candidate) {
          return candidate.tag == proposed->tag && candidate.digest != pending->digest;
        });
    if (proposed && !pushed_anew) {
      pending_tag = proposed->tag;
      std::erase_if(judged->allowed, [&](const Candidate& candidate) { return candidate.tag == pending_tag; });
      judged->allowed.push_back({pending_tag, pending->digest});
    }
  }
  std::vector<Candidate> allowed = judged->allowed;
  const Result<Choice> choice = co_await context.ports.policies.choose(query, allowed);
  if (!choice) co_return choice.error();
  if (choice->verdict != Verdict::update) {
    decision.why = choice->why;
    co_return decision;
  }
  const Candidate& best = judged->allowed.at(choice->index);
  if (!pending_tag.empty() && best.tag == pending_tag) {
    decision.why = best.tag + " is proposed already (UpdateRequest " + pending->key.text() + ")";
    co_return decision;
  }
  Chosen chosen{slot, best.tag, best.digest, with_tag(*current, best.tag, best.digest), {}, false};
  for (const HintBook::Entry* entry : context.hints.waiting_for(slot.repository, workload.key)) {
    if (entry->hint.tag != best.tag) continue;
    chosen.trace = entry->hint.trace;
    chosen.from_start = entry->from_start;
  }
  decision.chosen = std::move(chosen);
  co_return decision;
}

}  // namespace headwind::update
