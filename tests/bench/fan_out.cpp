// SPDX-License-Identifier: Apache-2.0
// One push that concerns 1,000 automatic Deployments: from the webhook until all of them run the new image, beside a
// flood of the same JSON patches over 16 kept connections. Both end when the API server has answered the last one.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "bench/cluster.hpp"
#include "bench/operator.hpp"
#include "bench/patch_counter.hpp"
#include "bench/registry.hpp"
#include "bench/report.hpp"

namespace headwind::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr const char* kRepository = "library/nginx";
constexpr std::chrono::seconds kLimit{180};

struct Requests {
  std::size_t updates = 0, reads = 0, inbox = 0, credentials = 0, events = 0, others = 0;
};

class FanOut {
 public:
  explicit FanOut(const Arguments& arguments)
      : count_(arguments.count != 0 ? arguments.count : 1000), cluster_(start_cluster()) {
    create_deployments(*cluster_, {.count = count_});
    operator_ = std::make_unique<Operator>(arguments.build, *cluster_, registry_.url());
  }

  double ours() {
    const std::string tag = next_tag();
    registry_.push(kRepository, tag);
    operator_->wait_until_quiet();
    const std::uint64_t mark = cluster_->audit().mark();
    PatchCounter patches(cluster_->directory() / "audit.log", mark);
    const auto start = Steady::now();
    operator_->post_webhook(fake::docker_hub_body(kRepository, tag));
    while (patches.count() < count_) {
      if (since(start) > static_cast<double>(kLimit.count()))
        throw std::runtime_error("only " + std::to_string(patches.count()) + " workloads were patched");
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const double seconds = since(start);
    operator_->wait_until_quiet();
    expect_image("nginx:" + tag);
    count_requests(mark);
    return seconds;
  }

  double yardstick() {
    const std::string tag = next_tag();
    const std::string digest = registry_.push(kRepository, tag);
    auto calls = patches_to(read_deployments(*cluster_), "nginx:" + tag, digest);
    patch_bytes_ = calls.front().body.size();
    operator_->pause(true);  // it shall not read its watch at the yardstick's cost
    const auto start = Steady::now();
    cluster_->call_all(std::move(calls), 16);
    const double seconds = since(start);
    operator_->pause(false);
    expect_image("nginx:" + tag);
    operator_->wait_until_quiet();
    return seconds;
  }

  void begin_counting() { requests_ = {}, rounds_ = 0; }
  const Requests& requests() const { return requests_; }
  std::size_t rounds() const { return rounds_; }
  std::size_t count() const { return count_; }
  std::size_t patch_bytes() const { return patch_bytes_; }
  std::size_t object_bytes() { return read_deployments(*cluster_).front().size(); }

 private:
  std::string next_tag() { return "1.25." + std::to_string(++version_); }

  void expect_image(const std::string& image) {
    for (const std::string& text : read_deployments(*cluster_)) {
      const auto object = nlohmann::json::parse(text);
      if (object.at("/spec/template/spec/containers/0/image"_json_pointer) != image)
        throw std::runtime_error(object["metadata"]["name"].get<std::string>() + " does not run " + image);
    }
  }

  void count_requests(std::uint64_t mark) {
    Requests now;
    for (const auto& entry : cluster_->audit().entries({.user_agent = "headwind/"}, mark)) {
      if (entry.verb == "watch") continue;   // one that ended by itself and goes on
      if (entry.resource.empty()) continue;  // whether the cluster serves Flux's kinds by now: once in a while
      if (entry.resource == "serviceaccounts" || entry.resource == "secrets") {
        ++now.credentials;  // of the pods, once in five minutes whatever is updated
      } else if (entry.verb == "get" || entry.verb == "list") {
        ++now.reads;
      } else if (entry.resource == "deployments") {
        ++now.updates;
      } else if (entry.resource == "configmaps") {
        ++now.inbox;
      } else if (entry.resource == "events") {
        ++now.events;
      } else {
        ++now.others;
      }
    }
    ++rounds_;
    requests_.updates += now.updates, requests_.reads += now.reads, requests_.inbox += now.inbox;
    requests_.credentials += now.credentials, requests_.events += now.events, requests_.others += now.others;
  }

  std::size_t count_, version_ = 0, rounds_ = 0, patch_bytes_ = 0;
  std::unique_ptr<testbed::ControlPlane> cluster_;
  RegistryThread registry_;
  std::unique_ptr<Operator> operator_;
  Requests requests_;
};

void measure(const Arguments& arguments) {
  FanOut bench(arguments);
  const std::size_t pairs = arguments.pairs != 0 ? arguments.pairs : 5;
  std::vector<double> ours, yardstick, ratios;
  bench.yardstick();  // the server's caches and both sides' connections are warm from here on
  bench.ours();
  bench.begin_counting();  // the yardstick's patches look like ours, and were just followed as after a restart
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const bool first = pair % 2 == 0;  // neither always has the other's aftermath
    if (first) ours.push_back(bench.ours());
    yardstick.push_back(bench.yardstick());
    if (!first) ours.push_back(bench.ours());
    ratios.push_back(ours.back() / yardstick.back());
    char line[96];
    std::snprintf(line, sizeof line, "pair %zu: ours %.3f s, yardstick %.3f s, ratio %.2f", pair + 1, ours.back(),
                  yardstick.back(), ratios.back());
    note(line);
  }
  const Requests& requests = bench.requests();
  const double updates = static_cast<double>(bench.count() * bench.rounds());
  note(std::to_string(bench.count()) + " Deployments of about " + std::to_string(bench.object_bytes()) +
       " bytes, patches of about " + std::to_string(bench.patch_bytes()) + " bytes");
  note("requests of " + std::to_string(bench.rounds()) + " pushes: " + std::to_string(requests.updates) +
       " patches of Deployments, " + std::to_string(requests.reads) + " reads, " + std::to_string(requests.others) +
       " of other kinds; apart: " + std::to_string(requests.inbox) + " of the inbox, " +
       std::to_string(requests.credentials) + " of credentials, " + std::to_string(requests.events) + " Events");
  report(arguments, {"fan-out to " + std::to_string(bench.count()) + " Deployments", median(ours), median(yardstick),
                     "s", median(ratios), Goal::at_most, 1.5});
  const double per_update = static_cast<double>(requests.updates + requests.reads + requests.others) / updates;
  report(arguments, {"requests per update", per_update, 1, "requests", per_update, Goal::at_most, 1});
  if (requests.reads != 0 || requests.others != 0 || static_cast<double>(requests.updates) != updates)
    throw std::runtime_error("an update took more than its one write");
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
