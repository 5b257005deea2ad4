// SPDX-License-Identifier: Apache-2.0
// `GET /api/v1/explain` of one workload among 10,000, whose repository has 1,000 tags: the answer over HTTP, its list
// of tags read before. (An explanation asks the registry at most once a minute; what that takes is the registry's.)
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "bench/cluster.hpp"
#include "bench/operator.hpp"
#include "bench/registry.hpp"
#include "bench/report.hpp"
#include "core/async.hpp"
#include "net/client.hpp"

namespace headwind::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr double goal_ms = 5;
constexpr std::size_t calls_at_once = 50;  // of one figure; fewer than a minute's worth

// The milliseconds of each call, on one connection; the first pays for the registry and is left out.
std::vector<double> ask(const std::string& url, std::size_t calls) {
  boost::asio::io_context context{1};
  net::Client client(context.get_executor(), {.user_agent = "headwind-bench"});
  std::vector<double> taken;
  const auto all = [&]() -> Task<> {
    for (std::size_t i = 0; i <= calls; ++i) {
      net::Request request;
      request.url = url;
      const auto start = Steady::now();
      const auto response = co_await client.send(std::move(request));
      if (i > 0) taken.push_back(since(start) * 1000);
      if (!response || response->status != 200) throw std::runtime_error("an explanation failed");
      const auto document = nlohmann::json::parse(response->body);
      if (document["slots"][0]["choice"] != "1.25.999") throw std::runtime_error("it says nothing: " + response->body);
    }
    client.shut_down();
  };
  spawn(context.get_executor(), "bench explain", all());
  context.run();
  if (taken.size() != calls) throw std::runtime_error("not all calls were answered");
  return taken;
}

void measure(const Arguments& arguments) {
  const std::size_t workloads = arguments.count != 0 ? arguments.count : 10'000;
  const std::size_t pairs = arguments.pairs != 0 ? arguments.pairs : 5;
  const auto cluster = start_cluster();
  RegistryThread registry;
  for (int tag = 0; tag < 1000; ++tag) registry.push("library/nginx", "1.25." + std::to_string(tag));
  create_deployments(*cluster, {.count = workloads, .approved = true});
  const auto port = testbed::free_port();
  const nlohmann::json api{{"ports", {{"api", {{"address", "127.0.0.1"}, {"port", port}}}}}};
  const Operator headwind(arguments.build, *cluster, registry.url(), api.dump());
  headwind.wait_until_quiet();
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/api/v1/explain/shop/Deployment/web-" +
                          std::to_string(workloads / 2);
  std::vector<double> medians;
  for (std::size_t pair = 0; pair < pairs; ++pair) medians.push_back(median(ask(url, calls_at_once)));
  report(arguments, {"explain, one of " + std::to_string(workloads) + " workloads, 1,000 tags", median(medians),
                     goal_ms, "ms", median(medians) / goal_ms, Goal::at_most, 1});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
