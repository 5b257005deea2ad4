// SPDX-License-Identifier: Apache-2.0
// Port 8080: registries tell us that something was pushed. POST /webhook/NAME for each endpoint ("any": /webhook), with
// one more path segment where its secret is sent so, and GET /health.
//
// Each call is checked in this order: its secret or token (401; 503 where the keys of tokens cannot be read), its
// content type (415), that it is JSON (400), its shape by the registry plugin (422), which learns the endpoint's name
// and its places by headers of ours. Then its pushes become hints; the 200 `Webhook processed` follows once these are
// taken. Handshakes of senders are answered here (intake_handshake.hpp).
// A path or method that there is not: 404 or 405 with a problem document, a line in the log, and a count.
// Needs nothing of the engine but `take`, so it may run on threads of its own; the handler outlives its calls.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "api/oidc.hpp"
#include "api/webhook_secret.hpp"
#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "net/server.hpp"
#include "telemetry/metrics.hpp"
#include "update/hint.hpp"

namespace headwind::api {

struct Push {              // "this repository has something new", as the registry's plugin read it
  std::string repository;  // with its host: "docker.io/library/nginx"
  std::string tag, digest, media_type, event_id;
  bool deleted = false;
};

// Reads the bodies of one endpoint. Called on the server's executor.
class WebhookParser {
 public:
  virtual ~WebhookParser() = default;
  // Code::invalid: JSON of another shape (422); denied: a signature that the plugin checks is wrong (401).
  virtual Task<Result<std::vector<Push>>> parse(std::string endpoint, net::Headers headers, std::string body) = 0;
};

// Returns once the hints are durable. Code::throttled: the inbox is full; unavailable: it cannot be written.
using HintTaker = std::function<Task<Result<>>(std::vector<update::Hint>)>;

struct IntakeOptions {
  std::vector<std::string> endpoints{"registry", "dockerhub"};
  std::map<std::string, WebhookSecret> secrets;  // by endpoint; absent: see make_intake
  std::map<std::string, OidcRules> tokens;       // by endpoint, instead of a secret
  std::vector<std::string> places;               // "nexus docker-hosted registry.example.com:8082", see registry.h
  std::map<std::string, std::string> registry_aliases;  // host in an event -> host in images
};

struct IntakePorts {
  WebhookParser& parser;
  HintTaker take;
  telemetry::Metrics& metrics;
  telemetry::Counter events_total;  // headwind_webhook_events_total of 0.1.x
  const Clock& clock;
  KeyFetcher fetch_keys{};  // needed where there are tokens
};

// An endpoint without a secret takes every caller; but where others have one, only "registry" and "dockerhub" do (as in
// 0.1.x): the rest would be a way around them, since a body is recognised wherever it comes in.
// All references must outlive the handler.
net::Handler make_intake(IntakeOptions options, IntakePorts ports);

}  // namespace headwind::api
