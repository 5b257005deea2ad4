// SPDX-License-Identifier: Apache-2.0
#include "update/proposer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/text.hpp"
#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/audit.hpp"
#include "update/contention.hpp"
#include "update/decision.hpp"
#include "update/history.hpp"
#include "update/memory.hpp"
#include "update/obstacle.hpp"
#include "update/proposal.hpp"
#include "update/rollback.hpp"
#include "update/rollouts.hpp"
#include "update/sender.hpp"
#include "update/sweep.hpp"
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
    context.metrics.waited.add();
    telemetry::info("update", "update waits for the minimum interval",
                    {{"workload", workload.key.text()}, {"until", format_rfc3339(due)}});
    record_event(context, workload, false, "UpdateWaits",
                 "an update waits until " + format_rfc3339(due) + ": headwind.sh/min-update-interval is " +
                     std::to_string(std::chrono::seconds(settings.min_interval).count()) + " s");
  }
  context.queue->add_at(workload.key, due);
  return false;
}

// Who wonders why nothing is even proposed looks at the workload.
void tell_suspended(Context& context, const inventory::Workload& workload, const Seen& seen) {
  std::set<std::string>& told = context.told_suspended[workload.key];
  std::vector<std::string> news;
  for (const std::string& key : seen.hints)
    if (told.insert(key).second) news.push_back(key);
  const std::optional<std::string> obstacle = obstacle_to(context, workload);
  if (news.empty() || !obstacle) return;
  telemetry::info("update", "pushed to a suspended workload", {{"workload", workload.key.text()}, {"why", *obstacle}});
  record_event(context, workload, false, "UpdateWaits",
               join(news) + " waits " + *obstacle + "; nothing is proposed or applied before");
}

std::vector<Move> moves_of(Context& context, const std::vector<Chosen>& chosen) {
  const std::string now = format_rfc3339(context.clock.unix_ms());
  std::vector<Move> moves;
  for (const Chosen& c : chosen)
    moves.push_back({c.slot, c.new_image, c.tag, c.digest,
                     HistoryEntry{std::string(c.slot.container()), c.new_image, now, {}, {}, c.digest, c.trace, {}}});
  return moves;
}

void tell_done(Context& context, const inventory::Workload& after, const std::vector<Move>& moves,
               const std::string& policy) {
  for (const Move& move : moves) {
    context.compat.updates_applied_total.add();
    if (move.slot.chart) context.compat.helm_updates_applied_total.add();
    context.metrics.updated.add();
    const inventory::Slot* now = after.find_slot(move.slot.slot.str());
    Notification done =
        notification_of(EventType::update_completed, after, move.slot, now != nullptr ? now->image : move.new_image,
                        move.digest, move.entry.timestamp);
    done.policy = policy;
    done.unix_ms = parse_rfc3339(move.entry.timestamp).value();
    Notification detected = done;
    detected.type = EventType::update_detected;
    detected.id =
        notification_of(EventType::update_detected, after, move.slot, move.new_image, move.digest, move.entry.timestamp)
            .id;
    context.ports.notifiers.tell(detected);
    context.ports.notifiers.tell(done);
    telemetry::info("update", "update applied",
                    {{"workload", after.key.text()},
                     {"slot", move.slot.slot.str()},
                     {"from", move.slot.image},
                     {"to", move.new_image},
                     {"digest", move.digest}});
    audit_move("apply", after.key, move, "policy " + policy);
    record_event(context, after, false, "Updated", move.slot.image + " -> " + move.new_image);
  }
}

void tell_refused(Context& context, const inventory::Workload& workload, const std::vector<Move>& moves,
                  const Error& error) {
  context.compat.updates_failed_total.add();
  for (const Move& move : moves) {
    Notification failed = notification_of(EventType::update_failed, workload, move.slot, move.new_image, move.digest,
                                          move.entry.timestamp);
    failed.error_message = error.message;
    context.ports.notifiers.tell(failed);
    audit_move("apply", workload.key, move, {}, error);
  }
  telemetry::error("update", "update refused", {{"workload", workload.key.text()}, {"error", error.message}});
  record_event(context, workload, true, "UpdateFailed", error.message);
}

bool was_released(const inventory::Workload& workload, const std::string& image) {
  const std::string* released = workload.annotation(annotation::released);
  if (released == nullptr) return false;
  const auto images = split(*released, ',');
  return std::any_of(images.begin(), images.end(), [&](std::string_view one) { return trim(one) == image; });
}

// Whether another digest stood behind `chosen` when it ran: a fix was pushed under the same tag since.
bool is_new_build(const inventory::Workload& workload, const Chosen& chosen,
                  const std::vector<UpdateRequest>& requests) {
  if (chosen.digest.empty()) return false;
  std::vector<std::string> known;
  for (const HistoryEntry& entry : entries_of(read_history(workload.history_text()), chosen.slot.container()))
    if (entry.image == chosen.new_image && !entry.digest.empty()) known.push_back(entry.digest);
  for (const UpdateRequest& request : requests)
    if (is_remembered(request) && concerns(request, chosen.slot) && request.new_image == chosen.new_image &&
        !request.digest.empty())
      known.push_back(request.digest);
  return !known.empty() && std::find(known.begin(), known.end(), chosen.digest) == known.end();
}

// Whether our last write to the slot is just that, and somebody has set another image since: `kubectl rollout undo` of
// a Deployment takes the history along, but nothing else that changes images does.
bool was_left(const inventory::Workload& workload, const Chosen& chosen) {
  const auto entries = entries_of(read_history(workload.history_text()), chosen.slot.container());
  return !entries.empty() && entries.front().image == chosen.new_image &&
         !inventory::runs(chosen.slot, chosen.new_image, chosen.digest);
}

// Versions that a workload ran before are not brought back by a list of tags or a hint from before our start: somebody
// may have undone them while we were away (decisions 11). Unless a person released them since.
Task<Result<>> drop_undone(Context& context, inventory::Workload workload, std::vector<Chosen>& chosen) {
  if (std::none_of(chosen.begin(), chosen.end(), [](const Chosen& c) { return c.may_be_undone; })) co_return Result<>{};
  Result<std::vector<RanBefore>> before = std::vector<RanBefore>{};
  if (workload.key.kind == "Deployment") before = co_await context.ports.workloads.ran_before(workload);
  if (!before) co_return before.error();
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  std::vector<Chosen> kept;
  for (const Chosen& c : chosen) {
    const bool ran = was_left(workload, c) || std::any_of(before->begin(), before->end(), [&](const RanBefore& old) {
                       return std::find(old.images.begin(), old.images.end(),
                                        std::pair{c.slot.slot.str(), c.new_image}) != old.images.end();
                     });
    if (!ran || !c.may_be_undone || was_released(workload, c.new_image) || is_new_build(workload, c, requests)) {
      kept.push_back(c);
      continue;
    }
    RollbackRecord record{workload, c.slot, c.new_image, c.digest, c.slot.image, std::string(undone_while_away), ""};
    const Result<UpdateRequest> remembered = co_await record_rollback(context, record);
    if (!remembered) co_return remembered.error();
    context.queue->add(workload.key);
  }
  chosen = std::move(kept);
  co_return Result<>{};
}

// The span of a decision: a part of the first push's trace, the others' are linked; or the root of one where a list of
// tags brought something. It is what the work that follows is a part of, days later perhaps.
void begin_decision(Context& context, const inventory::Workload& workload, const Seen& seen, std::int64_t start_ms,
                    std::optional<telemetry::Span>& span) {
  std::vector<std::string> traces;
  for (const std::string& key : seen.hints)
    if (const HintBook::Entry* entry = context.hints.find(key); entry != nullptr && !entry->hint.trace.empty())
      traces.push_back(entry->hint.trace);
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

void tell_held(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
               const std::string& why) {
  context.metrics.held.add();
  telemetry::info("update", "held", {{"workload", workload.key.text()}, {"slot", slot.slot.str()}, {"why", why}});
  record_event(context, workload, false, "UpdateHeld", slot.slot.str() + ": " + why);
}

// A version that lacks a platform is told once, whether another one is taken or not.
void tell_lacking(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
                  const std::string& sentence) {
  const auto known = context.lacking.find({workload.key, slot.slot});
  if (known == context.lacking.end() || known->second.sentence == sentence) return;
  known->second.sentence = sentence;
  tell_held(context, workload, slot, sentence);
}

void count_found(Context& context, const inventory::Slot& slot, bool pushed) {
  telemetry::CompatMetrics& compat = context.compat;
  if (!pushed) (slot.chart ? compat.polling_helm_new_versions_found_total : compat.polling_new_tags_found_total).add();
  if (!slot.chart) return;
  compat.helm_chart_versions_checked_total.add();
  compat.helm_updates_found_total.add();
  compat.helm_updates_approved_total.add();
}

Task<Result<Chosens>> choose_all(Context& context, inventory::Workload workload, Settings settings,
                                 std::vector<UpdateRequest> requests, bool listed) {
  Chosens result;
  for (const inventory::Slot& slot : workload.slots) {
    if (slot.repository.empty() || !settings.selects(slot)) continue;
    Result<SlotDecision> decision = co_await decide_slot(context, workload, settings, slot, requests, listed);
    if (!decision) co_return decision.error();
    result.undecided = result.undecided || decision->undecided;
    if (decision->proposed) {  // alone: a crash may have left another one waiting
      const Result<> alone = co_await supersede_others(context, *decision->proposed, requests, slot);
      if (!alone) co_return alone.error();
    }
    if (!decision->lacking.empty()) tell_lacking(context, workload, slot, decision->lacking);
    if (decision->chosen) {
      count_found(context, slot, decision->pushed);
      result.slots.push_back(std::move(*decision->chosen));
    } else if (!decision->why.empty() && !decision->pushed) {  // a list that brings nothing is no news
      telemetry::debug("update", "held",
                       {{"workload", workload.key.text()}, {"slot", slot.slot.str()}, {"why", decision->why}});
    } else if (!decision->why.empty() && decision->why != decision->lacking) {
      tell_held(context, workload, slot, decision->why);
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
    tell_suspended(context, workload, seen);
    context.lists.drop(workload.key);
    co_return true;
  }
  context.told_suspended.erase(workload.key);
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
        context.metrics.proposed.add();
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
  if (!settings.policy.empty() && !context.ports.policies.knows(settings.policy))
    settings.mistakes.push_back(
        {annotation::policy,
         workload.key.text() + ": annotation headwind.sh/policy is '" + settings.policy.substr(0, 100) +
             "', which no loaded policy plugin serves; write none, patch, minor, major, all, glob or force" +
             (settings.policy.find('/') == std::string::npos
                  ? ""
                  : ", or configure an instance '" +
                        settings.policy.substr(settings.policy.find('/') + 1).substr(0, 100) + "'"),
         true});
  for (const inventory::Slot& slot : workload.slots)
    if (!is_comparable(slot))
      settings.mistakes.push_back({"",
                                   workload.key.text() + ": its chart's version is the range '" +
                                       inventory::value_of(slot, slot.image) +
                                       "', which Flux follows by itself; write one version to have Headwind update it",
                                   false, "VersionRange"});
  if (!workload.unread.empty() && !workload.not_read)
    settings.mistakes.push_back({"", workload.key.text() + ": " + workload.unread, false, "ChartSource"});
  return settings;
}

void tell_mistakes(Context& context, const inventory::Workload& workload, const Settings& settings) {
  std::string all;
  for (const Mistake& mistake : settings.mistakes) all += mistake.sentence + "\n";
  std::string& told = context.told[workload.key];
  if (told == all) return;
  told = all;
  if (all.empty()) context.told.erase(workload.key);
  for (const Mistake& mistake : settings.mistakes) {
    const bool invalid = mistake.reason == "InvalidAnnotation";
    const bool elsewhere = mistake.reason.starts_with("Managed");
    telemetry::warn("update",
                    invalid     ? "annotation not understood"
                    : elsewhere ? "workload managed elsewhere"
                                : "chart not followed",
                    {{"workload", workload.key.text()}, {"error", mistake.sentence}});
    record_event(context, workload, true, mistake.reason, mistake.sentence);
    if (!invalid) continue;
    context.metrics.all
        .counter("headwind_annotation_errors_total", "Annotations that could not be understood",
                 {{"annotation", std::string(mistake.field.empty() ? "unknown" : mistake.field)}})
        .add();
  }
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
