// SPDX-License-Identifier: Apache-2.0
#include "verdict.hpp"

#include <algorithm>

namespace headwind::soak {
namespace {

bool happened_between(const std::vector<std::int64_t>& times, std::int64_t from, std::int64_t to) {
  // The clocks are the same one, but what is noted before an act and after it spans the act.
  return std::any_of(times.begin(), times.end(), [&](std::int64_t at) { return at >= from - 2000 && at <= to + 2000; });
}

// Why the same image may be set again: a person went back or released it, or the tag names another image by now.
bool may_come_again(const World& world, const Move& first, const Move& second) {
  for (const Target& target : world.targets) {
    if (target.key() != first.workload) continue;
    if (happened_between(target.changes_ms, first.at_ms, second.at_ms)) return true;
    for (const Slot& slot : target.slots) {
      const auto& pushed = world.shelves.at(slot.repository).pushed;
      const auto times = slot.container == first.container ? pushed.find(tag_of(first.to)) : pushed.end();
      if (times != pushed.end() && happened_between(times->second, first.at_ms, second.at_ms)) return true;
    }
  }
  return false;
}

std::string text_of(const Move& move) {
  return move.workload + " " + move.container + ": " + move.from + " -> " + move.to + " at " +
         std::to_string(move.at_ms) + (move.request_uid.empty() ? "" : " for request " + move.request_uid);
}

}  // namespace

std::vector<const Json*> Standing::of(const Slot& slot) const {
  std::vector<const Json*> all;
  for (const Json& request : requests)
    if (request.at("spec").value("containerName", "") == slot.container) all.push_back(&request);
  return all;
}

std::vector<Standing> look(const World& world) {
  std::vector<Standing> all;
  for (const Target& target : world.targets) {
    Standing standing{&target, end_to_end::get(target.path()), {}};
    for (Json& request : end_to_end::requests(target.name_space)) {
      const Json& about = request.at("/spec/targetRef"_json_pointer);
      if (about.value("uid", "") == standing.object.at("/metadata/uid"_json_pointer).get<std::string>())
        standing.requests.push_back(std::move(request));
    }
    all.push_back(std::move(standing));
  }
  return all;
}

Breaches double_patches(const World& world, const Ledger& ledger) {
  Breaches breaches;
  for (std::size_t i = 0; i < ledger.moves.size(); ++i)
    for (std::size_t k = i + 1; k < ledger.moves.size(); ++k) {
      const Move& first = ledger.moves[i];
      const Move& second = ledger.moves[k];
      if (first.uid != second.uid || first.container != second.container || first.to != second.to) continue;
      if (first.request_uid != second.request_uid) continue;
      if (first.request_uid.empty() && may_come_again(world, first, second)) continue;
      breaches.push_back("patched twice: " + text_of(first) + "; and " + text_of(second));
    }
  return breaches;
}

Breaches stuck_requests(const Standing& standing) {
  Breaches breaches;
  for (const Slot& slot : standing.target->slots) {
    std::size_t waiting = 0;
    for (const Json* request : standing.of(slot)) {
      if (end_to_end::phase_of(*request) != "Pending") continue;
      ++waiting;
      const std::string from = request->at("/spec/currentImage"_json_pointer);
      const std::string now = running(*standing.target, standing.object, slot.container);
      if (!standing.target->approval || from != now)
        breaches.push_back("waits in vain: " + request->at("/metadata/name"_json_pointer).get<std::string>() +
                           " would replace " + from + ", " + standing.target->key() + " runs " + now);
    }
    if (waiting > 1) breaches.push_back(standing.target->key() + " has " + std::to_string(waiting) + " open requests");
  }
  return breaches;
}

Breaches strange_versions(const World& world, const Standing& standing) {
  Breaches breaches;
  const Target& target = *standing.target;
  for (const Slot& slot : target.slots) {
    const std::string tag = tag_of(running(target, standing.object, slot.container));
    const auto version = version_of(tag);
    const bool allowed = version && std::any_of(slot.by_hand.begin(), slot.by_hand.end(), [&](const std::string& one) {
                           const auto from = version_of(one);
                           return from && may_reach(target.policy, *from, *version);
                         });
    if (!world.shelves.at(slot.repository).tags.contains(tag) || (!allowed && !slot.by_hand.contains(tag)))
      breaches.push_back(target.key() + " (policy " + target.policy + ") runs " + tag + " in " + slot.container);
  }
  return breaches;
}

Breaches unwanted_updates(const World& world, const Ledger& ledger, const std::vector<Standing>& all) {
  constexpr std::int64_t until_known_ms = 5000;  // also where the API server was away
  Breaches breaches;
  for (const Target& target : world.targets)
    for (const auto& [from, to] : target.suspended)
      for (const Move& move : ledger.moves)
        if (move.workload == target.key() && !move.back && move.at_ms > from + until_known_ms && move.at_ms < to)
          breaches.push_back("suspended since " + std::to_string(from) + ": " + text_of(move));
  for (const Standing& standing : all)
    for (const Json& request : standing.requests) {
      if (end_to_end::phase_of(request) != "Completed") continue;
      std::set<std::string> people;
      for (const Json& one : request.value("/status/approvals"_json_pointer, Json::array()))
        people.insert(one.value("by", ""));
      if (request.at("spec").value("requiredApprovals", 1U) > std::max<std::size_t>(people.size(), 1))
        breaches.push_back("applied with " + std::to_string(people.size()) +
                           " approvals: " + request.at("/metadata/name"_json_pointer).get<std::string>());
    }
  return breaches;
}

Breaches wrong_metrics(World& world, const std::vector<Standing>& all) {
  Breaches breaches;
  const auto expect = [&](const std::string& series, std::size_t least, std::size_t most) {
    const double value = world.headwind->metric(series);
    if (value < static_cast<double>(least) || value > static_cast<double>(most))
      breaches.push_back(series + " is " + std::to_string(value) + ", not " + std::to_string(least) + " to " +
                         std::to_string(most));
  };
  std::map<std::string, std::size_t> kinds;
  for (const Standing& standing : all) ++kinds[standing.target->kind];
  std::size_t pending = 0;
  for (const std::string& space : name_spaces())
    for (const Json& request : end_to_end::requests(space)) {
      if (end_to_end::phase_of(request) != "Pending") continue;
      ++pending;
      const std::string name = request.at("/metadata/name"_json_pointer);
      const auto known = world.headwind->api("GET", "/api/v1/updates/" + space + "/" + name);
      if (known.status != 200 || end_to_end::phase_of(known.json()) != "Pending")
        breaches.push_back("the operator does not know that " + space + "/" + name + " waits, it says: " + known.body);
    }
  expect("headwind_updates_pending", pending, pending);
  expect("headwind_deployments_watched", kinds["Deployment"], kinds["Deployment"]);
  expect("headwind_statefulsets_watched", kinds["StatefulSet"], kinds["StatefulSet"]);
  expect("headwind_daemonsets_watched", kinds["DaemonSet"], kinds["DaemonSet"]);
  expect("headwind_inbox_hints", 0, 0);
  expect("headwind_queue_depth", 0, 0);
  expect("headwind_webhook_events_total", world.sender->answered_in_life(), world.sender->answered_in_life());
  return breaches;
}

}  // namespace headwind::soak
