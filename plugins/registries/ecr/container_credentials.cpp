// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "registries/core/token_file.hpp"
#include "registries/core/url.hpp"
#include "registries/ecr/credential_sources.hpp"
#include "registries/ecr/credential_text.hpp"

namespace headwind::registries::ecr {
namespace {

constexpr const char* full_uri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* relative_uri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* token_file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr const char* token_variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

constexpr std::int64_t patience_ms = 1'000;
constexpr int attempts = 3;
constexpr std::uint64_t max_answer = 64 * 1024;

bool is_near(const std::string& host) {
  constexpr std::array<std::string_view, 5> near{"localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
  if (std::find(near.begin(), near.end(), host) != near.end()) return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

// As the URL spells it: a parser may take 127.0.0.1.example.com for an address.
std::string host_of(std::string_view url) {
  url.remove_prefix(std::min(url.size(), url.find("://") + 3));
  url = url.substr(0, url.find_first_of("/?#"));
  if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

Outcome<std::string> url_of(const Environment& environment) {
  const auto relative = environment.get(relative_uri);
  const auto url = relative.empty() ? environment.get(full_uri) : "http://169.254.170.2" + relative;
  const auto origin = origin_of(url);
  if (!origin || (!relative.empty() && !relative.starts_with('/')))
    return Failure{HW_INVALID, std::string(relative.empty() ? full_uri : relative_uri) + " is not a URL of credentials",
                   0};
  if (origin->scheme != "https" && !is_near(host_of(url)))
    return Failure{HW_DENIED,
                   std::string(full_uri) + " names " + host_of(url) +
                       ", where plain HTTP may not go: use https, or the address of EKS's or ECS's agent",
                   0};
  return url;
}

Outcome<std::string> authorization_of(const Environment& environment) {
  if (const auto path = environment.get(token_file); !path.empty()) return read_token_file(path, token_file);
  auto token = environment.get(token_variable);
  if (std::any_of(token.begin(), token.end(), [](char c) { return c < ' ' || c == 127; }))
    return Failure{HW_INVALID, std::string(token_variable) + " holds control characters", 0};
  return token;
}

}  // namespace

bool has_container_credentials(const Environment& environment) {
  return !environment.get(relative_uri).empty() || !environment.get(full_uri).empty();
}

Outcome<Keys> from_container(const Environment& environment, Transport& transport) {
  const auto url = url_of(environment);
  if (!url) return url.failure();
  const auto authorization = authorization_of(environment);
  if (!authorization) return authorization.failure();
  Request request{"GET", *url, {{"Accept", "application/json"}}, max_answer};
  if (!authorization->empty()) request.headers.emplace_back("Authorization", *authorization);
  const std::string who = "the container's credentials service at " + origin_of(*url)->authority();
  Failure last{HW_UNAVAILABLE, who + " does not answer", 0};
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto response = transport.exchange_within(request, patience_ms);
    if (!response) {
      if (response.failure().code == HW_CANCELLED) return response.failure();
      continue;
    }
    const std::string answered = who + " answered " + std::to_string(response->status);
    if (response->status == 200) {
      if (auto keys = read_keys_json(response->body); keys && !keys->session_token.empty()) return *keys;
      return Failure{HW_UNAVAILABLE, who + " answered without usable keys", 0};
    }
    if (response->status < 500)
      return Failure{HW_DENIED, answered + ": associate a role with this pod's service account", 0};
    last.message = answered;
  }
  return last;
}

}  // namespace headwind::registries::ecr
