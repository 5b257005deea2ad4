// SPDX-License-Identifier: Apache-2.0
// Two hundred rollouts followed at once: what they cost the API server, call by call, and what they take in memory.
#include <chrono>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/cluster.hpp"
#include "bench/operator.hpp"
#include "bench/registry.hpp"
#include "bench/report.hpp"

namespace headwind::bench {
namespace {

// A patch, two lists and a watch each of ReplicaSets and pods, one read of the object, two Events. The container's
// limit of 256 MiB has room for as much as that of all 200.
constexpr double kCalls = 10, kGoalMib = 0.5;

std::size_t count_events(testbed::ControlPlane& cluster, const char* reason) {
  const auto answer = cluster.call("GET", std::string("/api/v1/namespaces/") + kNamespace + "/events?limit=2000");
  std::size_t count = 0;
  const nlohmann::json list = nlohmann::json::parse(answer.body);
  for (const auto& event : list.at("items")) count += event.value("reason", "") == reason ? 1U : 0U;
  return count;
}

void measure(const Arguments& arguments) {
  const std::size_t count = arguments.count != 0 ? arguments.count : 200;
  const auto cluster = start_cluster({.controllers = true, .nodes = true});
  RegistryThread registry;
  registry.push("library/nginx", "1.25.1");
  create_deployments(*cluster, {.count = count, .replicas = 1});
  const Operator headwind(arguments.build, *cluster, registry.url(), R"({"rollouts":{"settle":20}})");
  headwind.wait_until_quiet();
  std::this_thread::sleep_for(std::chrono::seconds(20));  // the pods of the first version
  const double idle = headwind.memory().resident_mib;
  const std::uint64_t mark = cluster->audit().mark();
  headwind.post_webhook(R"({"push_data":{"tag":"1.25.1"},"repository":{"repo_name":"library/nginx"}})");
  std::this_thread::sleep_for(std::chrono::seconds(15));  // all are patched, none has settled
  const double following = headwind.memory().resident_mib;
  for (int second = 0; second < 120 && count_events(*cluster, "RolledOut") < count; ++second)
    std::this_thread::sleep_for(std::chrono::seconds(1));
  std::map<std::string, std::size_t> calls;
  std::size_t all = 0;
  for (const auto& entry : cluster->audit().entries({.user_agent = "headwind/"}, mark)) {
    ++calls[entry.verb + " " + entry.resource];
    ++all;
  }
  for (const auto& [what, times] : calls) note(what + ": " + std::to_string(times));
  note(std::to_string(count_events(*cluster, "RolledOut")) + " of " + std::to_string(count) + " told as rolled out");
  const auto rollouts = static_cast<double>(count);
  const double each = static_cast<double>(all) / rollouts, mib = (following - idle) / rollouts;
  report(arguments, {"API calls for each of " + std::to_string(count) + " rollouts", each, kCalls, "calls",
                     each / kCalls, Goal::at_most, 1.05});
  report(arguments, {"memory for each of them", mib, kGoalMib, "MiB", mib / kGoalMib, Goal::at_most, 1});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
