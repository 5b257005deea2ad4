// SPDX-License-Identifier: Apache-2.0
// One batch of spans to an OpenTelemetry collector, as the OTLP specification says:
// https://opentelemetry.io/docs/specs/otlp/#otlphttp-response.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/client.hpp"
#include "telemetry/tracer.hpp"

namespace headwind::app {

struct TraceSenderOptions {
  std::string url;
  net::Headers headers;  // with secrets
  std::shared_ptr<const net::TlsSettings> tls;
  bool gzip = true;
  std::chrono::milliseconds timeout{10'000};         // of one request
  std::chrono::milliseconds export_timeout{30'000};  // of one batch: whatever is not taken by then is lost
  std::chrono::milliseconds first_pause{1000};       // half as much again each time, up to 5 s, less a random part
  std::map<std::string, std::string> resource;
  std::string version;
};

// How long a Retry-After asks to wait: seconds or an HTTP date; 0 where it says nothing, or of the past.
std::chrono::milliseconds retry_after_of(const net::Response& response, std::int64_t now_unix_ms);

// All of it belongs to the executor of `http`.
class TraceSender {
 public:
  TraceSender(const Executor& executor, net::Client& http, std::shared_ptr<telemetry::Tracer> tracer,
              TraceSenderOptions options);

  // Again after 429, 502, 503, 504 and where nobody answers; counts what became of the spans. Says in the log when the
  // collector stops taking them and when it takes them again, not each time.
  Task<> send(std::vector<telemetry::SpanRecord> spans);
  // From now on nothing is sent again later than `grace` from now, and the pause under way ends at once. A request
  // under way is not cut short: it keeps its own timeout.
  void hurry(std::chrono::milliseconds grace);

 private:
  struct Outcome {
    bool taken = false, again = false;
    std::chrono::milliseconds wait{0};  // at least, before it is sent again
    std::string why;
  };
  Task<Outcome> send_once(std::string body, std::chrono::steady_clock::time_point deadline, std::size_t spans);
  Outcome read(const net::Response& response, std::size_t spans);
  void tell(const Outcome& outcome);

  net::Client& http_;
  std::shared_ptr<telemetry::Tracer> tracer_;
  const TraceSenderOptions options_;
  boost::asio::steady_timer pause_;
  std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::time_point::max();
  std::minstd_rand random_;
  bool failing_ = false;  // as told
};

}  // namespace headwind::app
