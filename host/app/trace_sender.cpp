// SPDX-License-Identifier: Apache-2.0
#include "app/trace_sender.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <ctime>
#include <utility>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "net/url.hpp"
#include "telemetry/log.hpp"
#include "telemetry/otlp_json.hpp"

namespace headwind::app {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr milliseconds longest_pause{5000};
constexpr std::size_t largest_answer = 4U << 20U;  // the specification's limit

bool comes_again(unsigned status) { return status == 429 || status == 502 || status == 503 || status == 504; }

// The path may be a secret of a hosted collector.
std::string origin_of(const std::string& url) {
  const Result<net::Url> parsed = net::parse_url(url);
  return parsed ? parsed->origin() : std::string("the collector");
}

}  // namespace

milliseconds retry_after_of(const net::Response& response, std::int64_t now_unix_ms) {
  constexpr std::int64_t longest = 24 * 3600;
  const std::string said(trim(net::find_header(response.headers, "retry-after")));
  std::int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(said.data(), said.data() + said.size(), seconds);
  if (problem == std::errc() && end == said.data() + said.size())
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, longest));
  std::tm date{};
  const char* const rest = ::strptime(said.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (said.empty() || rest == nullptr || *rest != '\0') return milliseconds(0);
  const std::int64_t wait = static_cast<std::int64_t>(::timegm(&date)) * 1000 - now_unix_ms;
  return milliseconds(std::clamp<std::int64_t>(wait, 0, longest * 1000));
}

TraceSender::TraceSender(const Executor& executor, net::Client& http, std::shared_ptr<telemetry::Tracer> tracer,
                         TraceSenderOptions options)
    : http_(http),
      tracer_(std::move(tracer)),
      options_(std::move(options)),
      pause_(executor),
      random_(std::random_device{}()) {}

void TraceSender::hurry(milliseconds grace) {
  until_ = Steady::now() + grace;
  pause_.cancel();
}

Task<> TraceSender::send(std::vector<telemetry::SpanRecord> spans) {
  std::string body = telemetry::otlp_json(spans, options_.resource, options_.version);
  if (options_.gzip) body = telemetry::gzip(body);
  const std::size_t count = spans.size();
  spans.clear();
  const Steady::time_point last = Steady::now() + options_.export_timeout;
  milliseconds pause = options_.first_pause;
  Outcome outcome;
  for (;;) {
    outcome = co_await send_once(body, std::min(last, until_), count);
    if (outcome.taken || !outcome.again) break;
    const milliseconds jitter(
        std::uniform_int_distribution<std::int64_t>(0, std::max<std::int64_t>(pause.count() / 5, 1))(random_));
    const milliseconds wait = std::max(outcome.wait, pause - jitter);
    if (Steady::now() + wait >= std::min(last, until_)) break;
    pause_.expires_after(wait);
    boost::system::error_code woken;
    co_await pause_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    pause = std::min(pause * 3 / 2, longest_pause);
  }
  if (!outcome.taken) {
    const auto& outcomes = tracer_->outcomes();
    (outcome.again ? outcomes.failed : outcomes.rejected).add(static_cast<double>(count));
  }
  tell(outcome);
}

Task<TraceSender::Outcome> TraceSender::send_once(std::string body, Steady::time_point deadline, std::size_t spans) {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Steady::now());
  if (left.count() <= 0) co_return Outcome{false, true, {}, "there was no time left"};
  net::Request request;
  request.method = "POST";
  request.url = options_.url;
  request.headers = options_.headers;
  request.headers.push_back({"Content-Type", "application/json"});
  if (options_.gzip) request.headers.push_back({"Content-Encoding", "gzip"});
  request.body = std::move(body);
  request.timeout = std::min(options_.timeout, left);
  request.max_body = largest_answer;
  request.tls = options_.tls;
  const Result<net::Response> response = co_await http_.send(std::move(request));
  if (response) co_return read(*response, spans);
  const Code code = response.error().code;
  co_return Outcome{false, code == Code::unavailable || code == Code::cancelled, {}, response.error().message};
}

TraceSender::Outcome TraceSender::read(const net::Response& response, std::size_t spans) {
  if (response.status / 100 == 2) {
    const telemetry::PartialSuccess partial = telemetry::partial_success_of(response.body);
    const auto rejected = std::clamp<std::int64_t>(partial.rejected, 0, static_cast<std::int64_t>(spans));
    tracer_->outcomes().rejected.add(static_cast<double>(rejected));
    tracer_->outcomes().exported.add(static_cast<double>(spans) - static_cast<double>(rejected));
    if (rejected > 0 || !partial.message.empty())
      telemetry::warn("telemetry", "the trace collector did not take all spans",
                      {{"collector", origin_of(options_.url)}, {"rejected", rejected}, {"why", partial.message}});
    return {true, false, {}, {}};
  }
  // Its words may repeat our headers: only the status is told.
  return {false, comes_again(response.status), retry_after_of(response, system_clock().unix_ms()),
          "it answered with status " + std::to_string(response.status)};
}

void TraceSender::tell(const Outcome& outcome) {
  if (!outcome.taken && !std::exchange(failing_, true))
    telemetry::warn("telemetry", "the trace collector takes no spans; what it does not take in time is lost",
                    {{"collector", origin_of(options_.url)}, {"error", outcome.why}});
  if (outcome.taken && std::exchange(failing_, false))
    telemetry::info("telemetry", "the trace collector takes spans again", {{"collector", origin_of(options_.url)}});
}

}  // namespace headwind::app
