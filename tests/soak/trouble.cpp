// SPDX-License-Identifier: Apache-2.0
// What goes wrong around the operator, and with it; and the way to rest.
#include <fstream>

#include "world.hpp"

namespace headwind::soak {

using end_to_end::plane;

void World::start_operator() {
  sender->begin_life();
  headwind->start();
}

void World::note_memory() {
  std::ifstream status("/proc/" + std::to_string(headwind->pid()) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:"))
      most_memory_kib = std::max<std::size_t>(most_memory_kib, std::strtoul(line.c_str() + 6, nullptr, 10));
}

void World::tick() {
  if (registry_back_ms_ != 0 && now_ms() >= registry_back_ms_) {
    registry.start();
    registry_back_ms_ = 0;
  }
  if (headwind->running()) return note_memory();
  const std::string log = headwind->log();
  faults.push_back("the operator ended by itself: " + log.substr(log.size() - std::min<std::size_t>(log.size(), 2000)));
  start_operator();
}

void World::kill() {
  tick();
  headwind->kill();
  ++tally["SIGKILL"];
  std::this_thread::sleep_for(dice.up_to(1000));
  // People go on meanwhile.
  if (dice.chance(30)) edit_by_hand();
  if (dice.chance(20)) undo();
  start_operator();
}

bool World::restart_politely() {
  tick();
  const int code = headwind->stop();
  ++tally["SIGTERM"];
  start_operator();
  return code == 0;
}

void World::restart_api_server() {
  const bool killed = dice.chance(50);
  plane().restart_api_server(std::chrono::milliseconds(killed ? 0 : 1000));
  ++tally[killed ? "API server killed" : "API server restarted"];
}

void World::stop_registry() {
  if (registry_back_ms_ != 0) return;
  registry.stop();
  registry_back_ms_ = now_ms() + 1000 + dice.up_to(2500).count();
  ++tally["registry away"];
}

void World::trouble() {
  const std::size_t what = dice.below(12);
  if (what < 5) return kill();
  if (what < 8 && !restart_politely()) return faults.push_back("SIGTERM did not end the operator with 0");
  if (what < 8) return;
  if (what < 10) return restart_api_server();
  stop_registry();
}

std::string World::under_way() {
  std::string all;
  if (const std::size_t waiting = sender->waiting(); waiting != 0) all += std::to_string(waiting) + " webhooks; ";
  if (const Json hints = end_to_end::inbox(); !hints.empty()) all += "inbox " + hints.dump() + "; ";
  const Json rollouts = headwind->api("GET", "/api/v1/rollouts").json();
  if (!rollouts.is_array() || !rollouts.empty()) all += "rollouts " + rollouts.dump() + "; ";
  if (headwind->metric("headwind_queue_depth") != 0) all += "queue; ";
  for (const std::string& space : name_spaces())
    for (const Json& request : end_to_end::requests(space)) {
      const std::string phase = end_to_end::phase_of(request);
      const bool going_back = request.at("spec").value("action", "update") == "rollback";
      if (phase == "Approved" || phase == "Applying" || (going_back && phase != "RolledBack" && phase != "Failed"))
        all += "request " + request.at("/metadata/name"_json_pointer).get<std::string>() + " " + phase + "; ";
      for (const Json& one : request.value("/status/conditions"_json_pointer, Json::array()))
        if (one.value("reason", "") == "Following")
          all += "condition of " + request.at("/metadata/name"_json_pointer).get<std::string>() + "; ";
    }
  return all;
}

std::string World::come_to_rest() {
  std::string busy = "nothing was asked";
  std::int64_t since = 0;
  const bool rests = end_to_end::eventually(
      [&] {
        tick();
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        busy = under_way();
        if (!busy.empty()) since = 0;
        if (busy.empty() && since == 0) since = now_ms();
        return busy.empty() && now_ms() - since > 3000;
      },
      std::chrono::seconds(150));
  return rests ? std::string() : busy;
}

}  // namespace headwind::soak
