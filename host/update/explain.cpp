// SPDX-License-Identifier: Apache-2.0
#include "update/explain.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "inventory/slot_reference.hpp"
#include "update/memory.hpp"
#include "update/obstacle.hpp"
#include "update/proposer.hpp"
#include "update/sweep.hpp"

namespace headwind::update {
namespace {

using Waits = std::vector<ExplainedWait>;

std::string count_of(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

// The annotation that a policy's refusal names; "" where it names none.
std::string_view refused_annotation(const std::string& why) {
  for (const std::string_view field : {annotation::pattern, annotation::policy_config, annotation::policy})
    if (why.find("annotation " + std::string(field)) != std::string::npos) return field;
  return {};
}

// What only the policy itself could refuse is a mistake like the others, told once.
void add_refusals(Explanation& explanation) {
  std::vector<Mistake>& mistakes = explanation.settings.mistakes;
  const std::size_t known = mistakes.size();
  for (const ExplainedSlot& place : explanation.slots) {
    if (!place.refused) continue;
    const std::string_view field = refused_annotation(place.why);
    const std::string why = field.empty() ? place.slot + ": its policy refuses what it is asked: " + place.why
                                          : place.why.substr(place.why.find("annotation " + std::string(field)));
    const std::string sentence = explanation.workload.text() + ": " + why;
    bool told = false;
    for (std::size_t i = 0; i < mistakes.size(); ++i) {
      const Mistake& mistake = mistakes[i];
      told = told || mistake.sentence == sentence ||
             (i < known && (mistake.field == annotation::policy || (!field.empty() && mistake.field == field)));
    }
    if (!told) mistakes.push_back({field, sentence});
  }
}

// Refers to the mistakes, which stand there with their remedies.
void wait_for_mending(const Explanation& explanation, Waits& waits) {
  std::size_t count = 0;
  std::vector<std::string> places;
  for (const Mistake& mistake : explanation.settings.mistakes) {
    if (!mistake.skips || mistake.reason == managed_elsewhere) continue;
    ++count;
    const std::string place = mistake.annotation.empty() ? std::string(mistake.field) : mistake.annotation;
    if (!place.empty() && std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  }
  if (count == 0) return;
  const std::string mended = count == 1 ? "its mistake is" : "its " + std::to_string(count) + " mistakes are";
  waits.push_back({"mistake",
                   "It is left alone until " + mended + " mended" + (places.empty() ? "" : ": " + join(places)) + ".",
                   {}});
}

void wait_for_obstacle(Context& context, const Explanation& explanation, const inventory::Workload& workload,
                       Waits& waits) {
  const auto obstacle = obstacle_to(context, workload);
  if (!obstacle) return;
  const std::vector<Mistake>& mistakes = explanation.settings.mistakes;
  const bool told = std::any_of(mistakes.begin(), mistakes.end(), [&](const Mistake& mistake) {
    return mistake.reason == managed_elsewhere && obstacle->ends_with(mistake.sentence);
  });
  waits.push_back({"obstacle",
                   told ? "Updates wait until its mistake is mended: it is managed by " + explanation.owner + "."
                        : "Updates wait " + *obstacle + ".",
                   {}});
}

void wait_for_requests(const std::vector<UpdateRequest>& requests, Waits& waits) {
  for (const UpdateRequest& request : requests) {
    const std::string name = "UpdateRequest " + request.key.text();
    if (request.phase == Phase::pending && !request.rollback) {
      std::string sentence = name + " would bring " + request.new_image;
      if (request.require_approval) {
        sentence += " and has " + std::to_string(request.approvals.size()) + " of " +
                    count_of(request.required_approvals, "approval");
        sentence += "; approve it with kubectl headwind approve " + request.key.name + " -n " + request.key.name_space;
      }
      if (request.expires_at_ms)
        sentence += (request.require_approval ? "; without an answer it expires at " : "; it expires at ") +
                    format_rfc3339(*request.expires_at_ms);
      waits.push_back({"approval", sentence + ".", request.expires_at_ms});
    } else if (request.phase == Phase::approved || request.phase == Phase::applying) {
      waits.push_back({"request",
                       name + " is " + std::string(to_string(request.phase)) +
                           (request.message.empty() ? "" : ": " + request.message) + ".",
                       {}});
    }
  }
}

void wait_for_interval(Context& context, const Settings& settings, Waits& waits) {
  if (!settings.last_update_ms) return;
  const std::int64_t due = *settings.last_update_ms + std::chrono::milliseconds(settings.min_interval).count();
  if (due <= context.clock.unix_ms()) return;
  waits.push_back({"interval",
                   "Its last update was at " + format_rfc3339(*settings.last_update_ms) +
                       ", and headwind.sh/min-update-interval is " + std::to_string(settings.min_interval.count()) +
                       " s: nothing is proposed before.",
                   due});
}

void wait_for_rollout(Context& context, const inventory::WorkloadKey& key, Waits& waits) {
  if (const std::size_t position = context.rollouts.position(key); position > 0)
    waits.push_back(
        {"rollout",
         "It waits for its turn among rollouts (rollouts.maxConcurrent): position " + std::to_string(position) + ".",
         {}});
  const FollowedRollout* rollout = context.rollouts.find(key);
  if (rollout == nullptr || rollout->subjects.empty()) return;
  std::string sentence = "The rollout of " + rollout->subjects.front().image + " is followed";
  if (!rollout->unseen_why.empty()) sentence += ", but cannot be seen: " + rollout->unseen_why;
  waits.push_back({"rollout", sentence + ".", {}});
}

void wait_for_pushes(Context& context, const inventory::Workload& workload, Waits& waits) {
  for (const inventory::Slot& slot : workload.slots)
    for (const HintBook::Entry* entry : context.hints.waiting_for(slot.repository, workload.key))
      waits.push_back({"push",
                       entry->hint.key() + " was pushed at " + format_rfc3339(entry->hint.arrived_ms) +
                           " and is not dealt with yet.",
                       {}});
}

// Why a better version that the registry has is not looked at by itself.
void wait_for_news(Context& context, const Explanation& explanation, const inventory::Workload& workload,
                   const std::vector<UpdateRequest>& requests, Waits& waits) {
  const Settings& settings = explanation.settings;
  for (const ExplainedSlot& place : explanation.slots) {
    if (!place.followed) continue;
    if (place.registry.asked && !place.registry.trouble.empty())
      waits.push_back({"registry", place.slot + ": " + place.registry.trouble + ".", place.registry.try_ms});
    const inventory::Slot* slot = workload.find_slot(place.slot);
    if (place.choice.empty() || slot == nullptr || settings.policy == "none") continue;
    const bool proposed = std::any_of(requests.begin(), requests.end(), [&](const UpdateRequest& request) {
      return request.phase == Phase::pending && concerns(request, *slot) &&
             inventory::tag_in(*slot, request.new_image) == place.choice;
    });
    if (proposed) continue;  // told already
    const bool listed = is_polled(context, settings, *slot);
    const bool swept = is_swept(context, settings, *slot);
    if (listed || swept) {
      waits.push_back({"source",
                       place.slot + ": " + place.choice + " is taken when its tags are read next: every " +
                           (settings.polling_interval.count() != 0 && listed
                                ? std::to_string(settings.polling_interval.count()) + " s"
                                : std::string(listed ? "polling.interval" : "sweep.interval")) +
                           ".",
                       {}});
    } else if (settings.source == Settings::Source::none) {
      waits.push_back({"source", place.slot + ": headwind.sh/event-source is none, so it listens to nobody.", {}});
    } else if (settings.source == Settings::Source::webhook) {
      waits.push_back({"source",
                       place.slot + ": it listens to webhooks only, so " + place.choice +
                           " is taken when a push of it is announced; headwind.sh/event-source: both has its tags "
                           "read, too.",
                       {}});
    } else if (settings.source == Settings::Source::both) {
      waits.push_back({"source",
                       place.slot + ": polling.enabled switches off that its tags are read, so " + place.choice +
                           " is taken when a push of it is announced.",
                       {}});
    } else {
      waits.push_back(
          {"source",
           place.slot + ": it asks for polling, which polling.enabled switches off; " + place.choice + " is not seen.",
           {}});
    }
  }
}

void remember(Explanation& explanation, const std::vector<UpdateRequest>& requests) {
  for (const UpdateRequest& request : requests) {
    if (!is_remembered(request)) continue;
    const bool rolled_back = request.rollback || request.phase == Phase::rolled_back;
    explanation.remembered.push_back({request.slot.empty() ? request.container : request.slot, request.new_image,
                                      request.digest, std::string(to_string(request.phase)),
                                      rolled_back ? request.rollback_reason : request.message,
                                      rolled_back ? request.rollback_by : request.rejected_by, request.key,
                                      request.last_updated_ms != 0 ? request.last_updated_ms : request.created_ms});
  }
}

// The answer first: what holds it up most, else what it would do.
std::string summary_of(const Explanation& explanation) {
  const std::string name = explanation.workload.text();
  for (const std::string_view kind : {"mistake", "policy", "obstacle", "request", "approval", "interval", "rollout"})
    for (const ExplainedWait& wait : explanation.waits)
      if (wait.kind == kind)
        return name + ": " + wait.sentence +
               (wait.until_ms && kind != "approval" ? " That is until " + format_rfc3339(*wait.until_ms) + "." : "");
  std::string moves, stays;
  for (const ExplainedSlot& place : explanation.slots) {
    if (!place.followed) continue;
    if (!place.choice.empty())
      moves += (moves.empty() ? "" : ", and ") + place.slot + " may go from " + place.image + " to " + place.choice;
    else
      stays += (stays.empty() ? "" : "; ") + place.slot + " stays on " + place.image +
               (told_as_mistake(explanation, place) ? " until its mistake is mended" : ": " + place.why);
  }
  if (!moves.empty()) {
    const auto source = std::find_if(explanation.waits.begin(), explanation.waits.end(),
                                     [](const ExplainedWait& wait) { return wait.kind == "source"; });
    return name + ": " + moves + "." + (source != explanation.waits.end() ? " " + source->sentence : "");
  }
  return name + ": " + (stays.empty() ? "nothing of it is followed" : stays) + ".";
}

}  // namespace

Task<Result<Explanation>> explain(Context& context, inventory::WorkloadKey key) {
  const inventory::Workload* found = context.inventory.find(key);
  if (found == nullptr)
    co_return make_error(Code::not_found, key.text() + " is not known, or has no headwind.sh/policy");
  const inventory::Workload workload = *found;  // it may change while registries are asked
  Explanation explanation;
  explanation.workload = key;
  explanation.api_version = workload.api_version.str();
  explanation.owner = workload.owner.str();
  explanation.settings = settings_of(context, workload);
  for (const auto& [annotation, value] : workload.annotations) explanation.written.push_back(annotation.str());
  explanation.history = read_history(workload.history_text());
  for (const inventory::Slot& slot : workload.slots) {
    Result<ExplainedSlot> place = co_await explain_slot(context, workload, explanation.settings, slot,
                                                        context.requests.of(workload.key, workload.uid));
    if (!place) co_return place.error();
    explanation.slots.push_back(std::move(*place));
  }
  explanation.at_ms = context.clock.unix_ms();
  explanation.events = context.events.of(key);
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  Waits& waits = explanation.waits;
  add_refusals(explanation);
  wait_for_mending(explanation, waits);
  if (explanation.settings.policy == "none")
    waits.push_back({"policy", "Its policy is none, which never updates.", {}});
  wait_for_obstacle(context, explanation, workload, waits);
  wait_for_requests(requests, waits);
  wait_for_interval(context, explanation.settings, waits);
  wait_for_rollout(context, key, waits);
  wait_for_pushes(context, workload, waits);
  wait_for_news(context, explanation, workload, requests, waits);
  remember(explanation, requests);
  explanation.summary = summary_of(explanation);
  co_return explanation;
}

}  // namespace headwind::update
