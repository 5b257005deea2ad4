// SPDX-License-Identifier: Apache-2.0
#include "update/decision.hpp"

#include <algorithm>
#include <utility>

#include "core/image_reference.hpp"
#include "update/baseline.hpp"
#include "update/memory.hpp"

namespace headwind::update {
namespace {

struct Gathered {
  std::vector<Candidate> candidates;
  bool pushed = false;       // a push named some of them
  std::string same_tag_why;  // why the current tag, pushed again, is none of them
};

// The current tag, which names `digest` now: a candidate only where it is known to have named something else.
void add_same_tag(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
                  const ImageReference& current, const std::string& digest, Gathered& gathered) {
  const std::string tag = current.tag.empty() ? "latest" : current.tag;
  const std::string baseline = baseline_of(context, workload, slot);
  if (baseline.empty()) {
    note_baseline(context, workload, slot, digest);
    gathered.same_tag_why = "what tag " + tag +
                            " named before is not known, so nobody can tell whether it moved; from " +
                            "now on it is: " + digest;
  } else if (baseline != digest) {
    gathered.candidates.push_back({tag, digest});
  }
}

Gathered gather(Context& context, const inventory::Workload& workload, const Settings& settings,
                const inventory::Slot& slot, const ImageReference& current) {
  const std::string tag = current.tag.empty() ? "latest" : current.tag;
  Gathered gathered;
  for (const HintBook::Entry* entry : context.hints.waiting_for(slot.repository, workload.key)) {
    if (!settings.follows(entry->hint.origin)) continue;
    gathered.pushed = true;
    if (entry->hint.tag == tag)
      add_same_tag(context, workload, slot, current, entry->digest, gathered);
    else
      gathered.candidates.push_back({entry->hint.tag, entry->digest});
  }
  const TagList list = context.lists.find(workload.key, slot.repository);
  if (list == nullptr || !settings.follows(Origin::polling)) return gathered;
  for (const Candidate& candidate : *list) {
    if (candidate.tag != tag)
      gathered.candidates.push_back(candidate);
    else if (!candidate.digest.empty())
      add_same_tag(context, workload, slot, current, candidate.digest, gathered);
  }
  return gathered;
}

// The request of the slot that waits for an answer: the newest, should there be two.
const UpdateRequest* pending_of(const std::vector<UpdateRequest>& requests, const inventory::Slot& slot) {
  const UpdateRequest* pending = nullptr;
  for (const UpdateRequest& request : requests) {
    if (!concerns(request, slot) || request.phase != Phase::pending || request.rollback || request.identity.empty())
      continue;
    if (pending == nullptr || request.created_ms >= pending->created_ms) pending = &request;
  }
  return pending;
}

bool is_under_way(const std::vector<UpdateRequest>& requests, const inventory::Slot& slot) {
  return std::any_of(requests.begin(), requests.end(), [&](const UpdateRequest& request) {
    return concerns(request, slot) && (request.phase == Phase::approved || request.phase == Phase::applying);
  });
}

// What is proposed already takes part in the choice: only something better takes its place. Its tag, or nothing where
// that was pushed anew meanwhile.
std::string add_proposed(const UpdateRequest* pending, std::vector<Candidate>& candidates) {
  const auto proposed = parse_image_reference(pending != nullptr ? pending->new_image : std::string());
  if (!proposed) return {};
  const bool anew = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& candidate) {
    return candidate.tag == proposed->tag && !candidate.digest.empty() && candidate.digest != pending->digest;
  });
  if (anew) return {};
  std::erase_if(candidates, [&](const Candidate& candidate) { return candidate.tag == proposed->tag; });
  candidates.push_back({proposed->tag, pending->digest});
  return proposed->tag;
}

// The best candidate that memory allows; none: `why`.
struct Best {
  std::optional<Candidate> candidate;
  std::string why;
};

Task<Result<Best>> choose(Context& context, std::vector<UpdateRequest> requests, inventory::Slot slot,
                          PolicyQuery query, std::vector<Candidate> candidates) {
  constexpr int most_looks = 64;
  Best best;
  for (int look = 0; look < most_looks && !candidates.empty(); ++look) {
    std::vector<Candidate> asked = candidates;
    const Result<Choice> choice = co_await context.ports.policies.choose(query, std::move(asked));
    if (!choice) co_return choice.error();
    if (choice->verdict != Verdict::update) {
      if (best.why.empty()) best.why = choice->why;
      co_return best;
    }
    const Candidate chosen = candidates.at(choice->index);
    const Result<std::string> forbidden = co_await forbidden_by_memory(context, requests, slot, query, chosen);
    if (!forbidden) co_return forbidden.error();
    if (forbidden->empty()) {
      best.candidate = chosen;
      co_return best;
    }
    best.why = *forbidden;
    std::erase_if(candidates, [&](const Candidate& c) { return c.tag == chosen.tag && c.digest == chosen.digest; });
  }
  co_return best;
}

// A list tells no digests: what is applied is what the registry says now.
Task<Result<std::string>> digest_of(Context& context, inventory::Workload workload, inventory::Slot slot,
                                    Candidate candidate) {
  if (!candidate.digest.empty()) co_return candidate.digest;
  co_return co_await context.ports.registries.digest(slot.repository, candidate.tag, workload.access);
}

}  // namespace

Task<Result<SlotDecision>> decide_slot(Context& context, inventory::Workload workload, Settings settings,
                                       inventory::Slot slot, std::vector<UpdateRequest> requests) {
  SlotDecision decision;
  const auto current = parse_image_reference(slot.image);
  if (!current || slot.version_only) co_return decision;
  Gathered gathered = gather(context, workload, settings, slot, *current);
  decision.pushed = gathered.pushed;
  decision.why = gathered.same_tag_why;
  if (gathered.candidates.empty()) co_return decision;
  if (current->tag.empty() && !current->digest.empty()) {
    decision.why = slot.image + " names a digest and no tag; write a tag beside it so that versions can be compared";
    co_return decision;
  }
  decision.undecided = is_under_way(requests, slot);
  if (decision.undecided) co_return decision;

  const std::string tag = current->tag.empty() ? "latest" : current->tag;
  const UpdateRequest* pending = pending_of(requests, slot);
  const std::string pending_tag = add_proposed(pending, gathered.candidates);
  const PolicyQuery query{settings.policy, settings.pattern, slot.repository, tag, baseline_of(context, workload, slot),
                          slot.slot,       &workload,        gathered.pushed};
  const Result<Best> best = co_await choose(context, requests, slot, query, gathered.candidates);
  if (!best) co_return best.error();
  if (!best->candidate) {
    decision.why = best->why;
    co_return decision;
  }
  Chosen chosen{slot, best->candidate->tag, {}, {}, {}, !gathered.pushed};
  if (!pending_tag.empty() && chosen.tag == pending_tag && settings.require_approval) {
    decision.proposed = *pending;
    decision.why = chosen.tag + " is proposed already (UpdateRequest " + pending->key.text() + ")";
    co_return decision;
  }
  const Result<std::string> digest = co_await digest_of(context, workload, slot, *best->candidate);
  if (!digest && digest.error().code == Code::not_found) {
    decision.why = chosen.tag + " is in the list of tags, but the registry does not know it: " + digest.error().message;
    co_return decision;
  }
  if (!digest) co_return digest.error();
  chosen.digest = *digest;
  // Writing the same text again would roll nothing out: a tag that moved is pinned (decisions 13).
  chosen.new_image =
      chosen.tag == tag ? current->name + ":" + tag + "@" + *digest : with_tag(*current, chosen.tag, *digest);
  for (const HintBook::Entry* entry : context.hints.waiting_for(slot.repository, workload.key)) {
    if (entry->hint.tag != chosen.tag) continue;
    chosen.trace = entry->hint.trace;
    chosen.may_be_undone = entry->from_start;
  }
  decision.chosen = std::move(chosen);
  co_return decision;
}

}  // namespace headwind::update
