// SPDX-License-Identifier: Apache-2.0
// Resident memory of the operator that follows 10,000 annotated Deployments: without a history, then with a full one
// each; and before, with none at all, to see what the program itself takes.
#include <chrono>
#include <cstdio>
#include <thread>

#include "bench/cluster.hpp"
#include "bench/operator.hpp"
#include "bench/registry.hpp"
#include "bench/report.hpp"

namespace headwind::bench {
namespace {

constexpr double kGoalMib = 50;

Memory settled(const Arguments& arguments, testbed::ControlPlane& cluster, const std::string& registry,
               const char* what) {
  const Operator headwind(arguments.build, cluster, registry);
  headwind.wait_until_quiet();
  std::this_thread::sleep_for(std::chrono::seconds(5));
  const Memory memory = headwind.memory();
  char line[160];
  std::snprintf(line, sizeof line, "%s: %.1f MiB resident, %.1f MiB at its peak, %.1f s of processor time", what,
                memory.resident_mib, memory.peak_mib, headwind.processor_seconds());
  note(line);
  return memory;
}

void measure(const Arguments& arguments) {
  const std::size_t count = arguments.count != 0 ? arguments.count : 10'000;
  const std::string title = "memory at " + std::to_string(count) + " Deployments, ";
  const auto cluster = start_cluster();
  const RegistryThread registry;
  settled(arguments, *cluster, registry.url(), "no Deployments");
  create_deployments(*cluster, {.count = count, .history = History::none});
  const double plain = settled(arguments, *cluster, registry.url(), "no history").resident_mib;
  report(arguments, {title + "no history", plain, kGoalMib, "MiB", plain / kGoalMib, Goal::at_most, 1});
  add_histories(*cluster, count);
  const double full = settled(arguments, *cluster, registry.url(), "ten entries each").resident_mib;
  report(arguments, {title + "ten entries each", full, kGoalMib, "MiB", full / kGoalMib, Goal::at_most, 1});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
