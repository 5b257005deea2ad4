// SPDX-License-Identifier: Apache-2.0
#include "app/notifiers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "telemetry/log.hpp"
#include "telemetry/span.hpp"

namespace headwind::app {
namespace {

constexpr std::size_t most_named = 20;  // in one log line, of what was given up

}  // namespace

Outbox* PluginNotifiers::find(std::string_view notifier) const {
  const auto found = outboxes_.find(notifier);
  return found == outboxes_.end() ? nullptr : found->second.get();
}

Outbox::Counters PluginNotifiers::counters_of(const std::string& notifier, std::string_view plugin) {
  const telemetry::Labels labels{{"notifier", notifier}};
  Outbox::Counters counters;
  counters.sent = compat_.notifications_sent_total;
  counters.failed = compat_.notifications_failed_total;
  if (plugin == "headwind.notifier.slack") counters.of_kind = compat_.notifications_slack_sent_total;
  if (plugin == "headwind.notifier.teams") counters.of_kind = compat_.notifications_teams_sent_total;
  if (plugin == "headwind.notifier.webhook") counters.of_kind = compat_.notifications_webhook_sent_total;
  counters.dropped = metrics_.counter("headwind_notifications_dropped_total",
                                      "Notifications dropped because too many were waiting", labels);
  counters.waiting = metrics_.gauge("headwind_outbox_events", "Notifications waiting to be sent", labels);
  return counters;
}

bool PluginNotifiers::add(plugin::Notifier notifier, std::string_view plugin) {
  const std::string name = notifier.name();
  const Outbox::Counters counters = counters_of(name, plugin);
  if (Outbox* before = find(name)) {
    before->hand_over(std::move(notifier), counters);
    return false;
  }
  const auto outbox = std::make_shared<Outbox>(executor_, clock_, std::move(notifier), counters, pauses_);
  outbox->backlog().start_from(clock_.unix_ms(), {});  // a new one hears of the future only
  outboxes_[name] = outbox;
  return true;
}

void PluginNotifiers::try_now(std::string_view notifier) {
  if (Outbox* outbox = find(notifier)) outbox->try_now();
}

Task<> PluginNotifiers::remove(std::string notifier, std::chrono::milliseconds grace) {
  const auto found = outboxes_.find(notifier);
  if (found == outboxes_.end()) co_return;
  const std::shared_ptr<Outbox> outbox = found->second;
  outboxes_.erase(found);
  co_await outbox->drain(clock_.mono_ms() + grace.count());
  if (const std::size_t left = outbox->backlog().size(); left != 0) {
    const std::string named = join(outbox->backlog().names(most_named), "; ");
    telemetry::error("app", "notifications given up: their notifier was removed",
                     {{"notifier", notifier}, {"events", left}, {"oldest", named}});
  }
  if (find(notifier) == nullptr) counters_of(notifier, {}).waiting.set(0);
}

std::optional<TextMap> PluginNotifiers::labels_of(const update::Notification& notification) const {
  TextMap labels;
  if (!routes_.ask_for_labels()) return labels;
  const inventory::Workload* workload =
      inventory_.find({notification.kind, notification.name_space, notification.name});
  if (workload == nullptr) return labels;
  if (workload->metadata == nullptr) return {};  // the list that brings them is under way
  const nlohmann::json metadata = nlohmann::json::parse(*workload->metadata, nullptr, false);
  if (!metadata.is_object() || !metadata.contains("labels")) return labels;
  for (const auto& [key, value] : metadata["labels"].items())
    if (value.is_string()) labels[key] = value.get<std::string>();
  return labels;
}

void PluginNotifiers::route(Outbox& outbox, const update::Notification& notification, const plugin::Event& event,
                            const std::optional<TextMap>& labels) {
  if (routes_.lead_to(outbox.name(), notification, labels.value_or(TextMap()), labels.has_value()))
    outbox.put(event, notification.trace);
  else
    outbox.skip(event.unix_ms);  // or other routes would bring it back, weeks later
}

void PluginNotifiers::tell(const update::Notification& notification) {
  update::Notification stamped = notification;
  if (stamped.unix_ms == 0) stamped.unix_ms = clock_.unix_ms();
  if (std::string now = telemetry::Current::text(); !now.empty()) stamped.trace = std::move(now);
  const plugin::Event event = notice_of(stamped, links_);
  const std::optional<TextMap> labels = labels_of(stamped);
  for (const auto& [name, outbox] : outboxes_) route(*outbox, stamped, event, labels);
}

void PluginNotifiers::tell_one(std::string_view notifier, const update::Notification& notification) {
  Outbox* outbox = find(notifier);
  if (outbox != nullptr) route(*outbox, notification, notice_of(notification, links_), labels_of(notification));
}

void PluginNotifiers::start_from(std::string_view notifier, std::int64_t mark_ms,
                                 const std::vector<std::string>& settled_ids) {
  if (Outbox* outbox = find(notifier)) outbox->backlog().start_from(mark_ms, settled_ids);
}

std::vector<std::string> PluginNotifiers::names() const {
  std::vector<std::string> names;
  for (const auto& [name, outbox] : outboxes_) names.push_back(name);
  return names;
}

std::map<std::string, std::int64_t> PluginNotifiers::marks() const {
  std::map<std::string, std::int64_t> marks;
  for (const auto& [name, outbox] : outboxes_) marks[name] = outbox->backlog().mark();
  return marks;
}

std::vector<std::string> PluginNotifiers::settled_ids(std::string_view notifier) const {
  const Outbox* outbox = find(notifier);
  return outbox == nullptr ? std::vector<std::string>() : outbox->backlog().settled_ids();
}

std::vector<api::NotifierStand> PluginNotifiers::notifiers() const {
  std::vector<api::NotifierStand> stands;
  for (const auto& [name, outbox] : outboxes_) stands.push_back(outbox->stand());
  return stands;
}

Task<> PluginNotifiers::drain(std::chrono::milliseconds grace) {
  const std::int64_t until = clock_.mono_ms() + grace.count();
  const auto outboxes = outboxes_;  // one may be removed meanwhile
  for (const auto& [name, outbox] : outboxes) outbox->close(until);
  for (const auto& [name, outbox] : outboxes) co_await outbox->drain(until);
}

}  // namespace headwind::app
