// SPDX-License-Identifier: Apache-2.0
#include "bench/operator.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "bench/report.hpp"
#include "core/async.hpp"
#include "net/client.hpp"

namespace headwind::bench {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kStartLimit{180};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The answer; of status 0 where there was none.
net::Response exchange(net::Request request) {
  boost::asio::io_context context{1};
  net::Client client(context.get_executor(), {.user_agent = "headwind-bench"});
  net::Response answer;
  const auto ask = [&]() -> Task<> {
    auto response = co_await client.send(std::move(request));
    if (response) answer = std::move(*response);
    client.shut_down();
  };
  spawn(context.get_executor(), "bench call", ask());
  context.run();
  return answer;
}
unsigned send(net::Request request) { return exchange(std::move(request)).status; }

std::string local(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

}  // namespace

Operator::Operator(const std::filesystem::path& build, testbed::ControlPlane& cluster, const std::string& docker_hub,
                   const std::string& more)
    : directory_(testbed::make_temporary_directory("bench")) {
  const std::uint16_t webhooks = testbed::free_port(), api = testbed::free_port(), metrics = testbed::free_port();
  const auto port = [](std::uint16_t number) { return json{{"address", "127.0.0.1"}, {"port", number}}; };
  json config{{"kubernetes", {{"kubeconfig", cluster.kubeconfig().string()}}},
              {"ports", {{"webhooks", port(webhooks)}, {"api", port(api)}, {"metrics", port(metrics)}}},
              {"registries", {{"docker.io", {{"endpoint", docker_hub}}}}},
              {"plugins", {{"directories", {(build / "plugins").string()}}}}};
  config.merge_patch(json::parse(more));
  std::ofstream(directory_ / "headwind.yaml") << config.dump(1);  // JSON is YAML
  url_ = local(webhooks);
  metrics_url_ = local(metrics) + "/metrics";
  auto started = testbed::Process::start(
      {{(build / "host" / "headwind").string(), "run", "--config", (directory_ / "headwind.yaml").string()},
       directory_ / "log",
       directory_});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = std::move(*started);
  const auto until = std::chrono::steady_clock::now() + kStartLimit;
  while (send({.url = local(metrics) + "/readyz", .timeout = std::chrono::seconds(5)}) != 200) {
    if (!process_.running()) throw std::runtime_error("headwind ended: " + log_tail());
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error("headwind is not ready: " + log_tail());
    std::this_thread::sleep_for(milliseconds(50));
  }
}

Operator::~Operator() {
  process_.stop(std::chrono::seconds(15));
  std::error_code ignored;
  if (std::getenv("HEADWIND_TESTBED_KEEP") == nullptr) std::filesystem::remove_all(directory_, ignored);
}

std::string Operator::log_tail() const {
  const std::string text = read_file(directory_ / "log");
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

void Operator::post_webhook(const std::string& body) const {
  const unsigned status =
      send({.method = "POST", .url = webhook_url(), .headers = {{"Content-Type", "application/json"}}, .body = body});
  if (status != 200) throw std::runtime_error("the webhook was answered with " + std::to_string(status));
}

Operator::Scrape Operator::scrape(bool openmetrics) const {
  net::Request request{.url = metrics_url_};
  if (openmetrics)
    request.headers.push_back({"Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"});
  const auto began = std::chrono::steady_clock::now();
  const net::Response answer = exchange(std::move(request));
  if (answer.status != 200) throw std::runtime_error("/metrics was answered with " + std::to_string(answer.status));
  return {since(began) * 1000, answer.body.size()};
}

Memory Operator::memory() const {
  std::istringstream status(read_file("/proc/" + std::to_string(process_.pid()) + "/status"));
  Memory memory;
  for (std::string word; status >> word;) {
    double kib = 0;
    if (word == "VmRSS:" && status >> kib) memory.resident_mib = kib / 1024;
    if (word == "VmHWM:" && status >> kib) memory.peak_mib = kib / 1024;
  }
  if (memory.resident_mib == 0) throw std::runtime_error("headwind ended: " + log_tail());
  return memory;
}

double Operator::processor_seconds() const {
  const std::string text = read_file("/proc/" + std::to_string(process_.pid()) + "/stat");
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  double user = 0, system = 0;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

void Operator::wait_until_quiet() const {
  for (double before = -1, now = processor_seconds(); now - before > 0.015; now = processor_seconds()) {
    before = now;
    std::this_thread::sleep_for(milliseconds(500));
  }
}

void Operator::pause(bool paused) const { process_.send(paused ? SIGSTOP : SIGCONT); }

}  // namespace headwind::bench
