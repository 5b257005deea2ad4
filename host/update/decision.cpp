// SPDX-License-Identifier: Apache-2.0
#include "update/decision.hpp"

#include <algorithm>
#include <utility>

#include "core/chart_reference.hpp"
#include "inventory/slot_reference.hpp"
#include "update/baseline.hpp"
#include "update/memory.hpp"
#include "update/platforms.hpp"
#include "update/sweep.hpp"

namespace headwind::update {
namespace {

constexpr int most_looks = 64;    // at versions that memory forbids
constexpr int most_look_ups = 8;  // of versions that lack a platform
constexpr std::size_t most_lacking = 64;
constexpr std::int64_t lacking_ms = 3'600'000;  // then a listed version is looked up again

enum class Sources : std::uint8_t { hints, both, list };

struct Gathered {
  Candidates candidates;
  std::string tag;                   // that runs
  std::optional<std::size_t> stays;  // the row of that tag, where it is there only so that push times can be compared
  bool pushed = false;               // a push named some of them
  std::string trace;                 // of the first such push that has one
  std::string same_tag_why;          // why the current tag, pushed again, is none of them
};

// The current tag, which names `digest` now: a candidate only where it is known to have named something else.
bool is_moved(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
              const std::string& digest, Gathered& gathered) {
  if (slot.chart) {  // Helm names a chart by its version alone: the same one cannot be asked for again
    gathered.same_tag_why = "version " + gathered.tag + " of the chart runs already";
    return false;
  }
  const std::string baseline = baseline_of(context, workload, slot);
  if (!baseline.empty()) return baseline != digest;
  note_baseline(context, workload, slot, digest);
  gathered.same_tag_why =
      "what tag " + gathered.tag +
      " named before is not known, so nobody can tell whether it moved; from now on it is: " + digest;
  return false;
}

void gather_hints(Context& context, const inventory::Workload& workload, const Settings& settings,
                  const inventory::Slot& slot, Gathered& gathered) {
  for (const HintBook::Entry* entry : context.hints.waiting_for(slot.repository, workload.key)) {
    if (!settings.follows(entry->hint.origin)) continue;
    const std::string& digest = entry->waiting.at(workload.key);
    const std::string& tag = entry->hint.tag;
    gathered.pushed = true;
    if (gathered.trace.empty()) gathered.trace = entry->hint.trace;
    gathered.candidates.skip_if([&](const Candidate& listed) { return listed.tag == tag; });
    if (tag != gathered.tag || is_moved(context, workload, slot, digest, gathered))
      gathered.candidates.add({tag, digest});
  }
}

void gather_list(Context& context, const inventory::Workload& workload, const Settings& settings,
                 const inventory::Slot& slot, Gathered& gathered) {
  const bool swept = is_swept(context, settings, slot);
  TagList list = context.lists.find(workload.key, slot.repository);
  if (list == nullptr || (!swept && !is_polled(context, settings, slot))) return;
  gathered.candidates.share(std::move(list));
  const std::int64_t newest = context.clock.unix_ms() - webhook_patience_ms;
  for (std::size_t place = 0; place < gathered.candidates.listed(); ++place) {
    const Candidate& candidate = gathered.candidates.at(place);
    const bool is_new = swept && candidate.pushed_ms > newest;
    const bool runs = candidate.tag == gathered.tag;
    if (is_new || (runs && candidate.digest.empty() && candidate.pushed_ms == 0))
      gathered.candidates.skip(place);
    else if (runs && (candidate.digest.empty() || !is_moved(context, workload, slot, candidate.digest, gathered)))
      gathered.stays = place;
  }
}

// Helm reads anything else than one version as a range, and would choose by itself from then on.
void drop_ranges(const inventory::Slot& slot, const ImageReference& current, Gathered& gathered) {
  if (!slot.chart) return;
  const bool any = gathered.candidates.skip_if([&](const Candidate& candidate) {
    const std::string written = inventory::write_reference(slot, current, candidate.tag, {});
    return !is_exact_version(inventory::value_of(slot, written));
  });
  if (any && gathered.same_tag_why.empty())
    gathered.same_tag_why = "what is not one version, such as 1.2.3, is no update of a chart";
}

Gathered gather(Context& context, const inventory::Workload& workload, const Settings& settings,
                const inventory::Slot& slot, const ImageReference& current, Sources sources) {
  Gathered gathered;
  gathered.tag = current.tag.empty() ? "latest" : current.tag;
  if (sources != Sources::hints) gather_list(context, workload, settings, slot, gathered);
  if (sources != Sources::list) gather_hints(context, workload, settings, slot, gathered);
  drop_ranges(slot, current, gathered);
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
std::string add_proposed(const UpdateRequest* pending, const inventory::Slot& slot, Candidates& candidates) {
  if (pending == nullptr) return {};
  const auto proposed = inventory::read_reference(slot, pending->new_image);
  if (!proposed) return {};
  bool anew = false;
  candidates.each([&](std::size_t, const Candidate& candidate) {
    anew = anew || (candidate.tag == proposed->tag && !candidate.digest.empty() && candidate.digest != pending->digest);
  });
  if (anew) return {};
  candidates.skip_if([&](const Candidate& candidate) { return candidate.tag == proposed->tag; });
  candidates.add({proposed->tag, pending->digest});
  return proposed->tag;
}

// The best candidate that memory allows; none: `why`.
struct Best {
  std::optional<std::size_t> place;
  std::string why;
  bool forbidden = false;  // by memory, not by the policy
};

// A wrong annotation is told by the caller, the rest by who ends the look at the workload.
void note_policy_failed(Context& context, const PolicyQuery& query, const inventory::Slot& slot, const Error& error) {
  if (error.code == Code::invalid || query.workload == nullptr) return;
  context.look_failures.policy_failed(
      query.workload->key, query.workload->key.text() + ", " + slot.slot.str() + ": " + error.message +
                               "; the workload is held: mend the policy, or name another one in headwind.sh/policy");
}

Task<Result<Best>> choose(Context& context, std::vector<UpdateRequest> requests, inventory::Slot slot,
                          PolicyQuery query, Gathered gathered) {
  Candidates& candidates = gathered.candidates;
  Best best;
  for (int look = 0; look < most_looks && !candidates.empty(); ++look) {
    const Result<Choice> choice = co_await context.ports.policies.choose(query, candidates);
    if (!choice) {
      note_policy_failed(context, query, slot, choice.error());
      co_return choice.error();
    }
    if (choice->verdict != Verdict::update) {
      if (best.why.empty()) best.why = choice->why;
      co_return best;
    }
    const Candidate chosen = candidates.at(choice->index);
    if (gathered.stays == choice->index) {
      candidates.skip(choice->index);
      continue;
    }
    const Result<std::string> forbidden = co_await forbidden_by_memory(context, requests, slot, query, chosen);
    if (!forbidden) co_return forbidden.error();
    if (forbidden->empty()) {
      best.place = choice->index;
      co_return best;
    }
    best.why = *forbidden;
    best.forbidden = true;
    candidates.skip_if([&](const Candidate& c) { return c.tag == chosen.tag && c.digest == chosen.digest; });
  }
  co_return best;
}

PolicyQuery query_of(Context& context, const inventory::Workload& workload, const Settings& settings,
                     const inventory::Slot& slot, const Gathered& gathered) {
  return {
      settings.policy, settings.pattern, slot.repository, gathered.tag,           baseline_of(context, workload, slot),
      slot.slot,       &workload,        gathered.pushed, settings.policy_config, gathered.trace};
}

// Listed versions that lacked a platform not long ago are not looked up at each list. Why, where there are any.
std::string skip_lacking(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
                         Gathered& gathered) {
  const auto known = context.lacking.find({workload.key, slot.slot});
  if (known == context.lacking.end()) return {};
  if (known->second.image != slot.image) {
    context.lacking.erase(known);
    return {};
  }
  const std::int64_t now = context.clock.mono_ms();
  const auto& tags = known->second.tags;
  const bool any = gathered.candidates.skip_if([&](const Candidate& candidate) {
    const auto due = candidate.digest.empty() ? tags.find(candidate.tag) : tags.end();
    return due != tags.end() && due->second > now;
  });
  return any ? known->second.sentence : std::string();
}

void note_lacking(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
                  const std::string& tag) {
  Context::Lacking& lacking = context.lacking[{workload.key, slot.slot}];
  lacking.image = slot.image;
  if (lacking.tags.size() >= most_lacking) lacking.tags.clear();
  lacking.tags[tag] = context.clock.mono_ms() + lacking_ms;
}

const HintBook::Entry* hint_of(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
                               const std::string& tag) {
  for (const HintBook::Entry* entry : context.hints.waiting_for(slot.repository, workload.key))
    if (entry->hint.tag == tag) return entry;
  return nullptr;
}

// What is applied is what the registry says now; a list may be older, and tells the digest of the running tag only.
Task<Result<std::string>> digest_of(Context& context, inventory::Workload workload, inventory::Slot slot,
                                    Candidate candidate, bool known) {
  if (known && !candidate.digest.empty()) co_return candidate.digest;
  const TagList list = context.lists.find(workload.key, slot.repository);
  if (list != nullptr)
    if (std::string digest = context.lists.looked_up(list, candidate.tag); !digest.empty()) co_return digest;
  Result<std::string> digest =
      co_await context.ports.registries.digest(slot.repository, candidate.tag, workload.access);
  if (digest && list != nullptr) context.lists.note(list, candidate.tag, *digest);
  co_return digest;
}

Chosen make_chosen(const inventory::Slot& slot, const ImageReference& current, const std::string& running_tag,
                   const std::string& tag, const std::string& digest, const HintBook::Entry* hint) {
  Chosen chosen{slot, tag, digest, {}, {}, true};
  // Writing the same text again would roll nothing out: a tag that moved is pinned (decisions 13).
  chosen.new_image = tag == running_tag ? current.name + ":" + running_tag + "@" + digest
                                        : inventory::write_reference(slot, current, tag, digest);
  if (hint != nullptr) {
    chosen.trace = hint->hint.trace;
    chosen.may_be_undone = hint->from_start;
    chosen.pushed_ms = hint->hint.arrived_ms;
  }
  return chosen;
}

}  // namespace

bool is_comparable(const inventory::Slot& slot) {
  return !slot.chart || is_exact_version(inventory::value_of(slot, slot.image));
}

Task<Result<SlotDecision>> decide_slot(Context& context, inventory::Workload workload, Settings settings,
                                       inventory::Slot slot, std::vector<UpdateRequest> requests, bool listed) {
  SlotDecision decision;
  const auto current = inventory::read_reference(slot, slot.image);
  if (!current || !is_comparable(slot)) co_return decision;
  Gathered gathered = gather(context, workload, settings, slot, *current, listed ? Sources::both : Sources::hints);
  decision.pushed = gathered.pushed;
  decision.why = gathered.same_tag_why;
  decision.rule = "same-tag";
  decision.lacking = skip_lacking(context, workload, slot, gathered);
  if (gathered.candidates.empty()) co_return decision;
  if (current->tag.empty() && !current->digest.empty()) {
    decision.rule = "no-tag";
    decision.why = slot.image + " names a digest and no tag; write a tag beside it so that versions can be compared";
    co_return decision;
  }
  decision.undecided = is_under_way(requests, slot);
  if (decision.undecided) co_return decision;

  const UpdateRequest* pending = pending_of(requests, slot);
  const std::string pending_tag = add_proposed(pending, slot, gathered.candidates);
  const PolicyQuery query = query_of(context, workload, settings, slot, gathered);
  for (int look_up = 0; look_up < most_look_ups; ++look_up) {
    const Result<Best> best = co_await choose(context, requests, slot, query, gathered);
    if (!best) co_return best.error();
    decision.judged = true;
    decision.rule = best->forbidden && !best->place ? "memory" : settings.policy;
    if (!best->place) {
      if (!decision.lacking.empty())
        decision.why = decision.lacking, decision.rule = "platform";
      else if (!best->why.empty())
        decision.why = best->why;
      co_return decision;
    }
    const Candidate candidate = gathered.candidates.at(*best->place);
    if (!pending_tag.empty() && candidate.tag == pending_tag && settings.require_approval) {
      decision.proposed = *pending;
      decision.rule = "proposed";
      decision.why = candidate.tag + " is proposed already (UpdateRequest " + pending->key.text() + ")";
      co_return decision;
    }
    const HintBook::Entry* hint = hint_of(context, workload, slot, candidate.tag);
    const bool known = hint != nullptr || candidate.tag == gathered.tag || candidate.tag == pending_tag;
    const Result<std::string> digest = co_await digest_of(context, workload, slot, candidate, known);
    if (!digest && digest.error().code == Code::not_found) {
      decision.rule = "not-found";
      decision.why =
          candidate.tag + " is in the list of tags, but the registry does not know it: " + digest.error().message;
      gathered.candidates.skip(*best->place);  // deleted, and listed all the same: the next best counts
      continue;
    }
    if (!digest) co_return digest.error();
    Result<std::string> lacking = std::string();
    if (!slot.chart) lacking = co_await lacks_platform(context, workload, slot, candidate.tag, *digest);
    if (!lacking) co_return lacking.error();
    if (lacking->empty()) {
      hint = hint_of(context, workload, slot, candidate.tag);
      decision.chosen = make_chosen(slot, *current, gathered.tag, candidate.tag, *digest, hint);
      co_return decision;
    }
    if (decision.lacking.empty()) decision.lacking = *lacking;
    note_lacking(context, workload, slot, candidate.tag);
    gathered.candidates.skip(*best->place);
  }
  if (!decision.lacking.empty()) decision.why = decision.lacking, decision.rule = "platform";
  co_return decision;
}

Task<Result<std::optional<Candidate>>> best_listed(Context& context, inventory::Workload workload, Settings settings,
                                                   inventory::Slot slot, std::vector<UpdateRequest> requests) {
  const auto current = inventory::read_reference(slot, slot.image);
  const bool comparable = current && is_comparable(slot) && (!current->tag.empty() || current->digest.empty());
  if (!comparable || is_under_way(requests, slot)) co_return std::optional<Candidate>();
  Gathered gathered = gather(context, workload, settings, slot, *current, Sources::list);
  const UpdateRequest* pending = pending_of(requests, slot);
  const std::string pending_tag = add_proposed(pending, slot, gathered.candidates);
  const PolicyQuery query = query_of(context, workload, settings, slot, gathered);
  const Result<Best> best = co_await choose(context, requests, slot, query, gathered);
  if (!best) co_return best.error();
  if (!best->place) co_return std::optional<Candidate>();
  const Candidate candidate = gathered.candidates.at(*best->place);
  if (!pending_tag.empty() && candidate.tag == pending_tag) co_return std::optional<Candidate>();
  co_return std::optional<Candidate>(candidate);
}

}  // namespace headwind::update
