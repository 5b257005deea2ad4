// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "update/baseline.hpp"
#include "update/decision.hpp"
#include "update/explain.hpp"
#include "update/memory.hpp"

namespace headwind::update {
namespace {

constexpr int most_looks = 64;  // at versions that memory forbids, as in a decision

void note_trouble(Context& context, RegistryFacts& facts, const Error& error, std::int64_t at_ms) {
  facts.trouble += (facts.trouble.empty() ? "" : "; ") + error.message;
  const std::int64_t again_ms = at_ms + error.retry_after.count();
  if (error.retry_after.count() > 0 && again_ms > context.clock.unix_ms()) facts.try_ms = again_ms;
}

void note_failed(Context& context, RegistryFacts& facts, const ExplainReads::Answer& answer) {
  Error error = answer.found.error();
  if (answer.remembered)
    error.message += " (as of " +
                     std::to_string(std::max<std::int64_t>(0, context.clock.unix_ms() - answer.at_ms) / 1000) +
                     " s ago)";
  note_trouble(context, facts, error, answer.at_ms);
}

Task<Result<ExplainReads::Found>> ask_for_list(Context& context, std::string repository, Symbol access) {
  Result<std::vector<Candidate>> tags = co_await context.ports.registries.tags(repository, access);
  if (!tags) co_return tags.error();
  co_return ExplainReads::Found{std::make_shared<const std::vector<Candidate>>(std::move(*tags))};
}

Task<Result<ExplainReads::Found>> ask_for_digest(Context& context, std::string repository, std::string tag,
                                                 Symbol access) {
  Result<std::string> digest = co_await context.ports.registries.digest(repository, tag, access);
  if (!digest) co_return digest.error();
  co_return ExplainReads::Found{nullptr, std::move(*digest)};
}

// The list, and what the running tag names. Null where it could not be read; `facts` say why.
Task<Result<TagList>> read_list(Context& context, inventory::Workload workload, inventory::Slot slot, std::string tag,
                                RegistryFacts& facts) {
  const std::string& repository = slot.repository.str();
  const Symbol access = workload.access;
  facts.asked = true;
  facts.read_ms = context.clock.unix_ms();
  const Result<Symbol> identity = co_await context.ports.registries.identity(repository, access);
  if (!identity) {
    note_trouble(context, facts, identity.error(), facts.read_ms);
    co_return TagList();
  }
  ExplainReads::Question question{slot.repository, *identity};
  const ExplainReads::Ask for_list = [&context, &repository, access] {
    return ask_for_list(context, repository, access);
  };
  const Result<ExplainReads::Answer> list = co_await context.explain_reads.get(question, for_list);
  if (!list) co_return list.error();
  facts.read_ms = list->at_ms;
  if (!list->found) {
    note_failed(context, facts, *list);
    co_return TagList();
  }
  facts.tags = list->found->list->size();
  question.tag = tag;
  const ExplainReads::Ask for_digest = [&context, &repository, &tag, access] {
    return ask_for_digest(context, repository, tag, access);
  };
  const Result<ExplainReads::Answer> digest = co_await context.explain_reads.get(question, for_digest);
  if (!digest) co_return digest.error();
  if (digest->found)
    facts.running_digest = digest->found->digest;
  else
    note_failed(context, facts, *digest);
  co_return list->found->list;
}

// The running tag is a candidate where it is known to have named something else; else it stands there to be seen.
struct Gathered {
  Candidates candidates;
  std::optional<std::size_t> stays;
};

Gathered gather(const ExplainedSlot& place, const std::string& tag, TagList list, const inventory::Slot& slot) {
  Gathered gathered;
  gathered.candidates.share(std::move(list));
  Candidate running{tag, place.registry.running_digest};
  gathered.candidates.skip_if([&](const Candidate& candidate) {
    if (candidate.tag != tag) return false;
    running.pushed_ms = candidate.pushed_ms;
    running.created_ms = candidate.created_ms;
    if (running.digest.empty()) running.digest = candidate.digest;
    return true;
  });
  const bool moved =
      !slot.chart && !place.baseline.empty() && !running.digest.empty() && running.digest != place.baseline;
  if (!moved) gathered.stays = gathered.candidates.places();
  gathered.candidates.add(std::move(running));
  return gathered;
}

const UpdateRequest* memory_of(const std::vector<UpdateRequest>& requests, const inventory::Slot& slot,
                               const std::string& tag) {
  const auto found = std::find_if(requests.begin(), requests.end(), [&](const UpdateRequest& request) {
    return is_remembered(request) && concerns(request, slot) && inventory::tag_in(slot, request.new_image) == tag;
  });
  return found == requests.end() ? nullptr : &*found;
}

ExplainedCandidate explained(const Candidate& candidate, const Choice& choice, std::size_t row,
                             const std::string& policy) {
  ExplainedCandidate out{candidate.tag, candidate.digest, candidate.pushed_ms, Verdict::hold, "policy " + policy, {}};
  if (row < choice.judgements.size()) {
    out.verdict = choice.judgements[row].verdict;
    out.reason = choice.judgements[row].reason;
  }
  return out;
}

// The verdict of the policy on all of them at once, and then what memory leaves of it.
Task<Result<>> judge(Context& context, const inventory::Workload& workload, const Settings& settings,
                     const inventory::Slot& slot, const std::vector<UpdateRequest>& requests, Gathered gathered,
                     const std::string& tag, ExplainedSlot& place) {
  PolicyQuery query{settings.policy, settings.pattern,      slot.repository, tag, place.baseline, slot.slot, &workload,
                    false,           settings.policy_config};
  query.judged = true;
  Candidates& candidates = gathered.candidates;
  std::vector<std::size_t> row_of(candidates.places());
  for (int look = 0; look < most_looks && !candidates.empty(); ++look) {
    const Result<Choice> choice = co_await context.ports.policies.choose(query, candidates);
    if (!choice) co_return choice.error();
    if (query.judged) {
      candidates.each([&](std::size_t at, const Candidate& candidate) {
        row_of[at] = place.candidates.size();
        place.candidates.push_back(explained(candidate, *choice, place.candidates.size(), settings.policy));
      });
      query.judged = false;
    }
    if (choice->verdict != Verdict::update) {
      if (place.why.empty()) place.why = choice->why;
      co_return Result<>{};
    }
    ExplainedCandidate& row = place.candidates[row_of[choice->index]];
    if (gathered.stays == choice->index) {
      row.verdict = Verdict::hold;
      candidates.skip(choice->index);
      continue;
    }
    const Candidate chosen = candidates.at(choice->index);
    const Result<std::string> forbidden = co_await forbidden_by_memory(context, requests, slot, query, chosen);
    if (!forbidden) co_return forbidden.error();
    if (forbidden->empty()) {
      row.chosen = true;
      row.verdict = Verdict::update;
      if (row.reason.empty()) row.reason = choice->why;
      place.choice = chosen.tag;
      place.why = choice->why;
      co_return Result<>{};
    }
    const UpdateRequest* remembered = memory_of(requests, slot, chosen.tag);
    row.verdict = Verdict::hold;
    row.rule = remembered != nullptr ? "UpdateRequest " + remembered->key.text() : "memory of bad versions";
    row.reason = place.why = *forbidden;
    candidates.skip(choice->index);
  }
  co_return Result<>{};
}

void sort_and_count(ExplainedSlot& place) {
  std::vector<std::pair<int, std::size_t>> order;  // rank, row
  order.reserve(place.candidates.size());
  for (const ExplainedCandidate& one : place.candidates) {
    const bool update = one.verdict == Verdict::update, hold = one.verdict == Verdict::hold;
    ++(update ? place.updates : hold ? place.held : place.ignored);
    order.emplace_back(one.chosen ? 0 : update ? 1 : hold ? 2 : 3, order.size());
  }
  std::sort(order.begin(), order.end());
  if (order.size() > ExplainedSlot::most_candidates) order.resize(ExplainedSlot::most_candidates);
  std::vector<ExplainedCandidate> sorted;
  sorted.reserve(order.size());
  for (const auto& [rank, row] : order) sorted.push_back(std::move(place.candidates[row]));
  place.candidates = std::move(sorted);
}

std::string why_not_followed(const inventory::Slot& slot, const Settings& settings) {
  if (settings.images.empty())
    return "it is an init container, which is followed only where headwind.sh/images names it";
  return "headwind.sh/images names neither " + std::string(slot.container()) + " nor its repository";
}

// Why nothing of the slot can be compared; empty: it can.
std::string why_not_comparable(const inventory::Slot& slot, const Result<ImageReference>& current) {
  if (slot.repository.empty() || !current) return "its image " + slot.image + " cannot be read: write NAME:TAG";
  if (!is_comparable(slot))
    return "its version is the range " + inventory::value_of(slot, slot.image) +
           ", which Flux follows by itself; write one version to have Headwind update it";
  if (current->tag.empty() && !current->digest.empty())
    return slot.image + " names a digest and no tag; write a tag beside it so that versions can be compared";
  return {};
}

}  // namespace

Task<Result<ExplainedSlot>> explain_slot(Context& context, inventory::Workload workload, Settings settings,
                                         inventory::Slot slot, std::vector<UpdateRequest> requests) {
  ExplainedSlot place;
  place.slot = slot.slot.str();
  place.container = slot.chart ? std::string() : std::string(slot.container());
  place.image = slot.image;
  place.repository = slot.repository.str();
  place.chart = slot.chart;
  place.followed = settings.selects(slot);
  if (!place.followed) {
    place.why = why_not_followed(slot, settings);
    co_return place;
  }
  const auto current = inventory::read_reference(slot, slot.image);
  place.why = why_not_comparable(slot, current);
  if (!place.why.empty()) co_return place;
  place.baseline = baseline_of(context, workload, slot);
  if (!context.ports.policies.knows(settings.policy)) {
    place.why = "no loaded policy plugin serves " + settings.policy;
    place.refused = true;
    co_return place;
  }
  const std::string tag = current->tag.empty() ? "latest" : current->tag;
  const Result<TagList> read = co_await read_list(context, workload, slot, tag, place.registry);
  if (!read) co_return read.error();
  const TagList& list = *read;
  if (list == nullptr) {
    place.why = "its tags are not known: " + place.registry.trouble;
    co_return place;
  }
  const Result<> judged =
      co_await judge(context, workload, settings, slot, requests, gather(place, tag, list, slot), tag, place);
  if (!judged) {
    place.candidates.clear();
    place.choice.clear();
    place.why = judged.error().message;
    place.refused = judged.error().code == Code::invalid;
  }
  const auto lacking = context.lacking.find({workload.key, slot.slot});
  if (lacking != context.lacking.end() && lacking->second.image == slot.image)
    for (ExplainedCandidate& one : place.candidates)
      if (lacking->second.tags.contains(one.tag) && one.verdict == Verdict::update) {
        one.verdict = Verdict::hold, one.rule = "platform", one.reason = lacking->second.sentence;
        if (std::exchange(one.chosen, false)) place.choice.clear(), place.why = lacking->second.sentence;
      }
  sort_and_count(place);
  co_return place;
}

}  // namespace headwind::update
