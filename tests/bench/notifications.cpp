// SPDX-License-Identifier: Apache-2.0
// Notifications per second that one instance of the webhook notifier delivers to a sink on loopback, beside our own
// HTTP client posting the same bodies to the same sink one after the other: what is left is the way through the outbox
// and the plugin. The goal is absolute: 2,000 a second.
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "app/notifiers.hpp"
#include "bench/report.hpp"
#include "net/client.hpp"
#include "net/server.hpp"

namespace headwind::bench {
namespace {

constexpr double kGoal = 2000;

// Answers 200 and counts, on a thread of its own.
class Sink {
 public:
  Sink() : thread_([this] { loop_.run(); }) {
    net::ServerOptions options;
    options.address = "127.0.0.1";
    auto listening = net::Server::listen(loop_.get_executor(), options,
                                         [this](net::ServerRequest request) { return take(std::move(request)); });
    if (!listening) throw std::runtime_error(listening.error().message);
    server_ = std::move(*listening);
  }
  ~Sink() {
    loop_.stop();
    thread_.join();
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/hook"; }
  std::size_t taken() const { return taken_; }

 private:
  Task<net::ServerResponse> take(net::ServerRequest request) {
    if (!request.body.empty()) ++taken_;
    co_return net::ServerResponse{};
  }

  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{loop_.get_executor()};
  std::atomic<std::size_t> taken_ = 0;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

// What happens to many workloads: each is told of three things, in order.
update::Notification happening(std::size_t index) {
  using update::EventType;
  constexpr std::array<EventType, 3> story{EventType::update_detected, EventType::update_completed,
                                           EventType::rollout_completed};
  update::Notification out;
  out.type = story[index % story.size()];
  out.id = "0123456789abcdef" + std::to_string(index);
  out.api_version = "apps/v1", out.kind = "Deployment", out.name_space = "shop";
  out.name = "web-" + std::to_string(index / story.size());
  out.container = "app", out.policy = "minor";
  out.current_image = "registry.example.com/team/app:1.25.0", out.new_image = "registry.example.com/team/app:1.26.0";
  return out;
}

class Ours {
 public:
  Ours(const std::filesystem::path& build, const std::string& url) {
    plugin::HostOptions options;
    options.directories = {build / "plugins" / "headwind-notifier-webhook.so"};
    host_ = std::make_unique<plugin::Host>(loop_.get_executor(), http_, metrics_, options);
    host_->load();
    run([&]() -> Task<> {
      const auto made = co_await host_->create({"sink", "headwind.notifier.webhook", "{}", {{"url", url}}, {}});
      if (!made) throw std::runtime_error(made.error().message);
    });
    notifiers_.add(host_->notifiers().front(), "headwind.notifier.webhook");
  }
  ~Ours() {
    run([&]() -> Task<> { co_await host_->shut_down(std::chrono::milliseconds(100)); });
    http_->shut_down();
  }
  Ours(const Ours&) = delete;
  Ours& operator=(const Ours&) = delete;

  // Events per second, told by the engine in bursts that fit the outbox.
  double measure(std::size_t count) {
    const std::size_t burst = app::Backlog::limit / 2;
    const auto begin = std::chrono::steady_clock::now();
    run([&]() -> Task<> {
      for (std::size_t told = 0; told < count;) {
        for (std::size_t i = 0; i < burst && told < count; ++i, ++told) notifiers_.tell(happening(next_++));
        while (notifiers_.notifiers().front().waiting > burst / 5) co_await sleep_for(std::chrono::milliseconds(1));
      }
      while (notifiers_.notifiers().front().waiting > 0) co_await sleep_for(std::chrono::milliseconds(1));
    });
    return static_cast<double>(count) / since(begin);
  }

 private:
  template <class Work>
  void run(Work work) {
    bool done = false;
    spawn(loop_.get_executor(), "benchmark", [](Work& what, bool& end) -> Task<> {
      co_await what();
      end = true;
    }(work, done));
    while (!done) {
      loop_.restart();
      loop_.run_one();
    }
  }

  boost::asio::io_context loop_{1};
  telemetry::Metrics metrics_;
  telemetry::CompatMetrics compat_{metrics_};
  inventory::Inventory inventory_;
  std::shared_ptr<net::Client> http_ = std::make_shared<net::Client>(loop_.get_executor(), net::ClientOptions{});
  std::unique_ptr<plugin::Host> host_;
  app::PluginNotifiers notifiers_{loop_.get_executor(), system_clock(), app::Links{}, metrics_, compat_, inventory_};
  std::size_t next_ = 0;
};

// The same bodies, one after the other on one kept connection.
double raw(const std::string& url, std::size_t count) {
  boost::asio::io_context loop{1};
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < count; ++i) bodies.push_back(app::notice_of(happening(i), {}).details);
  const auto http = std::make_shared<net::Client>(loop.get_executor(), net::ClientOptions{});
  const auto begin = std::chrono::steady_clock::now();
  double took = 0;
  spawn(loop.get_executor(), "yardstick", [](auto client, auto to, auto& all, auto start, double& end) -> Task<> {
    for (std::string& body : all) {
      net::Request request;
      request.method = "POST", request.url = to, request.body = std::move(body);
      request.headers.push_back({"content-type", "application/json"});
      const auto answer = co_await client->send(std::move(request));
      if (!answer || answer->status != 200) throw std::runtime_error("the sink did not take an event");
    }
    end = since(start);
    client->shut_down();
  }(http, url, bodies, begin, took));
  loop.run();
  return static_cast<double>(count) / took;
}

void measure(const Arguments& arguments) {
  const std::size_t pairs = arguments.pairs != 0 ? arguments.pairs : 5;
  const std::size_t count = arguments.count != 0 ? arguments.count : 6000;
  const Sink sink;
  Ours ours(arguments.build, sink.url());
  ours.measure(count / 10);
  raw(sink.url(), count / 10);
  std::vector<double> told, posted, ratios;
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const std::size_t before = sink.taken();
    told.push_back(ours.measure(count));
    if (sink.taken() - before != count) throw std::runtime_error("not each event arrived once");
    posted.push_back(raw(sink.url(), count));
    ratios.push_back(told.back() / posted.back());
    char line[120];
    std::snprintf(line, sizeof line, "pair %zu: ours %.0f/s, the client alone %.0f/s, ratio %.2f", pair + 1,
                  told.back(), posted.back(), ratios.back());
    note(line);
  }
  note("median ratio to the client alone, one after the other: " + std::to_string(median(ratios)));
  report(arguments,
         {"notifications by one instance", median(told), kGoal, "/s", median(told) / kGoal, Goal::at_least, 1});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
