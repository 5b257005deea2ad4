// SPDX-License-Identifier: Apache-2.0
// What traces cost: the fan-out of one push to 1,000 automatic Deployments by an operator that records every trace and
// sends it away, beside the same by one that records none. While one works, the other is stopped.
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "bench/cluster.hpp"
#include "bench/operator.hpp"
#include "bench/patch_counter.hpp"
#include "bench/registry.hpp"
#include "bench/report.hpp"
#include "net/server.hpp"

namespace headwind::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr const char* kRepository = "library/nginx";
constexpr std::chrono::seconds kLimit{180};

// Takes every export, and only counts its bytes.
class Sink {
 public:
  Sink() {
    net::ServerOptions options;
    options.address = "127.0.0.1", options.max_body = 64U << 20U;
    auto listening = net::Server::listen(
        loop_.get_executor(), options, [this](net::ServerRequest request) -> Task<net::ServerResponse> {
          bytes_ += request.body.size();
          ++exports_;
          co_return net::ServerResponse{200, {{"Content-Type", "application/json"}}, "{}"};
        });
    if (!listening) throw std::runtime_error(listening.error().message);
    server_ = std::move(*listening);
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Sink() {
    loop_.stop();
    thread_.join();
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  std::string configuration() const {
    return R"({"telemetry":{"traces":{"sampler":"always_on","delay":"1s","queueSize":100000,"endpoint":"http://127.0.0.1:)" +
           std::to_string(server_->port()) + "\"}}}";
  }
  std::size_t exports() const { return exports_; }
  std::size_t bytes() const { return bytes_; }

 private:
  boost::asio::io_context loop_{1};
  std::atomic<std::size_t> exports_ = 0, bytes_ = 0;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

class Tracing {
 public:
  explicit Tracing(const Arguments& arguments)
      : count_(arguments.count != 0 ? arguments.count : 1000), cluster_(start_cluster()) {
    create_deployments(*cluster_, {.count = count_});
    quiet_ = std::make_unique<Operator>(arguments.build, *cluster_, registry_.url());
    quiet_->wait_until_quiet();
    quiet_->pause(true);
    tracing_ = std::make_unique<Operator>(arguments.build, *cluster_, registry_.url(), sink_.configuration());
    tracing_->wait_until_quiet();
    tracing_->pause(true);
  }
  ~Tracing() {
    quiet_->pause(false);  // or they could not end
    tracing_->pause(false);
  }
  Tracing(const Tracing&) = delete;
  Tracing& operator=(const Tracing&) = delete;

  double traced() { return fan_out(*tracing_); }
  double untraced() { return fan_out(*quiet_); }
  const Sink& sink() const { return sink_; }
  std::size_t count() const { return count_; }

 private:
  double fan_out(const Operator& by) {
    const std::string tag = "1.25." + std::to_string(++version_);
    registry_.push(kRepository, tag);
    by.pause(false);
    by.wait_until_quiet();  // it has read what the other one did
    PatchCounter patches(cluster_->directory() / "audit.log", cluster_->audit().mark());
    const auto start = Steady::now();
    by.post_webhook(fake::docker_hub_body(kRepository, tag));
    while (patches.count() < count_) {
      if (since(start) > static_cast<double>(kLimit.count()))
        throw std::runtime_error("only " + std::to_string(patches.count()) + " workloads were patched");
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const double seconds = since(start);
    by.wait_until_quiet();
    by.pause(true);
    return seconds;
  }

  std::size_t count_, version_ = 0;
  Sink sink_;
  std::unique_ptr<testbed::ControlPlane> cluster_;
  RegistryThread registry_;
  std::unique_ptr<Operator> quiet_, tracing_;
};

void measure(const Arguments& arguments) {
  Tracing bench(arguments);
  const std::size_t pairs = arguments.pairs != 0 ? arguments.pairs : 5;
  std::vector<double> traced, untraced, ratios;
  bench.untraced();  // both sides' connections are warm from here on
  bench.traced();
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const bool first = pair % 2 == 0;  // neither always has the other's aftermath
    if (first) traced.push_back(bench.traced());
    untraced.push_back(bench.untraced());
    if (!first) traced.push_back(bench.traced());
    ratios.push_back(traced.back() / untraced.back());
    char line[96];
    std::snprintf(line, sizeof line, "pair %zu: with traces %.3f s, without %.3f s, ratio %.2f", pair + 1,
                  traced.back(), untraced.back(), ratios.back());
    note(line);
  }
  note(std::to_string(bench.sink().exports()) + " exports of " + std::to_string(bench.sink().bytes() / 1024) + " KiB");
  if (bench.sink().exports() == 0) throw std::runtime_error("no span was exported: the traced operator traced nothing");
  report(arguments, {"fan-out to " + std::to_string(bench.count()) + " with traces, and without", median(traced),
                     median(untraced), "s", median(ratios), Goal::at_most, 1.1});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
