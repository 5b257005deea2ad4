// SPDX-License-Identifier: Apache-2.0
// Polling at size: 10,000 Deployments on 250 repositories of 1,000 tags each. How many lists an interval costs, and
// what stays in memory after all of them were read twice.
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "bench/cluster.hpp"
#include "bench/operator.hpp"
#include "bench/registry.hpp"
#include "bench/report.hpp"

namespace headwind::bench {
namespace {

constexpr std::size_t kRepositories = 250, kTags = 1000;
constexpr std::chrono::seconds kInterval{60}, kLimit{600};
constexpr double kGoalMib = 80;

std::string repository(std::size_t index) { return "team/app-" + std::to_string(index % kRepositories); }

// Nothing newer than what runs: a poll that finds nothing is what polls mostly are.
void fill(RegistryThread& registry) {
  for (std::size_t i = 0; i < kRepositories; ++i)
    for (std::size_t tag = 0; tag < kTags; ++tag) registry.push(repository(i), "1.24." + std::to_string(tag));
}

void wait_for_lists(RegistryThread& registry, std::size_t count) {
  const auto end = std::chrono::steady_clock::now() + kLimit;
  while (registry.lists() < count) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the lists were not read in time");
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

void measure(const Arguments& arguments) {
  const std::size_t count = arguments.count != 0 ? arguments.count : 10'000;
  const auto cluster = start_cluster();
  RegistryThread registry;
  fill(registry);
  create_deployments(*cluster, {.count = count,
                                .history = History::none,
                                .image = [](std::size_t index) { return repository(index) + ":1.24.999"; },
                                .polled = true});
  const Operator headwind(arguments.build, *cluster, registry.url(),
                          R"({"polling":{"enabled":true,"interval":")" + std::to_string(kInterval.count()) + "s\"}}");
  wait_for_lists(registry, kRepositories);
  registry.clear_requests();
  const auto began = std::chrono::steady_clock::now();
  wait_for_lists(registry, 2 * kRepositories);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  // A stream is due up to a tenth early, so that what began together drifts apart.
  const double intervals = took.count() / (0.9 * static_cast<double>(kInterval.count()));
  const double lists = static_cast<double>(registry.lists()) / intervals;
  report(arguments, {"lists per interval, " + std::to_string(count) + " workloads on 250 repositories", lists,
                     kRepositories, "lists", lists / kRepositories, Goal::at_most, 1.05});
  headwind.wait_until_quiet();
  const Memory memory = headwind.memory();
  char line[160];
  std::snprintf(line, sizeof line, "%.1f MiB resident, %.1f MiB at its peak, %.1f s of processor time",
                memory.resident_mib, memory.peak_mib, headwind.processor_seconds());
  note(line);
  report(arguments, {"memory after polling 250 repositories of 1,000 tags for " + std::to_string(count) + " workloads",
                     memory.resident_mib, kGoalMib, "MiB", memory.resident_mib / kGoalMib, Goal::at_most, 1});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
