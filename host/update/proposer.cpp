// SPDX-License-Identifier: Apache-2.0
#include "update/proposer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "telemetry/log.hpp"
#include "update/contention.hpp"
#include "update/decision.hpp"
#include "update/decision_notes.hpp"
#include "update/history.hpp"
#include "update/mistakes_beside.hpp"
#include "update/proposal.hpp"
#include "update/rollback.hpp"
#include "update/rollouts.hpp"
#include "update/sender.hpp"
#include "update/sweep.hpp"
#include "update/undone_while_away.hpp"
#include "update/work_span.hpp"

namespace headwind::update {
namespace {

// The hints and lists that this run looks at: what arrives while it waits for something is not its to finish.
struct Seen {
  std::vector<std::string> hints;
  TagLists::Lists lists;
};

Seen seen_by(Context& context, const inventory::Workload& workload) {
  Seen seen{{}, context.lists.of(workload.key)};
  for (const inventory::Slot& slot : workload.slots)
    for (const HintBook::Entry* entry : context.hints.waiting_for(slot.repository, workload.key))
      seen.hints.push_back(entry->hint.key());
  return seen;
}

void finish(Context& context, const inventory::WorkloadKey& workload, const Seen& seen, bool keep_lists = false) {
  context.waits_until.erase(workload);
  if (!keep_lists) context.lists.drop(workload, seen.lists);
  for (const std::string& key : seen.hints)
    if (context.hints.done(key, workload)) finish_hint(context, key);
}

// A plugin did not do its part: when it does, what was pushed meanwhile is looked at again.
void set_aside(Context& context, const inventory::WorkloadKey& workload, const Seen& seen) {
  for (const std::string& key : seen.hints)
    if (const HintBook::Entry* entry = context.hints.find(key)) context.set_aside.put(entry->hint, {workload});
}

// A decision was made on what was seen: what was announced before it is no news for the workload any more.
void note_decided(Context& context, const inventory::WorkloadKey& workload, const Seen& seen) {
  for (const std::string& key : seen.hints)
    if (const HintBook::Entry* entry = context.hints.find(key)) context.set_aside.decided(entry->hint, workload);
}

// Whether the minimum interval is over; else the workload comes back when it is, counted once.
bool may_move_now(Context& context, const inventory::Workload& workload, const Settings& settings) {
  if (!settings.last_update_ms) return true;
  const std::int64_t due = *settings.last_update_ms + std::chrono::milliseconds(settings.min_interval).count();
  if (due <= context.clock.unix_ms()) return true;
  const auto [known, first] = context.waits_until.insert_or_assign(workload.key, due);
  if (first) {
    context.compat.updates_skipped_interval_total.add();
    context.metrics.decided("wait", "interval");
    telemetry::info("update", "update waits for the minimum interval",
                    {{"workload", workload.key.text()}, {"until", format_rfc3339(due)}});
    record_event(context, workload, false, "UpdateWaits",
                 "an update waits until " + format_rfc3339(due) + ": headwind.sh/min-update-interval is " +
                     std::to_string(std::chrono::seconds(settings.min_interval).count()) + " s");
  }
  context.queue->add_at(workload.key, due);
  return false;
}

std::vector<Move> moves_of(Context& context, const std::vector<Chosen>& chosen) {
  const std::string now = format_rfc3339(context.clock.unix_ms());
  std::vector<Move> moves;
  for (const Chosen& c : chosen)
    moves.push_back({c.slot,
                     c.new_image,
                     c.tag,
                     c.digest,
                     HistoryEntry{std::string(c.slot.container()), c.new_image, now, {}, {}, c.digest, c.trace, {}},
                     {},
                     c.pushed_ms});
  return moves;
}

// Of the pushes that a decision is about, and of the readings of its lists.
std::vector<std::string> traces_of(Context& context, const Seen& seen) {
  std::vector<std::string> traces;
  for (const std::string& key : seen.hints)
    if (const HintBook::Entry* entry = context.hints.find(key); entry != nullptr && !entry->hint.trace.empty())
      traces.push_back(entry->hint.trace);
  for (const auto& [repository, listed] : seen.lists) {
    const LocalScope within(listed.within);
    if (std::string trace = telemetry::Current::text(); !trace.empty()) traces.push_back(std::move(trace));
  }
  return traces;
}

// The span of a decision: a part of the first push's trace, else of the first reading's; the others' are linked. It is
// what the work that follows is a part of, days later perhaps.
void begin_decision(Context& context, const inventory::Workload& workload, const Seen& seen, std::int64_t start_ms,
                    std::optional<telemetry::Span>& span) {
  const std::vector<std::string> traces = traces_of(context, seen);
  const std::string parent = traces.empty() ? std::string() : traces.front();
  span.emplace("decide", telemetry::SpanOptions{.parent = parent, .start_ms = start_ms});
  name_workload(*span, workload.key);
  for (const std::string& other : traces)
    if (other != parent) span->link(other);
}

void note_choice(telemetry::Span& span, std::vector<Chosen>& chosen) {
  for (Chosen& c : chosen) {
    if (std::string now = span.text(); !now.empty()) c.trace = std::move(now);
    name_image(span, c.slot.repository.str(), c.tag, c.digest);
  }
  span.set("headwind.verdict", std::string(chosen.empty() ? "hold" : "update"));
}

// One patch for everything that moves. True: done, one way or the other. False: something moved, choose again.
Task<Result<bool>> apply_now(Context& context, inventory::Workload workload, Settings settings,
                             std::vector<Chosen> chosen) {
  const Result<> checked = co_await drop_undone(context, workload, chosen);
  if (!checked) co_return checked.error();
  if (chosen.empty()) co_return true;
  if (context.left.contains(workload.key)) co_return false;  // changed by somebody else while we thought
  telemetry::Span span("apply", {.may_be_root = false});
  name_workload(span, workload.key);
  if (const std::string now = span.text(); !now.empty())
    for (Chosen& c : chosen) c.trace = now;
  const std::vector<Move> moves = moves_of(context, chosen);
  context.sent.insert_or_assign(workload.key, Context::Sent{moves, settings.policy});
  const Result<inventory::Workload> after = co_await send_moves(context, workload, moves, true);
  if (after) {
    context.sent.erase(workload.key);
    tell_done(context, *after, moves, settings.policy);
    co_return true;
  }
  const Code code = after.error().code;
  span.fail(after.error().message, to_string(code));
  if (code == Code::conflict) co_return false;
  if (code == Code::not_found) co_return true;
  if (code == Code::denied || code == Code::invalid) {
    tell_refused(context, workload, moves, after.error());
    co_return true;
  }
  co_return after.error();
}

// An automatic patch whose answer was lost: the workload shows whether it arrived.
void tell_arrived(Context& context, const inventory::WorkloadKey& key) {
  const auto sent = context.sent.find(key);
  const inventory::Workload* workload = context.inventory.find(key);
  if (sent == context.sent.end() || workload == nullptr) return;
  const std::vector<HistoryEntry> history = read_history(workload->history_text());
  const bool arrived = std::all_of(sent->second.moves.begin(), sent->second.moves.end(), [&](const Move& move) {
    return std::any_of(history.begin(), history.end(), [&](const HistoryEntry& entry) {
      return entry.container == move.entry.container && entry.image == move.entry.image &&
             entry.timestamp == move.entry.timestamp;
    });
  });
  if (!arrived) return;
  const Context::Sent told = std::move(sent->second);
  context.sent.erase(sent);
  tell_done(context, *workload, told.moves, told.policy);
}

struct Chosens {
  std::vector<Chosen> slots;
  bool undecided = false;
};

Task<Result<Chosens>> choose_all(Context& context, inventory::Workload workload, Settings settings,
                                 std::vector<UpdateRequest> requests, bool listed) {
  Chosens result;
  for (const inventory::Slot& slot : workload.slots) {
    if (slot.repository.empty() || !settings.selects(slot)) continue;
    Result<SlotDecision> decision = co_await decide_slot(context, workload, settings, slot, requests, listed);
    if (!decision) co_return decision.error();
    result.undecided = result.undecided || decision->undecided;
    if (slot.chart && decision->judged) context.compat.helm_chart_versions_checked_total.add();
    if (decision->proposed) {  // alone: a crash may have left another one waiting
      const Result<> alone = co_await supersede_others(context, *decision->proposed, requests, slot);
      if (!alone) co_return alone.error();
    }
    if (!decision->lacking.empty()) tell_lacking(context, workload, slot, decision->lacking);
    if (decision->chosen) {
      count_found(context, workload, *decision->chosen, decision->pushed);
      result.slots.push_back(std::move(*decision->chosen));
    } else if (!decision->why.empty() && !decision->pushed) {  // a list that brings nothing is no news
      telemetry::debug("update", "held",
                       {{"workload", workload.key.text()}, {"slot", slot.slot.str()}, {"why", decision->why}});
    } else if (!decision->why.empty() && decision->why != decision->lacking) {
      const bool by_policy = decision->judged && decision->rule == settings.policy;
      if (slot.chart && by_policy) context.compat.helm_updates_rejected_total.add();
      tell_held(context, workload, slot, decision->why, decision->rule);
    }
  }
  co_return result;
}

// One look at the workload. True: done with what was `seen`. False: look again.
Task<Result<bool>> decide_once(Context& context, inventory::Workload workload, Seen seen) {
  const Settings settings = settings_of(context, workload);
  if (settings.skipped() || settings.policy == "none") {
    if (!context.ports.policies.knows(settings.policy)) set_aside(context, workload.key, seen);
    finish(context, workload.key, seen);
    co_return true;
  }
  if (settings.suspended) {  // what was pushed meanwhile waits in the inbox
    tell_suspended(context, workload, seen.hints);
    context.lists.drop(workload.key);
    co_return true;
  }
  context.told_suspended.erase(workload.key);
  // Most lists bring nothing, which is no decision worth a span; what is looked up for one is a part of its reading.
  const LocalScope within(seen.lists.empty() ? LocalValue() : seen.lists.begin()->second.within);
  std::optional<telemetry::Span> span;
  const std::int64_t began = context.clock.unix_ms();
  if (!seen.hints.empty()) begin_decision(context, workload, seen, 0, span);
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  const Result<ListUse> use = co_await sweep(context, workload, settings, requests);
  const bool keep_lists = use && *use == ListUse::keep;
  Result<Chosens> chosen = Chosens{};
  if (!use)
    chosen = use.error();
  else
    chosen = co_await choose_all(context, workload, settings, requests, *use == ListUse::decide);
  if (!chosen && chosen.error().code == Code::invalid) {  // the policy refuses its input: the annotation is wrong
    telemetry::warn("update", "policy refused", {{"workload", workload.key.text()}, {"error", chosen.error().message}});
    record_event(context, workload, true, "InvalidAnnotation", chosen.error().message);
    set_aside(context, workload.key, seen);
    finish(context, workload.key, seen);
    co_return true;
  }
  if (!chosen) co_return chosen.error();
  if (!span && !chosen->slots.empty()) begin_decision(context, workload, seen, began, span);
  if (span) note_choice(*span, chosen->slots);
  if (!chosen->slots.empty()) {
    if (is_resting(context, workload, requests)) {  // the hints stay; a list is read again
      if (!keep_lists) context.lists.drop(workload.key, seen.lists);
      co_return true;
    }
    if (!may_move_now(context, workload, settings)) {  // the hints stay; a list is read again
      if (!keep_lists) context.lists.drop(workload.key, seen.lists);
      co_return true;
    }
    if (context.left.contains(workload.key)) co_return false;
    if (settings.require_approval) {
      for (const Chosen& c : chosen->slots) {
        const Result<UpdateRequest> proposed = co_await propose(context, workload, settings, c, requests);
        if (!proposed && proposed.error().code == Code::not_found) continue;  // its namespace is going away
        if (!proposed) co_return proposed.error();
        context.metrics.decided("propose", settings.policy);
        context.queue->add_at(workload.key, proposed->expires_at_ms.value_or(0));
      }
    } else {
      if (!may_begin_rollout(context, workload)) {  // the hints stay; a list is read again
        if (!keep_lists) context.lists.drop(workload.key, seen.lists);
        co_return true;
      }
      const Result<bool> applied = co_await apply_now(context, workload, settings, std::move(chosen->slots));
      if (!applied) co_return applied.error();
      if (!*applied) co_return false;
    }
  }
  if (!chosen->undecided) {
    note_decided(context, workload.key, seen);
    finish(context, workload.key, seen, keep_lists);
  }
  co_return true;
}

}  // namespace

Settings settings_of(Context& context, const inventory::Workload& workload) {
  Settings settings = read_settings(workload, context.options.min_update_interval, context.clock.unix_ms());
  settings.suspended = settings.suspended || context.suspended_namespaces.contains(workload.key.name_space.str());
  add_mistakes_beside(settings, workload, context.ports.policies);
  return settings;
}

Task<Result<>> take_up_step(Context& context, inventory::WorkloadKey key) {
  std::vector<Move> done;
  const Result<> finished = co_await finish_step(context, key, done);
  const inventory::Workload* after = context.inventory.find(key);
  if (!finished || done.empty() || after == nullptr) co_return finished;
  for (Move& move : done) move.slot.image = move.replaced;  // as if it had been done in one go
  context.sent.erase(key);
  tell_done(context, *after, done, settings_of(context, *after).policy);
  co_return finished;
}

Task<Result<>> decide(Context& context, inventory::WorkloadKey key) {
  constexpr int looks = 3;  // then the backoff of the queue
  for (int look = 0; look < looks; ++look) {
    tell_arrived(context, key);
    if (const inventory::Workload* left = context.inventory.find(key); left != nullptr && context.left.contains(key)) {
      const inventory::Workload copy = *left;
      const Result<> remembered = co_await remember_undone(context, copy);
      if (!remembered) co_return remembered;
    }
    const inventory::Workload* found = context.inventory.find(key);
    if (found == nullptr) {
      for (const std::string& done : context.hints.left_by(key, {})) finish_hint(context, done);
      co_return Result<>{};
    }
    const inventory::Workload workload = *found;
    const Seen seen = seen_by(context, workload);
    if (seen.hints.empty() && seen.lists.empty()) co_return Result<>{};
    const Result<bool> done = co_await decide_once(context, workload, seen);
    if (!done) co_return done.error();
    if (*done) co_return Result<>{};
  }
  co_return make_error(Code::conflict, key.text() + ": it keeps changing while it is being updated");
}

}  // namespace headwind::update
