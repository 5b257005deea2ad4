// SPDX-License-Identifier: Apache-2.0
#include "update/decision_notes.hpp"

#include <optional>
#include <set>
#include <utility>

#include "core/text.hpp"
#include "telemetry/log.hpp"
#include "telemetry/trace_context.hpp"
#include "update/audit.hpp"
#include "update/obstacle.hpp"

namespace headwind::update {
namespace {

// Of the first of these pushes that is a part of one. That it waits is no span, and yet said as a part of it.
std::vector<telemetry::Field> trace_of(Context& context, const std::vector<std::string>& hints) {
  for (const std::string& key : hints) {
    const HintBook::Entry* entry = context.hints.find(key);
    const auto trace = telemetry::parse_trace_text(entry == nullptr ? std::string_view() : entry->hint.trace);
    if (trace) return {{"trace_id", trace->trace_id}, {"span_id", trace->span_id}};
  }
  return {};
}

}  // namespace

void tell_suspended(Context& context, const inventory::Workload& workload, const std::vector<std::string>& hints) {
  std::set<std::string>& told = context.told_suspended[workload.key];
  std::vector<std::string> news;
  for (const std::string& key : hints)
    if (told.insert(key).second) news.push_back(key);
  const std::optional<std::string> obstacle = obstacle_to(context, workload);
  if (news.empty() || !obstacle) return;
  std::vector<telemetry::Field> fields = trace_of(context, news);
  fields.insert(fields.begin(), {{"workload", workload.key.text()}, {"why", *obstacle}});
  telemetry::log(telemetry::Level::info, "update", "pushed to a suspended workload", fields.data(), fields.size());
  record_event(context, workload, false, "UpdateWaits",
               join(news) + " waits " + *obstacle + "; nothing is proposed or applied before");
}

void tell_done(Context& context, const inventory::Workload& after, const std::vector<Move>& moves,
               const std::string& policy) {
  for (const Move& move : moves) {
    context.compat.updates_applied_total.add();
    if (move.slot.chart) context.compat.helm_updates_applied_total.add();
    context.metrics.decided("update", policy);
    if (move.pushed_ms != 0)
      context.metrics.patched(after.key.kind.str(),
                              static_cast<double>(context.clock.unix_ms() - move.pushed_ms) / 1000, move.entry.trace);
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

void tell_held(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
               const std::string& why, std::string_view rule) {
  context.metrics.decided("hold", rule);
  telemetry::info("update", "held", {{"workload", workload.key.text()}, {"slot", slot.slot.str()}, {"why", why}});
  record_event(context, workload, false, "UpdateHeld", slot.slot.str() + ": " + why);
}

void tell_lacking(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
                  const std::string& sentence) {
  const auto known = context.lacking.find({workload.key, slot.slot});
  if (known == context.lacking.end() || known->second.sentence == sentence) return;
  known->second.sentence = sentence;
  tell_held(context, workload, slot, sentence, "platform");
}

void count_found(Context& context, const inventory::Workload& workload, const Chosen& chosen, bool pushed) {
  telemetry::CompatMetrics& compat = context.compat;
  const inventory::Slot& slot = chosen.slot;
  const std::string version = chosen.new_image + "@" + chosen.digest;
  if (std::exchange(context.found[{workload.key, slot.slot}], version) == version) return;
  if (!pushed) (slot.chart ? compat.polling_helm_new_versions_found_total : compat.polling_new_tags_found_total).add();
  if (!slot.chart) return;
  compat.helm_updates_found_total.add();
  compat.helm_updates_approved_total.add();
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

}  // namespace headwind::update
