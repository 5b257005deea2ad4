// SPDX-License-Identifier: Apache-2.0
#include "update/sweep.hpp"

#include <algorithm>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/decision.hpp"

namespace headwind::update {
namespace {

// As webhooks would have named it; the tag that runs with what it names now, since that is what is new.
std::string version_of(const inventory::Slot& slot, const Candidate& candidate) {
  const auto image = inventory::read_reference(slot, slot.image);
  const std::string name = slot.repository.str() + ":" + candidate.tag;
  return image && (image->tag.empty() ? "latest" : image->tag) == candidate.tag ? name + "@" + candidate.digest : name;
}

// Until when its webhook may still come; in the past where it may not.
std::int64_t patience_ends(Context& context, const std::string& version, const Candidate& candidate) {
  constexpr std::size_t most_new = 4096;
  if (candidate.pushed_ms != 0) return 0;  // those that are too new were left out
  auto& first_seen = context.swept.first_seen;
  if (first_seen.size() >= most_new) first_seen.clear();
  return first_seen.try_emplace(version, context.clock.mono_ms()).first->second + webhook_patience_ms;
}

void count_missed(Context& context, const inventory::Slot& slot, const std::string& version) {
  if (!context.swept.missed.put(version)) return;
  context.metrics.all
      .counter("headwind_webhook_gap_total", "Pushed versions that no webhook announced, by registry host",
               {{"source", std::string(host_of(slot.repository.str()))}})
      .add();
  telemetry::warn("update", "a push was not announced", {{"image", version}});
}

void tell(Context& context, const inventory::Workload& workload, const std::string& sentence) {
  std::string& told = context.swept.told[workload.key];
  if (told == sentence) return;
  told = sentence;
  if (!sentence.empty()) record_event(context, workload, true, "WebhookMissed", sentence);
}

}  // namespace

bool is_polled(const Context& context, const Settings& settings, const inventory::Slot& slot) {
  if (slot.chart && context.options.chart_discovery) return settings.source != Settings::Source::none;
  return context.options.polling && settings.follows(Origin::polling);
}

bool is_swept(const Context& context, const Settings& settings, const inventory::Slot& slot) {
  return context.options.sweep != SweepMode::off && settings.follows(Origin::sweep) &&
         !is_polled(context, settings, slot) && !slot.chart && settings.policy != "none" && settings.policy != "force";
}

Task<Result<ListUse>> sweep(Context& context, inventory::Workload workload, Settings settings,
                            std::vector<UpdateRequest> requests) {
  const auto any = [&](bool (*holds)(const Context&, const Settings&, const inventory::Slot&)) {
    return std::any_of(workload.slots.begin(), workload.slots.end(),
                       [&](const inventory::Slot& slot) { return holds(context, settings, slot); });
  };
  if (!context.lists.wait_for(workload.key) || any(is_polled)) co_return ListUse::decide;
  if (!any(is_swept)) co_return ListUse::none;
  std::string sentence;
  std::int64_t wait_ms = 0;
  for (const inventory::Slot& slot : workload.slots) {
    if (slot.repository.empty() || !settings.selects(slot)) continue;
    const Result<std::optional<Candidate>> best = co_await best_listed(context, workload, settings, slot, requests);
    if (!best) co_return best.error();
    if (!*best) continue;
    const std::string version = version_of(slot, **best);
    if (context.swept.announced.has(version)) continue;
    wait_ms = std::max(wait_ms, patience_ends(context, version, **best) - context.clock.mono_ms());
    if (wait_ms > 0) continue;
    count_missed(context, slot, version);
    sentence += (sentence.empty() ? "" : "; ") + slot.slot.str() + ": " + version +
                " is in the registry, and no webhook announced it";
  }
  if (wait_ms > 0) {
    context.queue->add_at(workload.key, context.clock.unix_ms() + wait_ms);
    co_return ListUse::keep;
  }
  const bool apply = context.options.sweep == SweepMode::apply;
  if (!sentence.empty() && !apply)
    sentence += "; check the registry's webhook, announce it by hand, or set sweep.mode to apply";
  tell(context, workload, sentence);
  co_return apply ? ListUse::decide : ListUse::none;
}

}  // namespace headwind::update
