// SPDX-License-Identifier: Apache-2.0
// Webhooks per second that are taken in and answered with 200, beside nginx with one worker and `return 200`, asked
// by the same wrk with the same request: 64 kept connections, 2 threads.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>
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

class Nginx {
 public:
  Nginx() : directory_(testbed::make_temporary_directory("nginx")), port_(testbed::free_port()) {
    std::ofstream config(directory_ / "nginx.conf");
    config << "daemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log error.log;\n";
    if (::geteuid() == 0) config << "user root;\n";  // the directory is ours alone
    config << "events { worker_connections 1024; }\nhttp {\n  access_log off;\n  keepalive_requests 1000000000;\n";
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      config << "  " << kind << "_temp_path " << kind << ";\n";
    config << "  server { listen 127.0.0.1:" << port_ << "; default_type text/plain;\n"
           << "    location / { return 200 \"Webhook processed\"; } }\n}\n";
    config.close();
    auto started = testbed::Process::start(
        {{"nginx", "-p", directory_.string(), "-c", "nginx.conf", "-e", "error.log"}, directory_ / "log", directory_});
    if (!started) throw std::runtime_error(started.error().message);
    process_ = std::move(*started);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    if (!process_.running()) throw std::runtime_error("nginx ended; see " + (directory_ / "log").string());
  }
  ~Nginx() {
    process_.stop(std::chrono::seconds(5));
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/webhook/dockerhub"; }

 private:
  std::filesystem::path directory_;
  std::uint16_t port_;
  testbed::Process process_;
};

void measure(const Arguments& arguments) {
  const std::size_t pairs = arguments.pairs != 0 ? arguments.pairs : 3;
  const std::size_t seconds = arguments.seconds != 0 ? arguments.seconds : 10;
  const auto cluster = start_cluster();
  create_deployments(*cluster, {});
  RegistryThread registry;
  registry.push(kRepository, kTag);
  const Operator headwind(arguments.build, *cluster, registry.url());
  const Nginx nginx;
  const std::filesystem::path body = cluster->directory() / "webhook.json";
  std::ofstream(body) << fake::docker_hub_body(kRepository, kTag);

  ask(headwind.webhook_url(), body, 1);
  ask(nginx.url(), body, 1);
  headwind.wait_until_quiet();
  registry.clear_requests();
  std::vector<double> ours, yardstick, ratios;
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const double before = headwind.processor_seconds();
    const std::uint64_t mark = cluster->audit().mark();
    const Rate taken = ask(headwind.webhook_url(), body, seconds);
    const double used = headwind.processor_seconds() - before;
    const std::size_t lookups = registry.count("manifest");
    registry.clear_requests();
    const std::size_t calls = cluster->audit().count({.user_agent = "headwind/"}, mark);
    const Rate answered = ask(nginx.url(), body, seconds);
    ours.push_back(taken.per_second);
    yardstick.push_back(answered.per_second);
    ratios.push_back(ours.back() / yardstick.back());
    char line[240];
    std::snprintf(line, sizeof line,
                  "pair %zu: ours %.0f/s (99%% in %.1f ms, %zu refused, %zu broken, %.1f us of processor time each, "
                  "%zu look-ups, %zu API calls), yardstick %.0f/s (99%% in %.1f ms), ratio %.2f",
                  pair + 1, taken.per_second, taken.slowest_ms, taken.refused, taken.broken,
                  used * 1e6 / (taken.per_second * static_cast<double>(seconds)), lookups, calls, answered.per_second,
                  answered.slowest_ms, ratios.back());
    note(line);
  }
  report(arguments, {"webhook intake", median(ours), median(yardstick), "req/s", median(ratios), Goal::at_least, 0.5});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
