// SPDX-License-Identifier: Apache-2.0
#include "app/webhooks.hpp"

#include <string>
#include <utility>

#include "config/webhook_names.hpp"

namespace headwind::app {
namespace {

using Wanted = config::Config::WebhookSecret;

api::WebhookSecret::Style style_of(Wanted::Style style) {
  switch (style) {
    case Wanted::Style::basic: return api::WebhookSecret::Style::basic;
    case Wanted::Style::bearer: return api::WebhookSecret::Style::bearer;
    case Wanted::Style::hmac: return api::WebhookSecret::Style::hmac;
    case Wanted::Style::hmac_sha1: return api::WebhookSecret::Style::hmac_sha1;
    case Wanted::Style::path: return api::WebhookSecret::Style::path;
    case Wanted::Style::header:
    case Wanted::Style::oidc: break;
  }
  return api::WebhookSecret::Style::header;
}

api::OidcRules rules_of(const Wanted& wanted) {
  api::OidcRules rules;
  if (!wanted.issuer.empty()) rules.issuer = wanted.issuer;
  if (!wanted.keys_url.empty()) rules.keys_url = wanted.keys_url;
  rules.audience = wanted.audience;
  rules.email = wanted.service_account;
  rules.subject = wanted.subject;
  return rules;
}

Result<api::WebhookSecret> read(const Wanted& wanted, const TextMap& environment) {
  api::WebhookSecret secret;
  secret.style = style_of(wanted.style);
  secret.header = wanted.header;
  Result<std::string> value = config::read_secret(wanted.secret, environment);
  if (!value) return value.error();
  secret.secret = std::move(*value);
  if (wanted.previous.empty()) return secret;
  Result<std::string> previous = config::read_secret(wanted.previous, environment);
  if (!previous) return previous.error();
  secret.previous = std::move(*previous);
  return secret;
}

Task<Result<std::string>> fetch(std::shared_ptr<net::Client> client, std::string url) {
  net::Request request;
  request.url = std::move(url);
  request.headers = {{"Accept", "application/json"}};
  request.timeout = std::chrono::seconds(5);  // a sender waits behind it
  request.max_body = api::kLargestKeySet;
  Result<net::Response> response = co_await client->send(std::move(request));
  if (!response) co_return response.error();
  if (response->status != 200)
    co_return make_error(Code::unavailable, "answered with status " + std::to_string(response->status));
  co_return std::move(response->body);
}

}  // namespace

std::vector<std::string> webhook_instances(const plugin::Host& host, const Refusals& refusals) {
  std::vector<std::string> names;
  std::vector<plugin::InstanceInfo> instances = host.instances();
  for (plugin::InstanceInfo& refused : refusals.all()) instances.push_back(std::move(refused));
  for (const plugin::InstanceInfo& instance : instances) {
    const bool registry = instance.kind == "registry" || instance.kind.empty();
    if (registry && !config::is_bundled_instance(instance.name) && !config::is_webhook_endpoint(instance.name))
      names.push_back(instance.name);
  }
  return names;
}

Result<api::IntakeOptions> intake_options(const config::Config& config, const std::vector<std::string>& instances,
                                          const TextMap& environment) {
  api::IntakeOptions intake;
  intake.endpoints.assign(config::webhook_endpoints.begin(), config::webhook_endpoints.end());
  intake.endpoints.insert(intake.endpoints.end(), instances.begin(), instances.end());
  intake.registry_aliases = config.registry_aliases;
  for (const auto& [endpoint, wanted] : config.webhook_secrets) {
    if (wanted.style == Wanted::Style::oidc) {
      intake.tokens[endpoint] = rules_of(wanted);
      continue;
    }
    Result<api::WebhookSecret> secret = read(wanted, environment);
    if (!secret) return secret.error();
    intake.secrets[endpoint] = std::move(*secret);
  }
  for (const config::Config::WebhookPlace& place : config.webhook_places)
    intake.places.push_back(place.sender + " " + (place.repository.empty() ? "*" : place.repository) + " " +
                            place.base);
  return intake;
}

api::KeyFetcher key_fetcher(std::shared_ptr<net::Client> client) {
  return [client = std::move(client)](std::string url) { return fetch(client, std::move(url)); };
}

}  // namespace headwind::app
