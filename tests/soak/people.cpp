// SPDX-License-Identifier: Apache-2.0
// What people do.
#include <future>

#include "world.hpp"

namespace headwind::soak {

using end_to_end::get;
using end_to_end::plane;

std::vector<Json> World::pending() const {
  std::vector<Json> all;
  for (const std::string& space : name_spaces())
    for (Json& request : end_to_end::requests(space))
      if (end_to_end::phase_of(request) == "Pending") all.push_back(std::move(request));
  return all;
}

// Approves or rejects a request that waits; some twice, some by two people at the same time who disagree.
void World::answer() {
  auto waiting = pending();
  if (waiting.empty()) return;
  const Json request = dice.pick(waiting);
  const Json& metadata = request["metadata"];
  const std::string path = "/api/v1/updates/" + metadata.at("namespace").get<std::string>() + "/" +
                           metadata.at("name").get<std::string>() + "/";
  const auto order = [this, path](const std::string& verb, const std::string& who) {
    return headwind->api_as(testbed::ControlPlane::token(who), "POST", path + verb, Json::object()).status;
  };
  const std::string verb = dice.chance(70) ? "approve" : "reject";
  if (request.at("spec").value("requiredApprovals", 1) > 1 && verb == "approve" && dice.chance(70)) {
    order(verb, "bob");
    ++tally["the first of two approvals"];
  }
  const std::size_t how = dice.below(10);
  if (how < 6) {
    order(verb, "alice");
  } else if (how < 8) {
    order(verb, "alice");
    order(verb, "alice");
    ++tally["answer given twice"];
  } else {
    auto other = std::async(std::launch::async, order, dice.chance(50) ? "approve" : "reject", "bob");
    order(verb, "alice");
    other.wait();
    ++tally["two answers at once"];
  }
  ++tally[verb];
}

void World::create(Target& target, const std::string& tag) {
  target.changed_by_hand();
  for (Slot& slot : target.slots) slot.by_hand = {tag};
  const auto made = plane().call("POST", collection_of(target), object_of(target, host(), tag).dump());
  if (!made.ok()) throw std::runtime_error(target.key() + ": " + made.body);
  // The operator hears of it a moment later, or when it runs again.
  target.since_ms = now_ms() + 5000;
}

void World::recreate() {
  Target& target = dice.pick(targets);
  target.changed_by_hand();
  plane().call("DELETE", target.path() + "?propagationPolicy=Background");
  if (!end_to_end::eventually([&] { return get(target.path()).is_null(); }))
    throw std::runtime_error(target.key() + " does not go away");
  std::this_thread::sleep_for(dice.up_to(300));
  create(target, "1.0.0");
  target.undone = false;
  if (target.is_suspended()) target.suspended.back().second = now_ms();
  ++tally["workload made anew"];
}

// Suspends one, or lets one go on.
void World::suspend() {
  Target& target = dice.pick(targets);
  const bool was = target.is_suspended();
  set_suspended(target, !was);
  ++tally[was ? "suspend taken away" : "suspended"];
}

void World::set_suspended(Target& target, bool suspended) {
  const Json value = suspended ? Json("true") : Json();
  if (!suspended) target.suspended.back().second = now_ms();
  const auto answer = plane().call("PATCH", target.path(),
                                   Json{{"metadata", {{"annotations", {{"headwind.sh/suspend", value}}}}}}.dump());
  if (!answer.ok()) throw std::runtime_error(target.key() + ": " + answer.body);
  if (suspended) target.suspended.emplace_back(now_ms(), 0);
}

void World::edit_by_hand() {
  Target& target = dice.pick(targets);
  Slot& slot = dice.pick(target.slots);
  const Json object = get(target.path());
  const std::string pointer =
      containers_pointer(target.kind) + "/" + std::to_string(&slot - target.slots.data()) + "/image";
  const std::string now = running(target, object, slot.container);
  auto tag = shelves[slot.repository].lines.begin();
  std::advance(tag, dice.below(shelves[slot.repository].lines.size()));
  const Version wanted{tag->first.first, tag->first.second, 0};
  const auto current = version_of(tag_of(now));
  if (!current || *current == wanted) return;
  if (wanted < *current && std::exchange(target.undone, true)) return;
  slot.by_hand.insert(wanted.text());
  target.changed_by_hand();
  const Json patch{
      {{"op", "test"}, {"path", pointer}, {"value", now}},
      {{"op", "replace"}, {"path", pointer}, {"value", host() + "/" + slot.repository + ":" + wanted.text()}}};
  const auto answer = plane().call("PATCH", target.path(), patch.dump());
  target.changed_by_hand();
  ++tally[answer.ok() ? "image set by hand" : "image set by hand, too late"];
}

void World::undo() {
  Target& target = dice.pick(targets);
  if (target.kind != "Deployment" || std::exchange(target.undone, true)) return;
  target.changed_by_hand();
  const std::int64_t before_ms = now_ms();
  try {
    end_to_end::kubectl({"-n", target.name_space, "rollout", "undo", "deployment/" + target.name});
    ++tally["kubectl rollout undo"];
  } catch (const std::runtime_error&) {  // there is nothing to go back to
    target.undone = false;
  }
  const Json object = get(target.path());
  for (Slot& slot : target.slots) slot.by_hand.insert(tag_of(running(target, object, slot.container)));
  // The annotations go back to those of the revision, too.
  const bool suspended = object.at("/metadata/annotations"_json_pointer).contains("headwind.sh/suspend");
  if (target.is_suspended() && !suspended) target.suspended.back().second = before_ms;
  if (!target.is_suspended() && suspended) target.suspended.emplace_back(now_ms(), 0);
  target.changed_by_hand();
}

void World::roll_back() {
  Target& target = dice.pick(targets);
  const std::string container = dice.pick(target.slots).container;
  const auto reply =
      headwind->api("POST", "/api/v1/rollback/" + target.name_space + "/" + target.name + "?kind=" + target.kind,
                    {{"container", container}, {"reason", "slow"}});
  ++tally[reply.status == 200 ? "rollback ordered" : "rollback refused"];
}

void World::release() {
  std::vector<Json> remembered;
  for (const std::string& space : name_spaces())
    for (Json& request : end_to_end::requests(space))
      if (const std::string phase = end_to_end::phase_of(request);
          phase == "Rejected" || phase == "Failed" || phase == "RolledBack")
        remembered.push_back(std::move(request));
  if (remembered.empty()) return;
  const Json& request = dice.pick(remembered);
  const Json& about = request.at("/spec/targetRef"_json_pointer);
  const std::string space = request.at("/metadata/namespace"_json_pointer);
  Target* target = find(about.at("kind"), space, about.at("name"));
  if (target != nullptr) target->changed_by_hand();
  const std::string name = request.at("/metadata/name"_json_pointer);
  headwind->api("POST", "/api/v1/updates/" + space + "/" + name + "/release", Json::object());
  if (target != nullptr) target->changed_by_hand();
  ++tally["release"];
}

}  // namespace headwind::soak
