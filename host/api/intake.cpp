// SPDX-License-Identifier: Apache-2.0
#include "api/intake.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "api/intake_handshake.hpp"
#include "api/intake_metrics.hpp"
#include "api/json_body.hpp"
#include "api/push_hints.hpp"
#include "api/response.hpp"
#include "api/router.hpp"
#include "api/server_span.hpp"
#include "api/stray_calls.hpp"
#include "core/text.hpp"
#include "telemetry/log.hpp"
#include "telemetry/span.hpp"

namespace headwind::api {
namespace {

constexpr std::chrono::seconds kRetryAfter{5};
constexpr const char* kFailed = "Failed to process event";  // the words of 0.1.x

net::ServerResponse busy(const Error& error) {
  net::ServerResponse response = text_response(503, error.message);
  set_retry_after(response, error.retry_after, kRetryAfter);
  return response;
}

bool is_busy(const Error& error) { return error.code == Code::throttled || error.code == Code::unavailable; }

net::ServerResponse refusal_of_parser(const std::string& endpoint, const Error& error) {
  if (error.code == Code::invalid) return text_response(422, error.message);
  if (error.code == Code::denied) return text_response(401, error.message);
  if (is_busy(error)) return busy(error);
  telemetry::error("api", "webhook body could not be read", {{"endpoint", endpoint}, {"error", error.message}});
  return text_response(500, kFailed);
}

net::ServerResponse refusal_of_taker(const std::string& endpoint, const Error& error) {
  telemetry::warn("api", "webhook not taken", {{"endpoint", endpoint}, {"error", error.message}});
  return is_busy(error) ? busy(error) : text_response(500, kFailed);
}

// What the plugin is told beside the sender's own headers, of which none may pass for ours.
void add_own_headers(net::Headers& headers, const std::string& endpoint, const std::vector<std::string>& places) {
  constexpr std::string_view kOurs = "headwind-";
  std::erase_if(headers, [&](const net::Header& header) {
    return header.name.size() > kOurs.size() && equals_ignoring_case(header.name.substr(0, kOurs.size()), kOurs);
  });
  headers.push_back({"headwind-endpoint", endpoint});
  for (const std::string& place : places) headers.push_back({"headwind-place", place});
}

// One webhook endpoint.
class Endpoint {
 public:
  Endpoint(std::string name, const IntakeOptions& options, const IntakePorts& ports)
      : name_(std::move(name)),
        aliases_(options.registry_aliases),
        places_(options.places),
        ports_(ports),
        metrics_(ports.metrics, name_) {
    if (const auto found = options.secrets.find(name_); found != options.secrets.end()) secret_ = found->second;
    if (const auto found = options.tokens.find(name_); found != options.tokens.end())
      gate_ = std::make_unique<OidcGate>(found->second, ports.fetch_keys, ports.clock);
    const bool others_are_locked = !options.secrets.empty() || !options.tokens.empty();
    locked_ = !secret_ && !gate_ && others_are_locked && name_ != "registry" && name_ != "dockerhub";
  }

  bool secret_in_path() const { return secret_ && secret_->style == WebhookSecret::Style::path; }

  Task<net::ServerResponse> serve(Call call) const {
    net::ServerResponse response = co_await process(std::move(call));
    metrics_.answered(response.status);
    co_return response;
  }

  // Carries no secret but one in the path: it asks no more than whether we listen.
  net::ServerResponse consent(const Call& call) const {
    if (secret_in_path())
      if (auto refusal = refuse(call)) return std::move(*refusal);
    return answer_webhook_options(call.request.headers);
  }

 private:
  std::optional<net::ServerResponse> refuse(const Call& call) const {
    if (locked_)
      return text_response(401, "This webhook has no secret while others have one: set webhooks." + name_ + ".secret.");
    if (!secret_) return std::nullopt;
    std::optional<std::string> segment;
    if (const auto found = call.parameters.find("secret"); found != call.parameters.end()) segment = found->second;
    if (auto why = refuse_webhook(*secret_, call.request.headers, call.request.body, segment))
      return text_response(401, std::move(*why));
    return std::nullopt;
  }

  Task<std::optional<net::ServerResponse>> refuse_token(const net::Headers& headers) const {
    const std::optional<Error> why = co_await gate_->refuse(std::string(net::find_header(headers, "Authorization")));
    if (!why) co_return std::nullopt;
    co_return is_busy(*why) ? busy(*why) : text_response(401, why->message);
  }

  Task<net::ServerResponse> process(Call call) const {
    std::optional<net::ServerResponse> refusal = refuse(call);
    if (!refusal && gate_) refusal = co_await refuse_token(call.request.headers);
    if (!refusal) refusal = refuse_unless_json(call.request.headers, call.request.body);
    if (refusal) co_return std::move(*refusal);
    if (auto shaken = answer_event_grid(name_, call.request.headers, call.request.body)) co_return std::move(*shaken);
    add_own_headers(call.request.headers, name_, places_);
    auto pushes = co_await ports_.parser.parse(name_, std::move(call.request.headers), std::move(call.request.body));
    if (!pushes) co_return refusal_of_parser(name_, pushes.error());
    ports_.events_total.add();  // as in 0.1.x: calls that were understood
    PushSummary summary = hints_from(std::move(*pushes), aliases_, telemetry::Current::text(), ports_.clock.unix_ms());
    metrics_.ignored(summary);
    if (!summary.hints.empty()) {
      const auto taken = co_await ports_.take(std::move(summary.hints));
      if (!taken) co_return refusal_of_taker(name_, taken.error());
    }
    co_return text_response(200, "Webhook processed");
  }

  std::string name_;
  std::map<std::string, std::string> aliases_;
  std::vector<std::string> places_;
  IntakePorts ports_;
  IntakeMetrics metrics_;
  std::optional<WebhookSecret> secret_;
  std::unique_ptr<OidcGate> gate_;
  bool locked_ = false;
};

}  // namespace

net::Handler make_intake(IntakeOptions options, IntakePorts ports) {
  auto router = std::make_shared<Router>(Router::Refusals::listed);
  bool secrets_in_paths = false;
  for (const std::string& name : options.endpoints) {
    const auto endpoint = std::make_shared<const Endpoint>(name, options, ports);
    secrets_in_paths = secrets_in_paths || endpoint->secret_in_path();
    const auto serve = [endpoint](Call call) { return endpoint->serve(std::move(call)); };
    const auto consent = [endpoint](const Call& call) { return answer(endpoint->consent(call)); };
    const std::string path = name == "any" ? "/webhook" : "/webhook/" + name;
    for (const std::string& at : {path, path + "/{secret}"}) {
      if (at != path && !endpoint->secret_in_path()) continue;
      router->add("POST", at, serve);
      if (takes_cloud_events(name)) router->add("OPTIONS", at, consent);
    }
  }
  router->add("GET", "/health", [](const Call&) { return answer(text_response(200, "OK")); });
  const auto strays = std::make_shared<const StrayCalls>(ports.metrics, options.endpoints, secrets_in_paths);
  router->on_refusal([strays](const net::ServerRequest& request, unsigned status) { strays->note(request, status); });
  return traced_handler_of(std::move(router));
}

}  // namespace headwind::api
