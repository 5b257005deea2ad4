// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "update/explanation.hpp"

namespace headwind::update {
namespace {

constexpr std::size_t rows_shown = 20;  // of candidates; JSON has more

std::string flag(bool value) { return value ? "true" : "false"; }

std::string source_of(Settings::Source source) {
  switch (source) {
    case Settings::Source::webhook: return "webhook";
    case Settings::Source::polling: return "polling";
    case Settings::Source::both: return "both";
    case Settings::Source::none: return "none";
  }
  return "webhook";
}

std::string ago(std::int64_t at_ms, std::int64_t now_ms) {
  const std::int64_t seconds = std::max<std::int64_t>(0, now_ms - at_ms) / 1000;
  if (seconds < 120) return std::to_string(seconds) + " s ago";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min ago";
  return std::to_string(seconds / 3600) + " h ago";
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

void annotations_text(const Explanation& explanation, std::string& out) {
  out += "\nWhat its annotations ask for\n";
  for (const auto& [annotation, value] : understood(explanation.settings)) {
    const bool written =
        std::find(explanation.written.begin(), explanation.written.end(), annotation) != explanation.written.end();
    if (!written && value.empty()) continue;
    // What could not be taken stands there as its default, or as nothing.
    const bool refused = std::any_of(explanation.settings.mistakes.begin(), explanation.settings.mistakes.end(),
                                     [&](const Mistake& mistake) { return mistake.field == annotation; });
    out += "  " + padded(std::string(annotation), 33) + " " + printable(value, 200) +
           (!written  ? " (default)"
            : refused ? std::string(value.empty() ? "" : " ") + "(see Mistakes)"
                      : "") +
           "\n";
  }
  if (explanation.settings.mistakes.empty()) return;
  out += "\nMistakes\n";
  for (const Mistake& mistake : explanation.settings.mistakes)
    out += "  " + printable(mistake.sentence) + (mistake.sentence.ends_with('?') ? "\n" : ".\n");
}

void registry_text(const ExplainedSlot& place, std::int64_t now_ms, std::string& out) {
  const RegistryFacts& facts = place.registry;
  if (!facts.asked) return;
  // The running tag is judged, too, whether it is listed or not.
  const std::size_t judged = place.updates + place.held + place.ignored;
  if (facts.tags > 0 || facts.trouble.empty())
    out += (facts.list.empty() ? "  The registry was asked " + ago(facts.read_ms, now_ms) + " and lists "
                               : "  The " + printable(facts.list, 500) + " lists ") +
           std::to_string(facts.tags) + (facts.tags == 1 ? " tag" : " tags") +
           (judged == facts.tags + 1 ? ", not the running one: with it, there are " + std::to_string(judged) : "") +
           ".\n";
  if (!facts.running_digest.empty()) out += "  The running tag names " + facts.running_digest + " there.\n";
  if (!place.baseline.empty()) out += "  What runs is " + place.baseline + ".\n";
  if (!facts.trouble.empty()) out += "  Not all is known: " + printable(facts.trouble) + ".\n";
  if (facts.try_ms) out += "  It may be asked again at " + format_rfc3339(*facts.try_ms) + ".\n";
}

void candidates_text(const ExplainedSlot& place, std::string& out) {
  const std::size_t shown = std::min(rows_shown, place.candidates.size());
  std::size_t width = 0;
  for (std::size_t i = 0; i < shown; ++i)
    width = std::max(width, std::min<std::size_t>(place.candidates[i].tag.size(), 40));
  for (std::size_t i = 0; i < shown; ++i) {
    const ExplainedCandidate& one = place.candidates[i];
    out += std::string(one.chosen ? "  > " : "    ") + padded(printable(one.tag, 128), width) + "  " +
           padded(std::string(to_string(one.verdict)), 7) + "  " + printable(one.reason, 300) + " (" + one.rule + ")\n";
  }
  const std::size_t all = place.updates + place.held + place.ignored;
  if (all <= shown) return;
  std::map<std::string_view, std::size_t> reasons;
  for (std::size_t i = shown; i < place.candidates.size(); ++i) ++reasons[place.candidates[i].reason];
  std::vector<std::pair<std::size_t, std::string_view>> sorted;
  for (const auto& [reason, count] : reasons) sorted.emplace_back(count, reason);
  std::sort(sorted.rbegin(), sorted.rend());
  out += "    and " + std::to_string(all - shown) + " more";
  for (std::size_t i = 0; i < sorted.size() && i < 3; ++i)
    out += (i == 0 ? ", of which " : "; ") + std::to_string(sorted[i].first) + ": " + printable(sorted[i].second, 100);
  out += "\n";
}

void slot_text(const Explanation& explanation, const ExplainedSlot& place, std::string& out) {
  out += "\n" + place.slot + " runs " + place.image + (place.repository.empty() ? "" : " (" + place.repository + ")") +
         "\n";
  if (!place.followed) {
    out += "  It is not followed: " + place.why + ".\n";
    return;
  }
  registry_text(place, explanation.at_ms, out);
  if (!place.choice.empty())
    out += "  Its policy would take " + place.choice + (place.why.empty() ? "" : ": " + printable(place.why)) + ".\n";
  else if (told_as_mistake(explanation, place))
    out += "  Nothing is taken: see Mistakes.\n";
  else
    out += "  Nothing is taken" + (place.why.empty() ? std::string() : ": " + printable(place.why)) + ".\n";
  candidates_text(place, out);
}

bool is_mistake(const Settings& settings, const std::string& sentence) {
  return std::any_of(settings.mistakes.begin(), settings.mistakes.end(),
                     [&](const Mistake& mistake) { return mistake.sentence == sentence; });
}

void past_text(const Explanation& explanation, std::string& out) {
  if (!explanation.remembered.empty()) out += "\nVersions that are not proposed again\n";
  for (const ExplainedMemory& memory : explanation.remembered)
    out += "  " + memory.slot + ": " + memory.image + " is " + memory.phase +
           (memory.by.empty() ? "" : ", by " + printable(memory.by, 200)) +
           (memory.why.empty() ? "" : ": " + printable(memory.why, 500)) +
           ". To try it again: kubectl headwind release " + memory.request.name + " -n " + memory.request.name_space +
           ".\n";
  if (!explanation.history.empty()) out += "\nWhat ran, newest first\n";
  for (const HistoryEntry& entry : explanation.history)
    out += "  " + entry.timestamp + "  " + entry.container + ": " + entry.image +
           (entry.approved_by.empty() ? "" : ", approved by " + printable(entry.approved_by, 200)) + "\n";
  out += "\nWho else writes it\n  " + (explanation.owner.empty() ? "Nobody that is known" : explanation.owner) +
         (!explanation.owner.empty() && explanation.settings.force_ownership
              ? "; headwind.sh/force-ownership has Headwind update it all the same"
              : "") +
         ".\n";
  if (!explanation.events.empty()) out += "\nThe last events\n";
  for (const ToldEvent& event : explanation.events)
    out += "  " + format_rfc3339(event.at_ms) + "  " + event.reason + ": " +
           (is_mistake(explanation.settings, event.message) ? "see Mistakes" : printable(event.message, 500)) + "\n";
}

}  // namespace

std::vector<std::pair<std::string_view, std::string>> understood(const Settings& settings) {
  const auto seconds = [](std::chrono::seconds value) { return std::to_string(value.count()); };
  return {
      {annotation::policy, settings.policy},
      {annotation::pattern, settings.pattern},
      {annotation::policy_config, settings.policy_config},
      {annotation::require_approval, flag(settings.require_approval)},
      {annotation::approvals, std::to_string(settings.approvals)},
      {annotation::approval_timeout, settings.approval_timeout ? seconds(*settings.approval_timeout) : ""},
      {annotation::min_update_interval, seconds(settings.min_interval)},
      {annotation::images, join(settings.images)},
      {annotation::event_source, source_of(settings.source)},
      {annotation::polling_interval, settings.polling_interval.count() != 0 ? seconds(settings.polling_interval) : ""},
      {annotation::suspend, flag(settings.suspended)},
      {annotation::force_ownership, flag(settings.force_ownership)},
      {annotation::auto_rollback, flag(settings.auto_rollback)},
      {annotation::rollback_timeout, seconds(settings.rollback_timeout)},
      {annotation::health_check_retries, std::to_string(settings.health_check_retries)}};
}

bool told_as_mistake(const Explanation& explanation, const ExplainedSlot& place) {
  const std::vector<Mistake>& mistakes = explanation.settings.mistakes;
  return place.refused || (place.chart && place.choice.empty() && place.candidates.empty() &&
                           std::any_of(mistakes.begin(), mistakes.end(),
                                       [](const Mistake& mistake) { return mistake.reason == "VersionRange"; }));
}

std::string to_text(const Explanation& explanation) {
  std::string out = printable(explanation.summary) + "\n";
  if (!explanation.waits.empty()) out += "\nWhat it waits for\n";
  for (const ExplainedWait& wait : explanation.waits)
    out += "  " + printable(wait.sentence) +
           (wait.until_ms && wait.kind != "approval" ? " Until " + format_rfc3339(*wait.until_ms) + "." : "") + "\n";
  annotations_text(explanation, out);
  for (const ExplainedSlot& place : explanation.slots) slot_text(explanation, place, out);
  past_text(explanation, out);
  return out;
}

}  // namespace headwind::update
