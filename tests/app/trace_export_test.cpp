// SPDX-License-Identifier: Apache-2.0
// Spans of this process, and a collector over a real connection that answers as the test says.
#include "app/trace_export.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "core/clock.hpp"
#include "net/server.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

std::string unzipped(const std::string& packed) {
  std::string out(1U << 22U, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return {};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = inflate(&stream, Z_FINISH);
  out.resize(ended == Z_STREAM_END ? stream.total_out : 0);
  inflateEnd(&stream);
  return out;
}

// A collector with a thread of its own. Answers come from `script`, the last one for good.
class Collector {
 public:
  explicit Collector(std::vector<net::ServerResponse> script, std::uint16_t port = 0) : script_(std::move(script)) {
    net::ServerOptions options;
    options.address = "127.0.0.1", options.port = port, options.max_body = 64U << 20U;
    auto listening = net::Server::listen(loop_.get_executor(), options,
                                         [this](net::ServerRequest request) { return take(std::move(request)); });
    server_ = std::move(listening.value());
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Collector() {
    loop_.stop();
    thread_.join();
  }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  std::uint16_t port() const { return server_->port(); }
  std::vector<net::ServerRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t count() const { return requests().size(); }
  // The spans' names of the request of that number.
  std::set<std::string> names(std::size_t number) const {
    const net::ServerRequest request = requests().at(number);
    const bool packed = net::find_header(request.headers, "content-encoding") == "gzip";
    const json body = json::parse(packed ? unzipped(request.body) : request.body);
    std::set<std::string> names;
    for (const json& span : body["resourceSpans"][0]["scopeSpans"][0]["spans"]) names.insert(span["name"]);
    return names;
  }

 private:
  Task<net::ServerResponse> take(net::ServerRequest request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
    co_return script_[std::min(requests_.size(), script_.size()) - 1];
  }

  boost::asio::io_context loop_{1};
  std::vector<net::ServerResponse> script_;
  mutable std::mutex mutex_;
  std::vector<net::ServerRequest> requests_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

template <class Condition>
bool soon(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (!condition() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(2ms);
  return condition();
}

class Exports : public testing::Test {
 protected:
  void begin(const std::string& url) {
    TraceSenderOptions sender;
    sender.url = url;
    sender.headers = {{"authorization", "Bearer planted-secret"}};
    sender.first_pause = first_pause_, sender.export_timeout = export_timeout_;
    sender.gzip = gzip_;
    sender.resource = {{"service.name", "headwind"}};
    sender.version = "1.0";
    export_ = std::make_unique<TraceExport>(std::move(sender), tracer_, delay_, net::Proxies{}, metrics_);
  }
  void begin(const Collector& collector) { begin(url_of(collector.port())); }
  static std::string url_of(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port) + "/v1/traces"; }

  void end_spans(const std::string& name, int count = 1) {
    run([](std::string of, int wanted) -> Task<> {
      for (int i = 0; i < wanted; ++i) const telemetry::Span span(of);
      co_return;
    }(name, count));
  }
  void run(Task<> task) {
    spawn(loop_.get_executor(), "test", std::move(task));
    loop_.run();
    loop_.restart();
  }
  double count(const std::string& outcome) {
    return metrics_.counter("headwind_trace_spans_total", "", {{"outcome", outcome}}).value();
  }

  boost::asio::io_context loop_{1};
  telemetry::Metrics metrics_;
  telemetry::TracerOptions tracer_;
  std::chrono::milliseconds delay_{10}, first_pause_{20}, export_timeout_{30'000};
  bool gzip_ = true;
  std::unique_ptr<TraceExport> export_;
};

TEST_F(Exports, ReachTheCollectorAsTheSpecificationSays) {
  const Collector collector({{200, {}, "{}"}});
  begin(collector);
  end_spans("decide", 3);
  ASSERT_TRUE(soon([&] { return count("exported") == 3; }));
  const net::ServerRequest request = collector.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/v1/traces");
  EXPECT_EQ(net::find_header(request.headers, "content-type"), "application/json");
  EXPECT_EQ(net::find_header(request.headers, "content-encoding"), "gzip");
  EXPECT_EQ(net::find_header(request.headers, "authorization"), "Bearer planted-secret");
  EXPECT_EQ(net::find_header(request.headers, "user-agent"), "headwind/1.0");
  EXPECT_EQ(net::find_header(request.headers, "traceparent"), "") << "an export is no part of a trace";
  EXPECT_EQ(collector.names(0), std::set<std::string>{"decide"});
}

TEST_F(Exports, GoInWholeBatchesBeforeTheirTime) {
  delay_ = 1h;
  tracer_.max_batch = 4;
  gzip_ = false;
  const Collector collector({{200, {}, "{}"}});
  begin(collector);
  end_spans("decide", 9);
  ASSERT_TRUE(soon([&] { return count("exported") == 8; }));
  EXPECT_EQ(collector.count(), 2U);
  run(export_->stop(10s));
  EXPECT_EQ(count("exported"), 9) << "the rest at the end";
  EXPECT_EQ(telemetry::tracer(), nullptr);
}

TEST_F(Exports, ComeAgainAfterEachStatusThatAsksForIt) {
  for (const unsigned status : {429U, 502U, 503U, 504U}) {
    const Collector collector({{status, {}, "later"}, {200, {}, "{}"}});
    begin(collector);
    const double before = count("exported");
    end_spans("decide", 2);
    ASSERT_TRUE(soon([&] { return count("exported") == before + 2; })) << status;
    EXPECT_EQ(collector.count(), 2U) << status;
    EXPECT_EQ(collector.requests()[0].body, collector.requests()[1].body) << status;
  }
}

TEST_F(Exports, NeverComeAgainAfterAnyOtherStatus) {
  double lost = 0;
  for (const unsigned status : {400U, 401U, 404U, 413U, 500U, 301U}) {
    const Collector collector({{status, {}, "no"}, {200, {}, "{}"}});
    begin(collector);
    end_spans("lost", 2);
    lost += 2;
    ASSERT_TRUE(soon([&] { return count("rejected") == lost; })) << status;
    end_spans("next");
    ASSERT_TRUE(soon([&] { return collector.count() == 2; })) << status;
    EXPECT_EQ(collector.names(1), std::set<std::string>{"next"}) << status;
  }
}

TEST_F(Exports, ThatArePartlyRejectedDoNotComeAgain) {
  const Collector collector({{200, {}, R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}})"}});
  begin(collector);
  end_spans("decide", 3);
  ASSERT_TRUE(soon([&] { return count("exported") == 1; }));
  EXPECT_EQ(count("rejected"), 2);
  end_spans("next");
  ASSERT_TRUE(soon([&] { return collector.count() == 2; }));
  EXPECT_EQ(collector.names(1), std::set<std::string>{"next"});
}

TEST_F(Exports, WaitAsLongAsTheCollectorAsks) {
  const Collector collector({{503, {{"Retry-After", "1"}}, ""}, {200, {}, "{}"}});
  begin(collector);
  const auto start = std::chrono::steady_clock::now();
  end_spans("decide");
  ASSERT_TRUE(soon([&] { return count("exported") == 1; }));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 1s);
}

TEST_F(Exports, ThatAreAskedToWaitTooLongAreLost) {
  export_timeout_ = 2s;
  const Collector collector({{429, {{"Retry-After", "3600"}}, ""}, {200, {}, "{}"}});
  begin(collector);
  end_spans("lost");
  ASSERT_TRUE(soon([&] { return count("failed") == 1; }));
  EXPECT_EQ(collector.count(), 1U);
}

TEST_F(Exports, HoldUpNobodyWhereNobodyListensAndAreBounded) {
  const std::uint16_t port = Collector({{200, {}, ""}}).port();  // closed again
  tracer_.max_queue = 100, tracer_.max_batch = 10;
  testing::internal::CaptureStderr();
  begin(url_of(port));
  const auto start = std::chrono::steady_clock::now();
  end_spans("decide", 10'000);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s) << "nothing of it waits for the collector";
  EXPECT_GE(count("dropped"), 10'000 - 100 - 10);
  // It comes back: what waits is sent.
  const Collector collector({{200, {}, "{}"}}, port);
  ASSERT_TRUE(soon([&] { return count("exported") > 0; }));
  run(export_->stop(30s));
  export_.reset();
  EXPECT_EQ(count("exported") + count("dropped") + count("failed"), 10'000);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(log.find("planted-secret"), std::string::npos);
}

TEST_F(Exports, EndInTimeWithoutACollector) {
  const std::uint16_t port = Collector({{200, {}, ""}}).port();
  begin(url_of(port));
  end_spans("decide");
  const auto start = std::chrono::steady_clock::now();
  run(export_->stop(200ms));
  export_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST(RetryAfter, IsSecondsOrADate) {
  const auto of = [](const std::string& value) {
    return retry_after_of({503, {{"Retry-After", value}}, {}}, parse_rfc3339("2026-01-01T00:00:00Z").value());
  };
  EXPECT_EQ(of("7"), 7s);
  EXPECT_EQ(of("Thu, 01 Jan 2026 00:00:10 GMT"), 10s);
  EXPECT_EQ(of("Wed, 31 Dec 2025 23:00:00 GMT"), 0s);
  for (const char* nothing : {"", "-5", "soon", "Thu, 01 Jan 2026", "1e9"}) EXPECT_EQ(of(nothing), 0s) << nothing;
  EXPECT_EQ(of("99999999"), 24h);
}

TEST(TraceExport, IsOffUnlessAskedFor) {
  telemetry::Metrics metrics;
  config::Config config;
  EXPECT_EQ(TraceExport::start(config, {}, "headwind/1", metrics).value(), nullptr);
  config.traces.endpoint = "http://127.0.0.1:4318/v1/traces";
  config.traces.disabled = true;
  EXPECT_EQ(TraceExport::start(config, {}, "headwind/1", metrics).value(), nullptr);
  config.traces.disabled = false;
  config.traces.ca_file = "/nonexistent";
  const auto refused = TraceExport::start(config, {}, "headwind/1", metrics);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("telemetry.traces.caFile"), std::string::npos);
}

}  // namespace
}  // namespace headwind::app
