// SPDX-License-Identifier: Apache-2.0
// The webhook intake with a scripted plugin before it and a scripted inbox behind it.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "api/auth_world.hpp"
#include "api/intake.hpp"
#include "api/run.hpp"

namespace headwind::api {

inline const std::string kDigest = "sha256:" + std::string(64, 'a');
inline const std::string kTrace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

struct ScriptedParser final : WebhookParser {
  Result<std::vector<Push>> answer = std::vector<Push>{{"docker.io/library/nginx", "1.26.0", kDigest, "", "1", false}};
  std::vector<std::string> calls;  // endpoint, body and number of headers
  net::Headers headers;            // of the last call
  Task<Result<std::vector<Push>>> parse(std::string endpoint, net::Headers sent, std::string body) override {
    headers = std::move(sent);
    calls.push_back(endpoint + " " + body + " " + std::to_string(headers.size()));
    co_return answer;
  }
};

class IntakeTest : public testing::Test {
 protected:
  net::ServerResponse call(net::ServerRequest request) { return run(make_handler()(std::move(request))); }
  net::Handler make_handler() {
    return make_intake(options, {parser, [this](std::vector<update::Hint> hints) { return take(std::move(hints)); },
                                 metrics, telemetry::CompatMetrics(metrics).webhook_events_total, clock, fetch_keys});
  }
  Task<Result<>> take(std::vector<update::Hint> hints) {
    taken.insert(taken.end(), hints.begin(), hints.end());
    co_return taker;
  }
  double count(const std::string& endpoint, const std::string& code) {
    return metrics.counter("headwind_webhook_requests_total", "", {{"endpoint", endpoint}, {"code", code}}).value();
  }
  double ignored(const std::string& reason) {
    return metrics.counter("headwind_webhook_pushes_ignored_total", "", {{"endpoint", "registry"}, {"reason", reason}})
        .value();
  }

  IntakeOptions options;
  ScriptedParser parser;
  telemetry::Metrics metrics;
  HandClock clock;
  KeyFetcher fetch_keys;
  Result<> taker{boost::system::in_place_value};
  std::vector<update::Hint> taken;
};

}  // namespace headwind::api
