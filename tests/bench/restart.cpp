// SPDX-License-Identifier: Apache-2.0
// A restart in a large cluster: from the start of the process until /readyz says yes, with 10,000 workloads and 5,000
// UpdateRequests that wait for a person; beside the bare LISTs of the same objects, read and thrown away.
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
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

constexpr const char* kRequests = "/apis/headwind.sh/v1alpha1/updaterequests";
constexpr std::chrono::seconds kProposed{300};

std::size_t count_pending(testbed::ControlPlane& cluster) {
  const auto answer = cluster.call("GET", std::string(kRequests) + "?limit=1");
  const auto list = nlohmann::json::parse(answer.body);
  return list.at("items").size() + list.at("metadata").value("remainingItemCount", std::size_t{0});
}

// Every other Deployment runs an image of which something newer is announced: the operator itself writes the requests.
void propose(const Arguments& arguments, testbed::ControlPlane& cluster, RegistryThread& registry, std::size_t count) {
  create_deployments(cluster,
                     {.count = 2 * count,
                      .image = [](std::size_t index) { return index % 2 == 0 ? "nginx:1.25.0" : "redis:7.0.0"; },
                      .approved = true});
  registry.push("library/nginx", "1.25.1");
  const Operator headwind(arguments.build, cluster, registry.url());
  headwind.post_webhook(fake::docker_hub_body("library/nginx", "1.25.1"));
  for (const auto start = Steady::now(); count_pending(cluster) < count;) {
    if (std::chrono::seconds(static_cast<int>(since(start))) > kProposed)
      throw std::runtime_error("only " + std::to_string(count_pending(cluster)) + " requests were written");
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  headwind.wait_until_quiet();
}

constexpr std::size_t kPage = 500;

struct Read {
  std::size_t bytes = 0, pages = 0;
};

// Of built-in kinds the list's metadata comes first, of custom ones last.
std::string continue_token(const std::string& list) {
  constexpr std::size_t near = 1'000;
  const std::string_view text(list);
  for (const std::string_view end : {text.substr(0, near), text.substr(text.size() - std::min(near, text.size()))})
    if (const std::size_t at = end.find(R"("continue":")"); at != std::string_view::npos)
      return std::string(end.substr(at + 12, end.find('"', at + 12) - at - 12));
  return {};
}

// One kind in the pages that the operator asks for, on a connection of its own.
Task<> list_all(net::Client& client, testbed::ControlPlane& cluster, std::shared_ptr<const net::TlsSettings> tls,
                std::string path, Read& read, std::size_t& left, boost::asio::io_context& context) {
  std::string token;
  do {
    net::Request request;
    request.url =
        cluster.url() + path + "?limit=" + std::to_string(kPage) + (token.empty() ? "" : "&continue=" + token);
    request.tls = tls;
    request.max_body = 256U << 20U;
    request.headers = {{"Authorization", "Bearer " + testbed::ControlPlane::token("admin")},
                       {"Accept", "application/json"}};
    const auto response = co_await client.send(std::move(request));
    if (!response || response->status != 200) throw std::runtime_error("the list of " + path + " failed");
    read.bytes += response->body.size();
    ++read.pages;
    token = continue_token(response->body);
  } while (!token.empty());
  if (--left == 0) context.stop();  // a kept connection would keep the loop
}

double raw_lists(testbed::ControlPlane& cluster, Read& read) {
  boost::asio::io_context context{1};
  net::Client client(context.get_executor(), {.user_agent = "headwind-bench"});
  const auto tls = std::make_shared<const net::TlsSettings>(net::TlsSettings{.ca_pem = cluster.ca_pem()});
  const auto start = Steady::now();
  std::size_t left = 2;
  for (const char* path : {"/apis/apps/v1/deployments", kRequests})
    spawn(context.get_executor(), "bench list", list_all(client, cluster, tls, path, read, left, context));
  context.run_for(std::chrono::seconds(120));
  const double seconds = since(start);
  client.shut_down();
  return seconds;
}

void measure(const Arguments& arguments) {
  const std::size_t requests = arguments.count != 0 ? arguments.count : 5'000;
  const std::size_t pairs = arguments.pairs != 0 ? arguments.pairs : 5;
  const auto cluster = start_cluster();
  RegistryThread registry;
  propose(arguments, *cluster, registry, requests);
  std::vector<double> ours, yardstick, ratios;
  Read read;
  for (std::size_t pair = 0; pair <= pairs; ++pair) {  // the first warms the server's caches
    read = {};
    const double raw = raw_lists(*cluster, read);
    if (read.pages * kPage < 3 * requests) throw std::runtime_error("the yardstick did not read all pages");
    const auto start = Steady::now();
    const Operator headwind(arguments.build, *cluster, registry.url());
    const double seconds = since(start);
    const double processor = headwind.processor_seconds();
    headwind.wait_until_quiet();
    if (pair == 0) continue;
    yardstick.push_back(raw), ours.push_back(seconds), ratios.push_back(seconds / raw);
    char line[120];
    std::snprintf(line, sizeof line,
                  "pair %zu: ours %.3f s (%.3f s of a processor, peak %.1f MiB), yardstick %.3f s, ratio %.2f", pair,
                  seconds, processor, headwind.memory().peak_mib, raw, seconds / raw);
    note(line);
  }
  note("the lists are of " + std::to_string(read.bytes / 1'000'000) + " MB");
  if (count_pending(*cluster) != requests) throw std::runtime_error("a restart made or lost a request");
  report(arguments, {"restart to ready, " + std::to_string(2 * requests) + " workloads and " +
                         std::to_string(requests) + " requests",
                     median(ours), median(yardstick), "s", median(ratios), Goal::at_most, 1.5});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
