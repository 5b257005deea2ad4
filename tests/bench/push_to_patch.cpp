// SPDX-License-Identifier: Apache-2.0
// How long after a webhook the workload is patched: a real docker-registry, a real API server, one push after the
// other. Beside it the sum of the raw calls that it takes, over kept connections: the tag's digest, its manifest and
// configuration (on which platforms does it run?), and the same JSON patch.
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "bench/cluster.hpp"
#include "bench/operator.hpp"
#include "bench/report.hpp"
#include "core/hash.hpp"
#include "end_to_end/registry.hpp"
#include "fake/registry.hpp"

namespace headwind::bench {
namespace {

using Steady = std::chrono::steady_clock;
using nlohmann::json;

constexpr std::size_t kPushes = 500, kFirst = 5;  // the first ones warm caches and connections and do not count
constexpr double kGoal = 1.5;

double ms_since(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

// One kept connection to each peer.
class Caller {
 public:
  net::Response send(net::Request request) {
    std::optional<Result<net::Response>> answer;
    const auto exchange = [&]() -> Task<> { answer = co_await client_.send(std::move(request)); };
    spawn(context_.get_executor(), "bench call", exchange());
    context_.restart();
    while (!answer) context_.run_one();
    if (!*answer) throw std::runtime_error(answer->error().message);
    if ((*answer)->status / 100 != 2) throw std::runtime_error("answered " + std::to_string((*answer)->status));
    return std::move(**answer);
  }

 private:
  boost::asio::io_context context_{1};
  net::Client client_{context_.get_executor(), {.user_agent = "headwind-bench"}};
};

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

class PushToPatch {
 public:
  explicit PushToPatch(const Arguments& arguments)
      : cluster_(start_cluster()),
        ours_(registry_.host() + "/team/app"),
        yardstick_(registry_.host() + "/team/yardstick"),
        arguments_(arguments) {
    create_deployments(*cluster_, {.count = 2, .image = [this](std::size_t index) {
                                     return (index == 0 ? ours_ : yardstick_) + ":1.25.0";
                                   }});
    for (const char* repository : {"team/app", "team/yardstick"}) registry_.push(repository, "1.25.0");
  }

  void measure() {
    const Operator headwind(
        arguments_.build, *cluster_, "http://" + registry_.host(),
        json{{"registries", {{registry_.host(), {{"endpoint", "http://" + registry_.host()}}}}}}.dump());
    std::vector<double> pushes, raw;
    for (std::size_t i = 0; i < kPushes + kFirst; ++i) {
      const std::string tag = "1.25." + std::to_string(i + 1);
      const double push = push_once(headwind, tag), calls = raw_calls(tag);
      if (i < kFirst) continue;
      pushes.push_back(push);
      raw.push_back(calls);
    }
    char line[200];
    std::snprintf(line, sizeof line, "push to patch: p50 %.2f ms, p99 %.2f ms; the raw calls: p50 %.2f ms, p99 %.2f ms",
                  quantile(pushes, 0.5), quantile(pushes, 0.99), quantile(raw, 0.5), quantile(raw, 0.99));
    note(line);
    const double p50 = quantile(pushes, 0.5), base = quantile(raw, 0.5);
    report(arguments_,
           {"webhook to patch, p50 of " + std::to_string(kPushes), p50, base, "ms", p50 / base, Goal::at_most, kGoal});
    const double p99 = quantile(pushes, 0.99), base99 = quantile(raw, 0.99);
    report(arguments_, {"webhook to patch, p99", p99, base99, "ms", p99 / base99, Goal::at_most, kGoal});
  }

 private:
  double push_once(const Operator& headwind, const std::string& tag) {
    const std::string digest = registry_.push("team/app", tag);
    const std::string body = fake::notification_body("team/app", tag, digest, registry_.host());
    const std::uint64_t mark = cluster_->audit().mark();
    const auto start = Steady::now();
    caller_.send({.method = "POST",
                  .url = headwind.url() + "/webhook/registry",
                  .headers = {{"Content-Type", std::string(fake::kNotificationType)}},
                  .body = body});
    while (cluster_->audit().count({.verb = "patch", .resource = "deployments", .user_agent = "headwind/"}, mark) ==
           0) {
      if (ms_since(start) > 30'000) throw std::runtime_error("no patch within 30 s of the push of " + tag);
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    const double took = ms_since(start);
    headwind.wait_until_quiet();
    return took;
  }

  double raw_calls(const std::string& tag) {
    const std::string digest = registry_.push("team/yardstick", tag);
    const std::string object = cluster_->call("GET", std::string(kDeployments) + "/web-1").body;
    const auto patch = patches_to({object}, yardstick_ + ":" + tag, digest).front();
    const std::string base = "http://" + registry_.host() + "/v2/team/yardstick/";
    const net::Headers accept{{"Accept", "application/vnd.oci.image.manifest.v1+json"}};
    const auto start = Steady::now();
    caller_.send({.method = "HEAD", .url = base + "manifests/" + tag, .headers = accept});
    caller_.send({.url = base + "manifests/" + digest, .headers = accept});
    caller_.send({.url = base + "blobs/sha256:" + sha256_hex("{}")});
    const auto answer = cluster_->call(patch.method, patch.path, patch.body);
    const double took = ms_since(start);
    if (!answer.ok()) throw std::runtime_error("the yardstick's patch: " + answer.body);
    return took;
  }

  std::unique_ptr<testbed::ControlPlane> cluster_;
  end_to_end::Registry registry_;
  std::string ours_, yardstick_;
  const Arguments& arguments_;
  Caller caller_;
};

void measure(const Arguments& arguments) { PushToPatch(arguments).measure(); }

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
