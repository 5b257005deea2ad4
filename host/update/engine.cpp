// SPDX-License-Identifier: Apache-2.0
#include "update/engine.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/image_reference.hpp"
#include "telemetry/log.hpp"
#include "telemetry/span.hpp"
#include "update/applier.hpp"
#include "update/approval.hpp"
#include "update/audit.hpp"
#include "update/confirmer.hpp"
#include "update/context.hpp"
#include "update/decision_notes.hpp"
#include "update/explain.hpp"
#include "update/memory.hpp"
#include "update/observation.hpp"
#include "update/proposer.hpp"
#include "update/pruning.hpp"
#include "update/replay.hpp"
#include "update/request_status.hpp"
#include "update/rollback.hpp"
#include "update/rollouts.hpp"

namespace headwind::update {

namespace {
constexpr std::int64_t slow_retry_ms = 300'000;

// A request went away that we did not delete. Where its workload went, too, nothing was released.
void note_removed(Context& context, const UpdateRequest& gone) {
  if (!is_remembered(gone)) return;
  context.forgotten[target_of(gone)].push_back(gone);
  const inventory::Workload* workload = context.inventory.find(target_of(gone));
  if (workload == nullptr || gone.key.name_space != gone.target_namespace) return;
  if (gone.target_uid.empty() || gone.target_uid == workload->uid) audit_deleted(gone);
}
}  // namespace

struct Engine::Impl {
  Impl(Executor executor, inventory::Inventory& inventory, Ports ports, telemetry::Metrics& metrics,
       telemetry::CompatMetrics& compat, const Clock& clock, EngineOptions options)
      : context{executor, inventory, ports,   EngineMetrics(metrics),
                compat,   clock,     options, Inbox(executor, ports.inbox, clock),
                {},       {},        {},      nullptr,
                {},       {},        {},      {},
                {},       {},        {},      RolloutBook({options.max_rollouts, options.max_rollouts_per_namespace}),
                {},       {},        {},      {},
                {}},
        queue(
            executor, clock, options.concurrency, options.all_concurrency,
            [this](const WorkQueue::Key& key) { return registries_of(key); },
            [this](WorkQueue::Key key) { return reconcile(std::move(key)); }) {
    context.queue = &queue;
    queue.tell_depth([this](std::size_t depth) { context.metrics.queue.set(static_cast<double>(depth)); });
  }

  // Whom a look at the workload may wait for: its registry hosts. Empty where it is gone.
  std::string registries_of(const inventory::WorkloadKey& key) const {
    const inventory::Workload* workload = context.inventory.find(key);
    std::set<std::string_view> hosts;
    if (workload != nullptr)
      for (const inventory::Slot& slot : workload->slots) hosts.insert(host_of(slot.repository.str()));
    std::string joined;
    for (const std::string_view host : hosts) joined.append(host).append(" ");
    return joined;
  }

  Task<Result<>> reconcile(inventory::WorkloadKey key) {
    const auto turn = co_await context.turns.take(key);
    const std::int64_t began = context.clock.mono_ms();
    const Result<> outcome = co_await look_at(key);
    context.compat.reconcile_duration_seconds.observe(static_cast<double>(context.clock.mono_ms() - began) / 1000);
    if (outcome) {
      context.look_failures.succeeded(key);
    } else {
      context.compat.reconcile_errors_total.add();
      telemetry::warn(
          "update", "reconcile failed",
          {{"workload", key.text()}, {"error", outcome.error().message}, {"retried", outcome.error().retryable}});
      tell_failed(key, outcome.error());
      // Its cause may be mended where nobody tells us of it (a missing permission): looked at again, but slowly.
      if (!outcome.error().retryable) queue.add_at(key, context.clock.unix_ms() + slow_retry_ms);
    }
    co_return outcome;
  }

  void tell_failed(const inventory::WorkloadKey& key, const Error& error) {
    const inventory::Workload* workload = context.inventory.find(key);
    if (workload == nullptr) return;
    const LookFailures::Told told = context.look_failures.failed(key, error);
    if (!told.sentence.empty()) record_event(context, *workload, true, told.reason, told.sentence);
  }

  Task<Result<>> look_at(inventory::WorkloadKey key) {
    if (const inventory::Workload* workload = context.inventory.find(key)) {
      const inventory::Workload copy = *workload;
      const Result<> undone = co_await remember_undone(context, copy);
      if (!undone) co_return undone;
      const Result<> released = co_await note_forgotten(context, key);
      if (!released) co_return released;
    }
    const Result<> taken_up = co_await take_up_step(context, key);
    if (!taken_up) co_return taken_up;
    const Result<> judged = co_await follow_rollout(context, key);
    const Result<> stepped = co_await step_requests(context, key);
    const Result<> decided = co_await decide(context, key);
    const Result<> followed = co_await follow_rollout(context, key);  // what was begun just now
    give_back_rollout(context, key);
    co_await prune(context, key);
    for (const Result<>* part : {&judged, &stepped, &decided})
      if (!*part) co_return *part;
    co_return followed;
  }

  bool is_ready() const {
    return inbox_read && (namespaces_known || !context.options.namespaces) && context.requests.listed() &&
           context.inventory.complete();
  }

  // Everything is known for the first time: what waited for that goes on.
  void become_ready() {
    if (opened || !is_ready()) return;
    opened = true;
    queue.open();
    if (context.ports.polling != nullptr) context.ports.polling->open();
    for (const std::string& key : context.hints.keys()) {
      const HintBook::Entry* entry = context.hints.find(key);
      if (context.inventory.uses(entry->hint.repository)) {
        confirm(context, key);
      } else {
        context.metrics.unmatched.add();
        finish_hint(context, key);
      }
    }
    for (const UpdateRequest& request : context.requests.all()) queue.add(target_of(request));
    if (context.ports.rollouts != nullptr)
      for (const inventory::WorkloadKey& key : recently_updated(context)) queue.add(key);
    telemetry::info("update", "ready", {{"workloads", context.inventory.size()}, {"hints", context.hints.size()}});
  }

  Context context;
  WorkQueue queue;
  bool inbox_read = false, namespaces_known = false, opened = false;
  LastTexts unmatched;  // repositories of pushes that concern nobody, as told
};

Engine::Engine(Executor executor, inventory::Inventory& inventory, Ports ports, telemetry::Metrics& metrics,
               telemetry::CompatMetrics& compat, const Clock& clock, EngineOptions options)
    : impl_(std::make_unique<Impl>(executor, inventory, ports, metrics, compat, clock, options)) {}
Engine::~Engine() = default;

Task<Result<>> Engine::start() {
  const Result<std::vector<Hint>> hints = co_await impl_->context.ports.inbox.load();
  if (!hints) co_return hints.error();
  for (const Hint& hint : *hints) {
    impl_->context.hints.take(hint, true);
    impl_->context.swept.announced.put(hint.key());
    impl_->context.inbox.assume_stored(hint);
  }
  impl_->inbox_read = true;
  impl_->become_ready();
  co_return Result<>{};
}

Task<> Engine::drain() {
  impl_->queue.close();
  const std::int64_t until = impl_->context.clock.mono_ms() + 10'000;
  while ((impl_->context.turns.taken()) && impl_->context.clock.mono_ms() < until)
    co_await sleep_for(std::chrono::milliseconds(5));
  co_await impl_->context.inbox.flush();
}

Task<Result<>> Engine::take(std::vector<Hint> hints) {
  Context& context = impl_->context;
  telemetry::Span span("take pushes", {.may_be_root = false});
  span.set("headwind.pushes", static_cast<std::int64_t>(hints.size()));
  bool written = true, full = false;
  for (const Hint& hint : hints) {
    if (hint.origin == Origin::webhook) context.swept.announced.put(hint.key());
    if (impl_->opened && !context.inventory.uses(hint.repository)) {
      context.metrics.unmatched.add();
      if (impl_->unmatched.put(hint.repository))
        telemetry::info("update", "push of a repository that no workload with a policy uses",
                        {{"image", hint.repository + ":" + hint.tag}});
      continue;
    }
    const HintBook::Entry* entry = context.hints.find(hint.key());
    const bool known = entry != nullptr, kept = known && entry->in_inbox;
    if (!kept && context.hints.bytes() + stored_size(hint) > context.options.inbox_bytes) {
      full = true;
      continue;
    }
    const bool recent = !known && context.hints.is_recent(hint, context.clock.unix_ms());
    const bool news = context.hints.take(hint, false);
    if (news && !recent) context.inbox.put(hint);
    written = written && recent;
    if (impl_->opened) confirm(context, hint.key());
  }
  context.metrics.inbox.set(static_cast<double>(context.hints.size()));
  if (full)
    co_return Error{Code::throttled, "the inbox is full; send the webhook again later", true,
                    std::chrono::milliseconds(5000)};
  if (written) co_return Result<>{};
  co_return co_await context.inbox.written(std::chrono::milliseconds(2000));
}

void Engine::listed(Symbol repository, TagList tags, const std::vector<inventory::WorkloadKey>& users) {
  telemetry::CompatMetrics& compat = impl_->context.compat;
  const Listed listed{std::move(tags), local_value()};
  for (const inventory::WorkloadKey& user : users) {
    const inventory::Workload* workload = impl_->context.inventory.find(user);
    const bool is_chart = workload != nullptr &&
                          std::any_of(workload->slots.begin(), workload->slots.end(),
                                      [&](const auto& slot) { return slot.chart && slot.repository == repository; });
    (is_chart ? compat.polling_helm_charts_checked_total : compat.polling_images_checked_total).add();
    if (workload == nullptr) continue;
    impl_->context.lists.put(user, repository, listed);
    impl_->queue.add(user);
  }
}
void Engine::unlisted(Symbol repository, const std::string& sentence, const std::vector<inventory::WorkloadKey>& users,
                      const std::vector<inventory::WorkloadKey>& told) {
  impl_->context.metrics.decided("unknown", "registry", static_cast<double>(users.size()));
  if (!told.empty())
    telemetry::warn("update", "tags not read",
                    {{"repository", repository.str()}, {"workloads", told.size()}, {"error", sentence}});
  for (const inventory::WorkloadKey& user : told)
    if (const inventory::Workload* found = impl_->context.inventory.find(user))
      record_event(impl_->context, *found, true, "TagsNotRead", sentence);
}

void Engine::measure() {
  Context& context = impl_->context;
  context.metrics.queue_age.set(static_cast<double>(impl_->queue.oldest_ms()) / 1000);
  const std::optional<std::int64_t> oldest = context.hints.oldest_ms();
  const std::int64_t age = oldest ? context.clock.unix_ms() - *oldest : 0;
  context.metrics.inbox_age.set(static_cast<double>(std::max<std::int64_t>(age, 0)) / 1000);
}

void Engine::rollout_seen(const inventory::WorkloadKey& workload, const Result<RolloutView>& seen) {
  take_rollout_view(impl_->context, workload, seen);
}
std::vector<Engine::RolloutStand> Engine::rollouts() const { return stands_of(impl_->context.rollouts); }

void Engine::workload_changed(inventory::Workload workload) { observe(impl_->context, std::move(workload)); }
void Engine::workload_removed(const inventory::WorkloadKey& key) { observe_gone(impl_->context, key); }
void Engine::workload_list_started(Symbol kind) { impl_->context.inventory.begin(kind); }
void Engine::workload_list_finished(Symbol kind) {
  for (const inventory::Workload& workload : impl_->context.inventory.finish(kind))
    let_go(impl_->context, workload.key);
  impl_->become_ready();
}

void Engine::namespace_seen(const std::string& name, bool suspended) {
  std::set<std::string>& all = impl_->context.suspended_namespaces;
  const bool changed = suspended ? all.insert(name).second : all.erase(name) > 0;
  if (!changed) return;
  // What the first list finds was said at some time before: the start of a process is not its "when".
  if (impl_->namespaces_known) audit_suspension(name, suspended);
  telemetry::info("update", suspended ? "namespace suspended" : "namespace no longer suspended", {{"namespace", name}});
  for (const inventory::WorkloadKey& key : impl_->context.inventory.all())
    if (key.name_space == name) observe_again(impl_->context, key);
}
void Engine::plugins_changed() {
  Context& context = impl_->context;
  if (!impl_->opened) return;
  for (const inventory::WorkloadKey& key : context.inventory.all()) {
    const inventory::Workload* workload = context.inventory.find(key);
    tell_mistakes(context, *workload, settings_of(context, *workload));
    observe_again(context, key);
    if (context.lists.wait_for(key)) impl_->queue.add(key);
  }
  for (const auto& [hint, users] : context.set_aside.take_all()) {
    if (!context.inventory.uses(hint.repository)) continue;
    if (context.hints.take_again(hint, users))
      confirm(context, hint.key());
    else
      context.set_aside.put(hint, users);  // until they are done with what came anew
  }
  context.metrics.inbox.set(static_cast<double>(context.hints.size()));
}
void Engine::namespaces_listed() {
  impl_->namespaces_known = true;
  impl_->become_ready();
}

void Engine::request_changed(UpdateRequest request) {
  const inventory::WorkloadKey target = target_of(request);
  if (!impl_->context.requests.put(std::move(request))) return;
  impl_->context.compat.updates_pending.set(static_cast<double>(impl_->context.requests.pending()));
  impl_->queue.add(target);
}
void Engine::request_removed(const RequestKey& key, const std::string& uid) {
  const auto gone = impl_->context.requests.remove(key, uid);
  impl_->context.compat.updates_pending.set(static_cast<double>(impl_->context.requests.pending()));
  if (!gone) return;  // we removed it, or it is another one
  note_removed(impl_->context, *gone);
  impl_->queue.add(target_of(*gone));
}
void Engine::request_list_started() { impl_->context.requests.list_started(); }
void Engine::request_list_finished() {
  for (const UpdateRequest& gone : impl_->context.requests.list_finished()) {
    note_removed(impl_->context, gone);
    impl_->queue.add(target_of(gone));
  }
  impl_->context.compat.updates_pending.set(static_cast<double>(impl_->context.requests.pending()));
  impl_->become_ready();
}

std::optional<UpdateRequest> Engine::request(const RequestKey& key) const {
  const UpdateRequest* request = impl_->context.requests.find(key);
  return request != nullptr ? std::optional(*request) : std::nullopt;
}
std::vector<UpdateRequest> Engine::requests() const { return impl_->context.requests.all(); }
void Engine::each_request(const RequestKey& from, const std::function<bool(const UpdateRequest&)>& visit) const {
  impl_->context.requests.each(from, visit);
}
void Engine::add_observer(RequestObserver& observer) { impl_->context.requests.add_observer(observer); }
void Engine::remove_observer(RequestObserver& observer) { impl_->context.requests.remove_observer(observer); }

Task<Result<UpdateRequest>> Engine::approve(RequestKey key, Vote vote) {
  const auto known = request(key);
  if (!known) co_return make_error(Code::not_found, "UpdateRequest not found: " + key.text());
  const auto turn = co_await impl_->context.turns.take(target_of(*known));
  Result<UpdateRequest> approved = co_await update::approve(impl_->context, key, vote);
  impl_->queue.add(target_of(*known));  // a place among the rollouts that came to nothing is given back
  co_return approved;
}

Task<Result<UpdateRequest>> Engine::reject(RequestKey key, std::string who, std::string reason) {
  const auto known = request(key);
  if (!known) co_return make_error(Code::not_found, "UpdateRequest not found: " + key.text());
  const auto turn = co_await impl_->context.turns.take(target_of(*known));
  co_return co_await update::reject(impl_->context, key, who, reason);
}

Task<Result<>> Engine::release(RequestKey key, std::string who) {
  const auto known = request(key);
  if (!known) co_return make_error(Code::not_found, "UpdateRequest not found: " + key.text());
  const auto turn = co_await impl_->context.turns.take(target_of(*known));
  const auto now = request(key);
  if (!now) co_return make_error(Code::not_found, "UpdateRequest not found: " + key.text());
  const bool remembers =
      now->phase == Phase::rejected || now->phase == Phase::failed || now->phase == Phase::rolled_back;
  if (!remembers)
    co_return make_error(Code::conflict,
                         "UpdateRequest is in " + std::string(to_string(now->phase)) +
                             " state, cannot release: " + key.text() +
                             " remembers no bad version, as one does that is Rejected, Failed or RolledBack" +
                             (now->phase == Phase::pending ? "; reject it so that its version is not taken" : ""));
  const Result<> traced = co_await note_release(impl_->context, *now);
  if (!traced) co_return traced;
  const Result<> removed = co_await remove_request(impl_->context, *now);
  if (!removed) co_return removed;
  record_event(impl_->context, *now, false, "UpdateReleased",
               (who.empty() ? std::string() : who + ": ") + now->new_image + " is no longer remembered as bad");
  telemetry::info("update", "released", {{"request", key.text()}, {"version", now->new_image}, {"by", who}});
  co_return Result<>{};
}

Task<Result<RollbackOutcome>> Engine::roll_back(RollbackOrder order) {
  const auto turn = co_await impl_->context.turns.take(order.target);
  co_return co_await order_rollback(impl_->context, order);
}

Result<std::vector<HistoryEntry>> Engine::history(const inventory::WorkloadKey& target,
                                                  std::string_view container) const {
  const inventory::Workload* workload = impl_->context.inventory.find(target);
  if (workload == nullptr)
    return make_error(Code::not_found, target.text() + " not found, or it has no headwind.sh/policy");
  return entries_of(read_history(workload->history_text()), container);
}

std::vector<Symbol> Engine::kinds() const { return impl_->context.inventory.kinds(); }

std::vector<std::string> Engine::containers(const inventory::WorkloadKey& target) const {
  std::vector<std::string> names;
  if (const inventory::Workload* workload = impl_->context.inventory.find(target))
    for (const inventory::Slot& slot : workload->slots) names.emplace_back(slot.container());
  return names;
}

Task<Result<Explanation>> Engine::explain(inventory::WorkloadKey target) {
  return update::explain(impl_->context, std::move(target));
}

std::vector<Notification> Engine::happened_since(std::int64_t since_ms) const {
  return update::happened_since(impl_->context, since_ms);
}

bool Engine::ready() const { return impl_->opened; }
std::size_t Engine::hints_waiting() const { return impl_->context.hints.size(); }
std::size_t Engine::queue_depth() const { return impl_->queue.depth(); }
bool Engine::idle() const {
  return impl_->queue.idle() && !impl_->context.turns.taken() && impl_->context.inbox.unwritten() == 0;
}

}  // namespace headwind::update
