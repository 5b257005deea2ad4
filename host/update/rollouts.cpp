// SPDX-License-Identifier: Apache-2.0
#include "update/rollouts.hpp"

#include <algorithm>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/history.hpp"
#include "update/rollback.hpp"
#include "update/rollout_due.hpp"
#include "update/rollout_outcome.hpp"
#include "update/work_span.hpp"

namespace headwind::update {
namespace {

RolloutLimits limits_of(const Context& context, const Settings& settings) {
  return {settings.rollback_timeout, settings.health_check_retries, context.options.health_check_interval,
          context.options.rollout_settle};
}

void wake_waiting(Context& context) {
  for (const inventory::WorkloadKey& key : context.rollouts.admissible()) context.queue->add(key);
  context.metrics.rollouts.set(static_cast<double>(context.rollouts.followed().size()));
  context.metrics.rollouts_waiting.set(static_cast<double>(context.rollouts.waiting().size()));
}

void leave(Context& context, const inventory::WorkloadKey& key) {
  if (!context.rollouts.leave(key)) return;
  context.ports.rollouts->leave(key);
  wake_waiting(context);
}

// A change of ours, or the first look at it: begins anew.
void begin(Context& context, const inventory::Workload& workload, const Settings& settings,
           std::vector<RolloutSubject> subjects) {
  const std::int64_t began = began_at(context, subjects, settings);
  const bool known = context.rollouts.find(workload.key) != nullptr;
  FollowedRollout rollout;
  rollout.uid = workload.uid, rollout.from_version = workload.resource_version;
  rollout.subjects = std::move(subjects);
  rollout.judge = RolloutJudge(began);
  rollout.unseen_since_ms = context.clock.unix_ms();
  context.rollouts.follow(workload.key, std::move(rollout));
  if (known) context.ports.rollouts->leave(workload.key);  // what it saw was of another rollout
  context.ports.rollouts->follow(workload);
  context.metrics.rollouts.set(static_cast<double>(context.rollouts.followed().size()));
}

std::string sentence_of(const FollowedRollout& rollout) {
  return rollout.judge.view() ? rollout.judge.view()->reason : std::string();
}

std::string late_sentence(const FollowedRollout& rollout, const RolloutLimits& limits) {
  const std::string why = sentence_of(rollout);
  return "not complete " + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(limits.timeout).count()) +
         " s after the patch" + (why.empty() ? "" : ": " + why);
}

std::string name_of(RolloutVerdict verdict) {
  switch (verdict) {
    case RolloutVerdict::open: break;
    case RolloutVerdict::done: return "done";
    case RolloutVerdict::failed: return "failed";
    case RolloutVerdict::late: return "late";
  }
  return "open";
}

// Of the patch, as the history keeps it: what somebody does later begins there, also where a restart lies between.
std::string trace_of(const Context& context, const inventory::Workload& workload, const RolloutSubject& subject) {
  for (const HistoryEntry& entry : read_history(workload.history_text())) {
    const auto patched = parse_rfc3339(entry.timestamp);
    if (entry.image == subject.image && patched && *patched == subject.patched_ms && !entry.trace.empty())
      return entry.trace;
  }
  const UpdateRequest* request = subject.request ? context.requests.find(*subject.request) : nullptr;
  return request != nullptr ? request->trace : std::string();
}

// From the patch to the verdict.
telemetry::SpanOptions since_patch(const Context& context, const inventory::Workload& workload,
                                   const RolloutSubject& subject) {
  telemetry::SpanOptions options;
  options.parent = trace_of(context, workload, subject);
  options.may_be_root = false;
  options.start_ms = subject.patched_ms;
  return options;
}

void name_rollout(telemetry::Span& span, const inventory::Workload& workload, const RolloutSubject& subject,
                  std::string_view verdict) {
  name_workload(span, workload.key);
  span.set("headwind.image.to", subject.image);
  if (!subject.digest.empty()) span.set("oci.manifest.digest", subject.digest);
  span.set("headwind.rollout.verdict", std::string(verdict));
}

// The verdict about one subject, written down and told.
Task<Result<>> end(Context& context, inventory::Workload workload, Settings settings, RolloutSubject subject,
                   RolloutVerdict verdict, std::string why) {
  telemetry::Span span(subject.going_back ? "roll out rollback" : "roll out", since_patch(context, workload, subject));
  name_rollout(span, workload, subject, name_of(verdict));
  if (verdict != RolloutVerdict::done) span.fail(why, name_of(verdict));
  if (verdict == RolloutVerdict::done) co_return co_await end_well(context, workload, subject, why);
  const bool undo = verdict == RolloutVerdict::failed || settings.auto_rollback;
  if (undo) co_return co_await end_badly(context, workload, settings, subject, why);
  co_return co_await end_late(context, workload, subject, why);
}

Task<Result<>> conclude(Context& context, inventory::Workload workload, Settings settings, FollowedRollout rollout,
                        RolloutVerdict verdict, std::string why) {
  std::int64_t patched = 0;
  for (const RolloutSubject& subject : rollout.subjects) {
    const inventory::Workload* now = context.inventory.find(workload.key);  // a rollback of the first moved it
    const inventory::Workload current = now != nullptr ? *now : workload;
    const Result<> ended = co_await end(context, current, settings, subject, verdict, why);
    if (!ended && ended.error().code != Code::not_found) co_return ended;
    patched = std::max(patched, subject.patched_ms);
  }
  context.rollouts.conclude(workload.key, patched);
  leave(context, workload.key);
  context.queue->add(workload.key);  // the way back is followed, too; what waited decides
  co_return Result<>{};
}

// Somebody else changed what the pods are made of: whose fault it is when they fail is not known any more.
Task<Result<>> give_up(Context& context, inventory::Workload workload, FollowedRollout rollout, std::string_view reason,
                       std::string sentence) {
  std::int64_t patched = 0;
  for (const RolloutSubject& subject : rollout.subjects) {
    telemetry::Span span("roll out", since_patch(context, workload, subject));
    name_rollout(span, workload, subject, "unknown");
    const Result<> ended = co_await note_unknown(context, subject, reason, sentence);
    if (!ended) co_return ended;
    patched = std::max(patched, subject.patched_ms);
  }
  telemetry::info("update", "rollout no longer followed",
                  {{"workload", workload.key.text()}, {"reason", reason}, {"why", sentence}});
  record_event(context, workload, false, "RolloutNotFollowed",
               sentence + "; Headwind does not judge this rollout any more, and does not undo it");
  context.rollouts.conclude(workload.key, patched);
  leave(context, workload.key);
  co_return Result<>{};
}

// Another revision than that of the first look: somebody else changed what the pods are made of.
void take_view(FollowedRollout& rollout, const RolloutView& view, std::int64_t now) {
  if (rollout.revision.empty()) rollout.revision = view.revision;
  rollout.replaced = rollout.replaced || (!view.revision.empty() && view.revision != rollout.revision);
  rollout.judge.see(view, now);
  rollout.unseen_since_ms = 0, rollout.told_unseen = false;
  rollout.unseen_why.clear();
}

void miss(FollowedRollout& rollout, const Error& why, std::int64_t now) {
  if (rollout.unseen_since_ms == 0) rollout.unseen_since_ms = now;
  rollout.unseen_why = why.message;
}

// An automatic update has a request from now on.
Task<Result<>> keep_held(Context& context, inventory::Workload workload, RolloutSubject subject, std::string why) {
  const Result<UpdateRequest> kept = co_await remember_held(context, workload, subject, why);
  if (!kept) co_return kept.error();
  FollowedRollout* rollout = context.rollouts.find(workload.key);
  if (rollout == nullptr) co_return Result<>{};
  for (RolloutSubject& one : rollout->subjects)  // it is the same rollout, and does not begin anew
    if (one == subject) one.request = kept->key;
  co_return Result<>{};
}

// Who looks at the request sees what it waits for, and that it goes on.
Task<Result<>> tell_held(Context& context, inventory::Workload workload) {
  const FollowedRollout& rollout = *context.rollouts.find(workload.key);
  const bool held = rollout.judge.held();
  if (rollout.told_held == held || !rollout.judge.view()) co_return Result<>{};
  const std::string why = sentence_of(rollout);
  const std::vector<RolloutSubject> subjects = rollout.subjects;
  for (const RolloutSubject& subject : subjects) {
    Result<> written;
    if (held && !subject.request)
      written = co_await keep_held(context, workload, subject, why);
    else
      written = co_await note_unknown(context, subject, held ? rollout_reason::held : rollout_reason::following, why);
    if (!written) co_return written;
  }
  FollowedRollout* now = context.rollouts.find(workload.key);
  if (now == nullptr) co_return Result<>{};
  now->told_held = held;
  if (!held) co_return Result<>{};
  record_event(context, workload, false, "RolloutHeld", why + "; Headwind goes on to watch when that changes");
  wake_waiting(context);  // it does not count among those under way
  co_return Result<>{};
}

// What the rollout goes back from.
std::vector<BadImage> left_behind(const Context& context, const FollowedRollout& rollout) {
  std::vector<BadImage> bad;
  for (const RolloutSubject& subject : rollout.subjects) {
    const UpdateRequest* request = subject.request ? context.requests.find(*subject.request) : nullptr;
    if (!subject.going_back || request == nullptr || request->new_image.empty()) continue;
    const std::string_view slot = subject.slot.str();
    bad.push_back({std::string(slot.substr(slot.rfind('/') + 1)), request->new_image});
  }
  return bad;
}

// A way back that does not come forward by itself.
Task<> help_back(Context& context, inventory::Workload workload) {
  const FollowedRollout& rollout = *context.rollouts.find(workload.key);
  const std::vector<BadImage> bad = left_behind(context, rollout);
  const auto& view = rollout.judge.view();
  if (bad.empty() || !view || view->state == RolloutView::State::done || view->state == RolloutView::State::held)
    co_return;
  const Result<> helped = co_await context.ports.rollouts->unblock(workload, bad);
  FollowedRollout* now = context.rollouts.find(workload.key);
  if (helped || now == nullptr || std::exchange(now->told_blocked, true)) co_return;
  telemetry::warn("update", "the way back is blocked",
                  {{"workload", workload.key.text()}, {"error", helped.error().message}});
  record_event(context, workload, true, "RollbackBlocked", helped.error().message);
}

// Nothing is known of it. Where that has lasted for its timeout it is told, and no longer keeps others waiting: it may
// last for ever.
Task<Result<>> wait_for_sight(Context& context, inventory::Workload workload, RolloutLimits limits) {
  const FollowedRollout* found = context.rollouts.find(workload.key);
  if (found == nullptr || found->told_unseen) co_return Result<>{};
  const FollowedRollout rollout = *found;
  // However short its timeout: the first look takes a while.
  constexpr std::chrono::milliseconds without_limit{300'000};
  const auto timeout = limits.timeout.count() > 0 ? limits.timeout : without_limit;
  const auto patience = std::max({timeout, limits.check_interval, std::chrono::milliseconds(1000)});
  const std::int64_t due = rollout.unseen_since_ms + patience.count();
  if (context.clock.unix_ms() < due) {
    context.queue->add_at(workload.key, due);
    co_return Result<>{};
  }
  const std::string why = "whether it comes up has not been seen for " +
                          std::to_string(std::chrono::duration_cast<std::chrono::seconds>(patience).count()) +
                          " s: " + (rollout.unseen_why.empty() ? "nothing was heard of it" : rollout.unseen_why);
  for (const RolloutSubject& subject : rollout.subjects) {
    const Result<> noted = co_await note_unknown(context, subject, rollout_reason::not_seen, why);
    if (!noted) co_return noted;
  }
  FollowedRollout* now = context.rollouts.find(workload.key);
  if (now == nullptr || now->unseen_since_ms == 0 || std::exchange(now->told_unseen, true)) co_return Result<>{};
  telemetry::warn("update", "rollout not seen", {{"workload", workload.key.text()}, {"why", why}});
  record_event(context, workload, true, "RolloutNotSeen",
               why + "; Headwind goes on to look, and rolls nothing back before it sees it");
  wake_waiting(context);
  co_return Result<>{};
}

// One look with fresh eyes confirms the verdict, or it is judged anew: what a watch brought may be behind.
Task<Result<bool>> confirmed(Context& context, inventory::Workload workload, RolloutLimits limits,
                             RolloutVerdict verdict) {
  const Result<RolloutView> fresh = co_await context.ports.rollouts->look(workload);
  FollowedRollout* rollout = context.rollouts.find(workload.key);
  if (!fresh) {
    if (rollout != nullptr) miss(*rollout, fresh.error(), context.clock.unix_ms());
    const Result<> told = co_await wait_for_sight(context, workload, limits);
    if (!told) co_return told.error();
    Error error = fresh.error();
    error.retryable = true;
    co_return error;
  }
  if (rollout == nullptr || rollout->replaced) co_return false;  // the next look says why
  take_view(*rollout, *fresh, context.clock.unix_ms());
  const bool same = !rollout->replaced && rollout->judge.judge(limits, context.clock.unix_ms()) == verdict;
  if (!same) context.queue->add(workload.key);
  co_return same;
}

// What the judge says about the followed rollout now.
Task<Result<>> judge(Context& context, inventory::Workload workload, Settings settings) {
  FollowedRollout* rollout = context.rollouts.find(workload.key);
  if (rollout->unsupported) {
    const FollowedRollout copy = *rollout;
    co_return co_await give_up(context, workload, copy, rollout_reason::not_watched,
                               "its workload plugin does not follow rollouts");
  }
  if (rollout->replaced) {
    const FollowedRollout copy = *rollout;
    co_return co_await give_up(context, workload, copy, rollout_reason::replaced,
                               "its pods were changed by someone else meanwhile");
  }
  const RolloutLimits limits = limits_of(context, settings);
  const std::int64_t now = context.clock.unix_ms();
  if (!rollout->judge.view()) co_return co_await wait_for_sight(context, workload, limits);
  const Result<> told = co_await tell_held(context, workload);
  if (!told) co_return told;
  rollout = context.rollouts.find(workload.key);
  if (rollout == nullptr) co_return Result<>{};
  const RolloutVerdict verdict = rollout->judge.judge(limits, now);
  if (verdict == RolloutVerdict::open) {
    if (const auto next = rollout->judge.next_ms(limits, now)) context.queue->add_at(workload.key, *next);
    co_await help_back(context, workload);
    co_return Result<>{};
  }
  const Result<bool> stands = co_await confirmed(context, workload, limits, verdict);
  if (!stands) co_return stands.error();
  rollout = context.rollouts.find(workload.key);
  if (!*stands || rollout == nullptr) co_return Result<>{};
  const FollowedRollout copy = *rollout;
  const std::string why = verdict == RolloutVerdict::late ? late_sentence(copy, limits) : sentence_of(copy);
  co_return co_await conclude(context, workload, settings, copy, verdict, why);
}

bool is_part_of(const std::vector<RolloutSubject>& some, const std::vector<RolloutSubject>& all) {
  return std::all_of(some.begin(), some.end(), [&](const RolloutSubject& subject) {
    return std::find(all.begin(), all.end(), subject) != all.end();
  });
}

// Whether a slot that was followed runs something else by now, rather than being judged already: its pods are the same
// as those of the slots that are left, so nobody can say any more whose fault it is when they fail.
bool lost_one(const inventory::Workload& workload, const FollowedRollout& rollout,
              const std::vector<RolloutSubject>& left) {
  return std::any_of(rollout.subjects.begin(), rollout.subjects.end(), [&](const RolloutSubject& subject) {
    const inventory::Slot* slot = workload.find_slot(subject.slot.str());
    const bool still = slot != nullptr && (inventory::runs(*slot, subject.image, subject.digest) ||
                                           (subject.going_back && inventory::is_pinned_form(*slot, subject.image)));
    return !still && std::find(left.begin(), left.end(), subject) == left.end();
  });
}

// Rollouts of an object of that name that is gone: nobody sees them any more.
Task<Result<>> end_former(Context& context, inventory::Workload workload) {
  const std::vector<UpdateRequest> requests = context.requests.naming(workload.key);
  for (const UpdateRequest& request : requests) {
    if (request.target_uid.empty() || request.target_uid == workload.uid || request.deleting) continue;
    for (const bool going_back : {false, true}) {
      if (!is_awaited(request, going_back)) continue;
      RolloutSubject former;
      former.request = request.key, former.going_back = going_back;
      const Result<> ended = co_await note_unknown(context, former, rollout_reason::replaced,
                                                   workload.key.text() + " was deleted and made anew");
      if (!ended) co_return ended;
    }
  }
  co_return Result<>{};
}

}  // namespace

Task<Result<>> follow_rollout(Context& context, inventory::WorkloadKey key) {
  if (context.ports.rollouts == nullptr) co_return Result<>{};
  const inventory::Workload* found = context.inventory.find(key);
  if (found == nullptr) {
    leave(context, key);
    co_return Result<>{};
  }
  const inventory::Workload workload = *found;
  const Settings settings = read_settings(workload, context.options.min_update_interval, context.clock.unix_ms());
  // Histories are long to read: not where nothing can be under way.
  if (!context.rollouts.followed().contains(key) && !context.requests.names(key) && !is_recent(context, settings))
    co_return Result<>{};
  const Result<> former = co_await end_former(context, workload);
  if (!former) co_return former;
  const Due due = due_of(context, workload, settings);
  for (const RolloutSubject& gone : due.replaced) {
    const inventory::Slot* slot = workload.find_slot(gone.slot.str());
    const std::string sentence = "the workload runs " + slot->image + " by now, not " + gone.image;
    const Result<> ended = co_await note_unknown(context, gone, rollout_reason::replaced, sentence);
    if (!ended) co_return ended;
  }
  if (due.subjects.empty()) {
    leave(context, key);
    co_return Result<>{};
  }
  FollowedRollout* known = context.rollouts.find(key);
  if (known == nullptr || known->uid != workload.uid || !is_part_of(due.subjects, known->subjects)) {
    begin(context, workload, settings, due.subjects);
  } else if (known->subjects != due.subjects) {
    known->replaced = known->replaced || lost_one(workload, *known, due.subjects);
    known->subjects = due.subjects;
  }
  co_return co_await judge(context, workload, settings);
}

void take_rollout_view(Context& context, const inventory::WorkloadKey& key, const Result<RolloutView>& seen) {
  FollowedRollout* rollout = context.rollouts.find(key);
  if (rollout == nullptr) return;
  const std::int64_t now = context.clock.unix_ms();
  if (!seen) {
    if (seen.error().code == Code::unsupported) {
      rollout->unsupported = true;
      context.queue->add(key);
    } else {
      rollout->judge.lose_sight(now);
      miss(*rollout, seen.error(), now);
      context.queue->add(key);
    }
    return;
  }
  if (inventory::is_older(seen->resource_version, rollout->from_version)) return;
  context.compat.deployment_health_checks_total.add();
  if (seen->state == RolloutView::State::failed) context.compat.deployment_health_failures_total.add();
  take_view(*rollout, *seen, now);
  context.queue->add(key);
}

bool may_begin_rollout(Context& context, const inventory::Workload& workload) {
  if (context.ports.rollouts == nullptr) return true;
  const bool waited = context.rollouts.position(workload.key) > 0;
  const bool admitted = context.rollouts.admit(workload.key);
  context.metrics.rollouts_waiting.set(static_cast<double>(context.rollouts.waiting().size()));
  context.asked_to_begin.insert(workload.key);
  if (admitted || waited) return admitted;
  context.metrics.decided("wait", "rollouts");
  const std::string place = std::to_string(context.rollouts.position(workload.key)) + " of " +
                            std::to_string(context.rollouts.waiting().size());
  telemetry::info("update", "update waits for rollouts under way",
                  {{"workload", workload.key.text()}, {"position", place}});
  record_event(context, workload, false, "RolloutQueued",
               std::to_string(context.rollouts.under_way()) + " rollouts are under way; position " + place);
  return false;
}

void give_back_rollout(Context& context, const inventory::WorkloadKey& key) {
  if (context.asked_to_begin.erase(key) == 0) context.rollouts.stop_waiting(key);
  context.rollouts.give_back(key);
  wake_waiting(context);
}

std::vector<Engine::RolloutStand> stands_of(const RolloutBook& book) {
  static constexpr std::array<const char*, 4> states{"running", "done", "failed", "held"};
  std::vector<Engine::RolloutStand> stands;
  for (const auto& [key, rollout] : book.followed()) {
    Engine::RolloutStand stand;
    stand.workload = key;
    if (const auto& view = rollout.judge.view()) {
      stand.state = states.at(static_cast<std::size_t>(view->state));
      stand.reason = view->reason, stand.ready = view->ready, stand.wanted = view->wanted;
    }
    for (const RolloutSubject& subject : rollout.subjects) {
      stand.images.push_back(subject.image);
      stand.since_ms = std::max(stand.since_ms, subject.patched_ms);
    }
    stands.push_back(std::move(stand));
  }
  for (std::size_t i = 0; i < book.waiting().size(); ++i) {
    Engine::RolloutStand stand;
    stand.workload = book.waiting()[i], stand.position = i + 1;
    stands.push_back(std::move(stand));
  }
  return stands;
}

std::vector<inventory::WorkloadKey> recently_updated(const Context& context) {
  std::vector<inventory::WorkloadKey> recent;
  const std::int64_t now = context.clock.unix_ms();
  for (const inventory::WorkloadKey& key : context.inventory.all()) {
    const inventory::Workload& workload = *context.inventory.find(key);
    const Settings settings = read_settings(workload, context.options.min_update_interval, now);
    if (is_recent(context, settings)) recent.push_back(key);
  }
  return recent;
}

}  // namespace headwind::update
