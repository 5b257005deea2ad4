// SPDX-License-Identifier: Apache-2.0
#include "app/outbox.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "core/coroutine_local.hpp"
#include "telemetry/log.hpp"
#include "telemetry/span.hpp"

namespace headwind::app {
namespace {

constexpr std::size_t most_traces = 2000;

}  // namespace

Outbox::Outbox(Executor executor, const Clock& clock, plugin::Notifier notifier, Counters counters,
               Backlog::Pauses pauses)
    : executor_(std::move(executor)),
      clock_(clock),
      name_(notifier.name()),
      notifier_(std::move(notifier)),
      counters_(counters),
      backlog_(clock, pauses),
      pause_(executor_) {}

void Outbox::put(plugin::Event event, const std::string& trace) {
  if (closed_) return;
  if (backlog_.empty() || traces_.size() >= most_traces) traces_.clear();  // with what became dead letters
  if (!trace.empty()) traces_[event.id] = trace;
  if (std::optional<api::DeadLetter> dropped = backlog_.put(std::move(event))) bury(std::move(*dropped));
  counters_.waiting.set(static_cast<double>(backlog_.size()));
  if (!backlog_.rests()) pause_.cancel();  // it may be due before what is waited for
  if (running_ || backlog_.empty()) return;
  running_ = true;
  // The coroutine keeps the outbox: it may outlive whoever filled it.
  spawn(executor_, "outbox", [](std::shared_ptr<Outbox> self) -> Task<> { co_await self->run(); }(shared_from_this()));
}

void Outbox::skip(std::int64_t unix_ms) {
  if (!closed_) backlog_.skip(unix_ms);
}

void Outbox::hand_over(plugin::Notifier notifier, Counters counters) {
  notifier_ = std::move(notifier);
  counters_ = counters;
  counters_.waiting.set(static_cast<double>(backlog_.size()));
  try_now();
}

void Outbox::try_now() {
  backlog_.try_now();
  pause_.cancel();
}

std::string Outbox::trace_of(const plugin::Event& event) const {
  const auto found = traces_.find(event.id);
  return found == traces_.end() ? std::string() : found->second;
}

// A part of what the first of them tells of; the others' work is linked.
Task<std::vector<Result<>>> Outbox::send(std::shared_ptr<Outbox> self, std::vector<plugin::Event> events) {
  const plugin::Notifier notifier = self->notifier_;  // another may take over meanwhile
  std::string parent;
  for (const plugin::Event& event : events)
    if (parent.empty()) parent = self->trace_of(event);
  telemetry::Span span("notify " + self->name_,
                       {.kind = telemetry::SpanKind::producer, .parent = parent, .may_be_root = false});
  std::vector<std::string> types;
  for (const plugin::Event& event : events) {
    if (const std::string trace = self->trace_of(event); trace != parent) span.link(trace);
    types.push_back(event.type);
  }
  span.set("headwind.notifier", self->name_);
  span.set("headwind.events", types);
  std::vector<Result<>> fates = co_await notifier.send(events);
  for (std::size_t i = 0; i < fates.size() && i < events.size(); ++i)
    if (fates[i] || !fates[i].error().retryable) self->traces_.erase(events[i].id);
  for (const Result<>& fate : fates)
    if (!fate) span.fail(fate.error().message, to_string(fate.error().code));
  co_return fates;
}

Task<> Outbox::run() {
  const LocalScope own(nullptr);  // not a part of what happened to put the first event
  while (!backlog_.empty()) {
    if (closed_ && clock_.mono_ms() >= closed_by_ms_) break;  // whoever comes next would tell it again
    std::vector<plugin::Event> events = backlog_.take();
    if (!events.empty()) {
      sending_ = true;
      const std::vector<Result<>> fates = co_await send(shared_from_this(), std::move(events));
      sending_ = false;
      count(backlog_.settle(fates));
      tell_of_trouble();
      continue;
    }
    const std::optional<std::int64_t> due = backlog_.due_ms();
    if (!due || (closed_ && *due >= closed_by_ms_)) break;
    pause_.expires_after(std::chrono::milliseconds(std::max<std::int64_t>(*due - clock_.mono_ms(), 1)));
    boost::system::error_code woken;
    co_await pause_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  }
  running_ = false;
}

// Once when it lasts and once when it is over: what goes wrong for a day is more than a dead letter at its end.
void Outbox::tell_of_trouble() {
  constexpr unsigned lasting = 2;
  const bool trouble = !backlog_.error().empty();
  if (trouble && ++failures_ == lasting)
    telemetry::warn("app", "a notifier does not take what it is told; it is tried again",
                    {{"notifier", name_}, {"waiting", backlog_.size()}, {"error", backlog_.error()}});
  if (trouble) return;
  if (failures_ >= lasting) telemetry::info("app", "a notifier takes again what it is told", {{"notifier", name_}});
  failures_ = 0;
}

void Outbox::count(const Backlog::Outcome& outcome) {
  sent_ += outcome.told;
  counters_.sent.add(static_cast<double>(outcome.told));
  counters_.of_kind.add(static_cast<double>(outcome.told));
  for (const api::DeadLetter& letter : outcome.dead) bury(letter);
  counters_.waiting.set(static_cast<double>(backlog_.size()));
}

void Outbox::bury(api::DeadLetter letter) {
  if (letter.reason == api::DeadLetter::Reason::overflow) {
    ++dropped_;
    counters_.dropped.add();
  } else {
    ++failed_;
    counters_.failed.add();
  }
  telemetry::error("app", "notification given up",
                   {{"notifier", name_},
                    {"event", letter.event},
                    {"workload", letter.workload},
                    {"reason", api::to_string(letter.reason)},
                    {"attempts", letter.attempts},
                    {"error", letter.error}});
  dead_letters_.add(std::move(letter));
}

api::NotifierStand Outbox::stand() const {
  api::NotifierStand stand;
  stand.name = name_;
  stand.state = sending_ ? "sending" : backlog_.empty() ? "idle" : "waiting";
  stand.waiting = backlog_.size();
  stand.sent = sent_, stand.failed = failed_, stand.dropped = dropped_;
  stand.told_up_to_ms = std::max<std::int64_t>(backlog_.mark(), 0);
  if (!backlog_.empty()) stand.error = backlog_.error();
  if (const auto due = backlog_.due_ms(); due && !sending_)
    stand.next_try_ms = clock_.unix_ms() + std::max<std::int64_t>(*due - clock_.mono_ms(), 0);
  stand.dead_letters = dead_letters_.all();
  return stand;
}

void Outbox::close(std::int64_t until_ms) {
  if (std::exchange(closed_, true)) return;
  closed_by_ms_ = until_ms;
  pause_.cancel();
}

Task<> Outbox::drain(std::int64_t until_ms) {
  close(until_ms);
  while (running_ && clock_.mono_ms() < closed_by_ms_) co_await sleep_for(std::chrono::milliseconds(10));
}

}  // namespace headwind::app
