// SPDX-License-Identifier: Apache-2.0
#include "update/observation.hpp"

#include <algorithm>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "update/baseline.hpp"
#include "update/decision.hpp"
#include "update/decision_notes.hpp"
#include "update/history.hpp"
#include "update/proposer.hpp"
#include "update/sweep.hpp"

namespace headwind::update {
namespace {

void note_change(Context& context, const inventory::Workload& before, const inventory::Workload& after) {
  if (before.uid != after.uid) return;
  const auto old_history = read_history(before.history_text());
  const auto new_history = read_history(after.history_text());
  for (const inventory::Slot& slot : before.slots) {
    const inventory::Slot* now = after.find_slot(slot.slot.str());
    if (now == nullptr || now->image == slot.image) continue;
    const auto olds = entries_of(old_history, slot.container()), news = entries_of(new_history, slot.container());
    // Our own write, by the watch or in its answer: it brings a newer entry with that image.
    const bool ours = !news.empty() &&
                      (news.front().image == now->image || inventory::is_pinned_form(*now, news.front().image)) &&
                      (olds.empty() || news.front().timestamp > olds.front().timestamp);
    if (ours) continue;
    const auto entry =
        std::find_if(olds.begin(), olds.end(), [&](const HistoryEntry& e) { return is_image_of(e, slot.image); });
    context.left[after.key].push_back({slot, entry != olds.end() ? entry->digest : std::string{}, olds});
  }
}

void count_watched(Context& context, Symbol kind) {
  const auto count = static_cast<double>(context.inventory.count(kind));
  if (kind == "Deployment") context.compat.deployments_watched.set(count);
  if (kind == "StatefulSet") context.compat.statefulsets_watched.set(count);
  if (kind == "DaemonSet") context.compat.daemonsets_watched.set(count);
  if (kind == "HelmRelease") context.compat.helm_releases_watched.set(count);
}

// A pattern of policy glob that fits one tag only: then that tag is all there is to know.
bool is_one_tag(const Settings& settings) {
  return settings.policy == "glob" && settings.pattern.find_first_of("*?") == std::string::npos;
}

// Tells the poller what this workload wants to hear of.
void want_polling(Context& context, const inventory::Workload& workload, const Settings& settings) {
  const bool active = settings.policy != "none" && !settings.skipped() && !settings.suspended;
  if (context.ports.polling == nullptr) return;
  bool any_polled = false;
  std::vector<Interest> interests;
  for (const inventory::Slot& slot : workload.slots) {
    const bool swept = active && is_swept(context, settings, slot);
    if (!swept && !(active && is_polled(context, settings, slot))) continue;
    const auto image = inventory::read_reference(slot, slot.image);
    if (!image || !is_comparable(slot) || !settings.selects(slot)) continue;
    any_polled = any_polled || !swept;
    Interest interest{slot.repository, {}, true};
    if (is_one_tag(settings))
      interest = {slot.repository, settings.pattern, false};
    else if (follows_digests(settings) && !slot.chart)
      interest.tag = image->tag.empty() ? "latest" : image->tag;
    interests.push_back(std::move(interest));
  }
  context.ports.polling->want(workload, std::move(interests),
                              any_polled ? settings.polling_interval : context.options.sweep_interval);
}

// Whether it would be polled, if its event-source annotation did not say otherwise.
bool is_filtered(const Context& context, const Settings& settings) {
  if (context.ports.polling == nullptr || !context.options.polling) return false;
  const bool active = settings.policy != "none" && !settings.skipped() && !settings.suspended;
  return active && !settings.follows(Origin::polling);
}

bool has_hints(const Context& context, const inventory::Workload& workload) {
  return std::any_of(workload.slots.begin(), workload.slots.end(), [&](const inventory::Slot& slot) {
    return !context.hints.waiting_for(slot.repository, workload.key).empty();
  });
}

}  // namespace

void observe(Context& context, inventory::Workload workload) {
  const inventory::WorkloadKey key = workload.key;
  const inventory::Inventory::Change change = context.inventory.upsert(std::move(workload));
  if (!change.stored) return;
  const inventory::Workload& after = *context.inventory.find(key);
  const Settings settings = settings_of(context, after);
  tell_mistakes(context, after, settings);
  want_polling(context, after, settings);
  const bool was_filtered = change.before && (change.before->annotations == after.annotations ||
                                              is_filtered(context, settings_of(context, *change.before)));
  if (!was_filtered && is_filtered(context, settings)) context.compat.polling_resources_filtered_total.add();
  count_watched(context, key.kind);
  if (change.before) {
    note_change(context, *change.before, after);
    std::vector<Symbol> repositories;
    for (const inventory::Slot& slot : after.slots) repositories.push_back(slot.repository);
    for (const std::string& hint : context.hints.left_by(key, repositories)) finish_hint(context, hint);
  }
  const bool asked_anew = change.before && change.before->annotations != after.annotations && has_hints(context, after);
  const bool concerned = context.left.contains(key) || context.waits_until.contains(key) ||
                         context.requests.names(key) || context.rollouts.find(key) != nullptr || asked_anew ||
                         after.annotation(annotation::step) != nullptr;  // of a process that ended
  if (concerned) context.queue->add(key);
}

void observe_again(Context& context, const inventory::WorkloadKey& key) {
  const inventory::Workload* workload = context.inventory.find(key);
  if (workload == nullptr) return;
  want_polling(context, *workload, settings_of(context, *workload));
  if (has_hints(context, *workload) || context.requests.names(key)) context.queue->add(key);
}

void observe_gone(Context& context, const inventory::WorkloadKey& key) {
  if (context.inventory.remove(key)) let_go(context, key);
}

void let_go(Context& context, const inventory::WorkloadKey& key) {
  for (const std::string& hint : context.hints.left_by(key, {})) finish_hint(context, hint);
  context.left.erase(key);
  context.waits_until.erase(key);
  context.told_suspended.erase(key);
  context.told.erase(key);
  context.resting.erase(key);
  context.sent.erase(key);
  context.forgotten.erase(key);
  context.set_aside.forget(key);
  if (context.rollouts.find(key) != nullptr) context.ports.rollouts->leave(key);
  context.rollouts.forget(key);
  if (context.ports.polling != nullptr) context.ports.polling->drop(key);
  context.lists.drop(key);
  context.look_failures.succeeded(key);
  context.swept.told.erase(key);
  context.lacking.erase(context.lacking.lower_bound({key, Symbol()}),
                        context.lacking.upper_bound({key, Symbol("\x7f")}));
  context.found.erase(context.found.lower_bound({key, Symbol()}), context.found.upper_bound({key, Symbol("\x7f")}));
  context.baselines.erase(context.baselines.lower_bound({key, Symbol()}),
                          context.baselines.upper_bound({key, Symbol("\x7f")}));
  count_watched(context, key.kind);
  // What it left behind still expires and is pruned.
  if (context.requests.names(key))
    context.queue->add(key);
  else
    context.queue->forget(key);
}

}  // namespace headwind::update
