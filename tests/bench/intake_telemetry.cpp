// SPDX-License-Identifier: Apache-2.0
// What it costs the webhook intake that somebody watches: an operator that logs at info and is scraped every second,
// beside one that logs errors only and is never scraped, both asked by the same wrk with the same request. That the
// events are counted, a few atomic additions, cannot be switched off and is in both.
#include <atomic>
#include <cstdio>
#include <fstream>
#include <thread>

#include "bench/cluster.hpp"
#include "bench/operator.hpp"
#include "bench/registry.hpp"
#include "bench/report.hpp"
#include "bench/wrk.hpp"

namespace headwind::bench {
namespace {

constexpr const char* kRepository = "library/nginx";
constexpr const char* kTag = "1.26.0";  // policy patch holds it: nothing is ever patched

// Every second, until it is destroyed.
class Scraper {
 public:
  explicit Scraper(const Operator& headwind)
      : thread_([this, &headwind] {
          for (int tenths = 0; !stopped_; ++tenths) {
            if (tenths % 10 == 0) headwind.scrape(true);
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
          }
        }) {}
  ~Scraper() {
    stopped_ = true;
    thread_.join();
  }
  Scraper(const Scraper&) = delete;
  Scraper& operator=(const Scraper&) = delete;

 private:
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

void measure(const Arguments& arguments) {
  const std::size_t pairs = arguments.pairs != 0 ? arguments.pairs : 5;
  const std::size_t seconds = arguments.seconds != 0 ? arguments.seconds : 10;
  const auto cluster = start_cluster();
  create_deployments(*cluster, {});
  RegistryThread registry;
  registry.push(kRepository, kTag);
  const Operator watched(arguments.build, *cluster, registry.url(), R"({"log":{"level":"info"}})");
  const Operator quiet(arguments.build, *cluster, registry.url(), R"({"log":{"level":"error"}})");
  const std::filesystem::path body = cluster->directory() / "webhook.json";
  std::ofstream(body) << fake::docker_hub_body(kRepository, kTag);
  for (const Operator* one : {&watched, &quiet}) ask(one->webhook_url(), body, 1);
  std::vector<double> ours, yardstick, ratios;
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const auto measured = [&](const Operator& one) {
      one.wait_until_quiet();
      return 1e6 / ask(one.webhook_url(), body, seconds).per_second;
    };
    quiet.pause(true);
    {
      const Scraper scraper(watched);
      ours.push_back(measured(watched));
    }
    quiet.pause(false);
    watched.pause(true);
    yardstick.push_back(measured(quiet));
    watched.pause(false);
    ratios.push_back(ours.back() / yardstick.back());
    char line[160];
    std::snprintf(line, sizeof line, "pair %zu: watched %.1f us, unwatched %.1f us, ratio %.2f", pair + 1, ours.back(),
                  yardstick.back(), ratios.back());
    note(line);
  }
  report(arguments,
         {"webhook intake, watched", median(ours), median(yardstick), "us", median(ratios), Goal::at_most, 1.15});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
