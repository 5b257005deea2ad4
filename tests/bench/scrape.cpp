// SPDX-License-Identifier: Apache-2.0
// How long a scrape of the operator takes that follows 10,000 annotated Deployments and has told of a push to them, a
// new connection each time, and how much it is. The goal is absolute: 20 ms.
#include <cstdio>

#include "bench/cluster.hpp"
#include "bench/operator.hpp"
#include "bench/registry.hpp"
#include "bench/report.hpp"

namespace headwind::bench {
namespace {

constexpr double kGoalMs = 20;

void measure(const Arguments& arguments) {
  const std::size_t count = arguments.count != 0 ? arguments.count : 10'000;
  const std::size_t scrapes = arguments.pairs != 0 ? arguments.pairs : 50;
  const auto cluster = start_cluster();
  RegistryThread registry;
  registry.push("library/nginx", "1.26.0");
  create_deployments(*cluster, {.count = count, .history = History::none});
  const Operator headwind(arguments.build, *cluster, registry.url());
  headwind.post_webhook(fake::docker_hub_body("library/nginx", "1.26.0"));  // policy patch holds it
  headwind.wait_until_quiet();
  for (const bool openmetrics : {false, true}) {
    std::vector<double> times;
    std::size_t bytes = 0;
    headwind.scrape(openmetrics);
    for (std::size_t i = 0; i < scrapes; ++i) {
      const Operator::Scrape one = headwind.scrape(openmetrics);
      times.push_back(one.ms);
      bytes = one.bytes;
    }
    const std::string format = openmetrics ? "OpenMetrics" : "plain text";
    note(format + ": " + std::to_string(bytes) + " bytes");
    const double ours = median(times);
    report(arguments, {"scrape of " + std::to_string(count) + " workloads, " + format, ours, kGoalMs, "ms",
                       ours / kGoalMs, Goal::at_most, 1});
  }
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
