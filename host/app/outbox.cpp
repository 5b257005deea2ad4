// SPDX-License-Identifier: Apache-2.0
#include "app/outbox.hpp"

#include <algorithm>
#include <utility>

#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

constexpr std::size_t batch_size = 20;
constexpr unsigned most_attempts = 8;  // about two minutes; then the oldest event is given up and counted
constexpr std::size_t remembered_ids = 4096;

}  // namespace

Outbox::Outbox(Executor executor, const Clock& clock, plugin::Notifier notifier, Counters counters)
    : executor_(std::move(executor)), clock_(clock), notifier_(std::move(notifier)), counters_(counters) {}

void Outbox::put(plugin::Event event) {
  if (closed_ || !ids_.insert(event.id).second) return;
  order_.push_back(event.id);
  if (order_.size() > remembered_ids) {
    ids_.erase(order_.front());
    order_.pop_front();
  }
  if (events_.size() >= limit) {
    events_.pop_front();
    counters_.dropped.add();
  }
  events_.push_back(std::move(event));
  counters_.waiting.set(static_cast<double>(events_.size()));
  if (running_) return;
  running_ = true;
  // The coroutine keeps the outbox: it may outlive whoever filled it.
  spawn(executor_, "outbox", [](std::shared_ptr<Outbox> self) -> Task<> { co_await self->run(); }(shared_from_this()));
}

// Takes what was told, or never can be, off the front; returns how many stay to be tried again.
std::size_t Outbox::deliver(const std::vector<plugin::Event>& batch, const std::vector<Result<>>& fates) {
  std::vector<plugin::Event> again;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const bool told = i < fates.size() && fates[i];
    if (told) {
      counters_.sent.add();
      counters_.of_kind.add();
      told_up_to_ = std::max(told_up_to_, batch[i].unix_ms);
      continue;
    }
    const Error error = i < fates.size() ? fates[i].error() : make_error(Code::internal, "no answer");
    if (error.retryable) {
      again.push_back(batch[i]);
      continue;
    }
    counters_.failed.add();
    telemetry::error("app", "notification failed",
                     {{"notifier", notifier_.name()}, {"event", batch[i].type}, {"error", error.message}});
  }
  events_.insert(events_.begin(), again.begin(), again.end());
  counters_.waiting.set(static_cast<double>(events_.size()));
  return again.size();
}

std::int64_t Outbox::mark() const {
  std::int64_t mark = told_up_to_;
  for (const auto* waiting : {&events_, &under_way_})
    for (const plugin::Event& event : *waiting) mark = std::min(mark, event.unix_ms - 1);
  return mark;
}

Task<> Outbox::run() {
  unsigned attempts = 0;
  while (!events_.empty()) {
    const std::size_t count = std::min(batch_size, events_.size());
    const auto end = events_.begin() + static_cast<std::ptrdiff_t>(count);
    const std::vector<plugin::Event> batch(events_.begin(), end);
    events_.erase(events_.begin(), end);
    under_way_.assign(batch.begin(), batch.end());
    const std::vector<Result<>> fates = co_await notifier_.send(batch);
    under_way_.clear();
    if (deliver(batch, fates) == 0) {
      attempts = 0;
      continue;
    }
    if (++attempts >= most_attempts) {
      telemetry::error("app", "notification given up",
                       {{"notifier", notifier_.name()}, {"event", events_.front().type}, {"attempts", attempts}});
      counters_.failed.add();
      events_.pop_front();
      attempts = 0;
      continue;
    }
    if (closed_) break;
    co_await sleep_for(std::chrono::milliseconds(std::min<std::int64_t>(500LL << attempts, 60'000)));
  }
  running_ = false;
}

Task<> Outbox::drain(std::chrono::milliseconds grace) {
  closed_ = true;
  const std::int64_t until = clock_.mono_ms() + grace.count();
  while (running_ && clock_.mono_ms() < until) co_await sleep_for(std::chrono::milliseconds(10));
}

void PluginNotifiers::add(plugin::Notifier notifier, std::string_view plugin) {
  const telemetry::Labels labels{{"notifier", notifier.name()}};
  Outbox::Counters counters;
  counters.sent = compat_.notifications_sent_total;
  counters.failed = compat_.notifications_failed_total;
  if (plugin == "headwind.notifier.slack") counters.of_kind = compat_.notifications_slack_sent_total;
  if (plugin == "headwind.notifier.teams") counters.of_kind = compat_.notifications_teams_sent_total;
  if (plugin == "headwind.notifier.webhook") counters.of_kind = compat_.notifications_webhook_sent_total;
  counters.dropped = metrics_.counter("headwind_notifications_dropped_total",
                                      "Notifications dropped because too many were waiting", labels);
  counters.waiting = metrics_.gauge("headwind_outbox_events", "Notifications waiting to be sent", labels);
  for (const auto& outbox : outboxes_)
    if (outbox->name() == notifier.name()) return outbox->hand_over(std::move(notifier), counters);
  outboxes_.push_back(std::make_shared<Outbox>(executor_, clock_, std::move(notifier), counters));
}

Task<> PluginNotifiers::remove(std::string notifier, std::chrono::milliseconds grace) {
  const auto found = std::ranges::find(outboxes_, notifier, [](const auto& outbox) { return outbox->name(); });
  if (found == outboxes_.end()) co_return;
  const std::shared_ptr<Outbox> outbox = std::move(*found);
  outboxes_.erase(found);
  co_await outbox->drain(grace);
}

void PluginNotifiers::tell(const update::Notification& notification) {
  update::Notification stamped = notification;
  if (stamped.unix_ms == 0) stamped.unix_ms = clock_.unix_ms();
  const plugin::Event event = notice_of(stamped, links_);
  for (const auto& outbox : outboxes_) outbox->put(event);
}

void PluginNotifiers::tell_one(std::string_view notifier, const update::Notification& notification) {
  for (const auto& outbox : outboxes_)
    if (outbox->name() == notifier) outbox->put(notice_of(notification, links_));
}

void PluginNotifiers::start_from(std::string_view notifier, std::int64_t mark_ms) {
  for (const auto& outbox : outboxes_)
    if (outbox->name() == notifier) outbox->start_from(mark_ms);
}

std::vector<std::string> PluginNotifiers::names() const {
  std::vector<std::string> names;
  for (const auto& outbox : outboxes_) names.push_back(outbox->name());
  return names;
}

std::map<std::string, std::int64_t> PluginNotifiers::marks() const {
  std::map<std::string, std::int64_t> marks;
  for (const auto& outbox : outboxes_) marks[outbox->name()] = outbox->mark();
  return marks;
}

Task<> PluginNotifiers::drain(std::chrono::milliseconds grace) {
  const std::int64_t until = clock_.mono_ms() + grace.count();
  for (const auto& outbox : outboxes_)
    co_await outbox->drain(std::chrono::milliseconds(std::max<std::int64_t>(until - clock_.mono_ms(), 0)));
}

}  // namespace headwind::app
