// SPDX-License-Identifier: Apache-2.0
#include "app/registries.hpp"

#include <algorithm>
#include <utility>

#include "core/image_reference.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

using Urgency = schedule::HostBudget::Urgency;

// Polling asks four at once at most: pushes find a place beside it.
constexpr std::size_t questions_per_host = 6;
constexpr std::size_t most_platforms = 4096, most_explained = 1000;

// The registry refused: which credential it saw, so that somebody can mend it.
Error with_origin(Error error, const std::string& host, const PullSecrets::Found& found) {
  error.message += found.origin.empty() ? "; no pull secret of the workload fits " + host
                                        : "; the credential is that of " + found.origin;
  if (!found.trouble.empty()) error.message += "; " + found.trouble;
  return error;
}

// Whether another reading of the Secrets may help. A certificate that a server does not take, or a CA that is not the
// server's, shows as a connection that fails, or as a bad request.
bool may_be_rotated(const Error& error, const PullSecrets::Found& found) {
  return error.code == Code::denied ||
         (found.has_certificates && (error.code == Code::unavailable || error.code == Code::invalid));
}

}  // namespace

PluginRegistries::PluginRegistries(std::vector<plugin::Registry> instances, RegistryRoute route, PullSecrets& secrets,
                                   telemetry::Metrics& metrics, const Clock& clock)
    : instances_(std::move(instances)),
      route_(std::move(route)),
      secrets_(secrets),
      metrics_(metrics),
      clock_(clock),
      places_(questions_per_host) {}

const plugin::Registry* PluginRegistries::find(std::string_view name) const {
  const auto found = std::find_if(instances_.begin(), instances_.end(),
                                  [&](const plugin::Registry& instance) { return instance.name() == name; });
  return found == instances_.end() ? nullptr : &*found;
}

Result<plugin::Registry> PluginRegistries::serving(std::string_view repository) {
  const config::RegistryChoice choice = route_(repository);
  const std::string_view host = host_of(repository);
  if (const plugin::Registry* instance = find(choice.instance)) {
    if (!explained_.contains(host) && explained_.size() < most_explained) {
      explained_.emplace(host);
      telemetry::info("app", "registry served",
                      {{"registry", host}, {"instance", choice.instance}, {"why", choice.why}});
    }
    return *instance;
  }
  return make_error(Code::unsupported, "registry " + std::string(host) + " is served by the plugin instance " +
                                           choice.instance + " (" + choice.why + "), which is not loaded");
}

template <class T>
Task<Result<T>> PluginRegistries::try_all(plugin::Registry registry, std::string host,
                                          std::vector<plugin::Credential> credentials, Urgency urgency,
                                          Question<T> question) {
  std::vector<std::optional<plugin::Credential>> tries(credentials.begin(), credentials.end());
  if (tries.empty()) tries.emplace_back();
  std::optional<Error> denied;
  for (std::size_t i = 0; i < tries.size(); ++i) {
    const auto place = co_await places_.take(host);
    if (std::optional<Error> refusal = budget_.refusal(host, urgency, clock_.mono_ms())) co_return *refusal;
    const bool apart = tries[i] && tries[i]->tls;
    Result<T> answer = co_await question(registry, std::move(tries[i]));
    const Result<> outcome = answer ? Result<>() : Result<>(answer.error());
    if (apart)
      budget_.ended_apart(host, outcome, clock_.mono_ms());
    else
      budget_.ended(host, outcome, clock_.mono_ms());
    if (answer) co_return answer;
    const Code code = answer.error().code;
    if (code != Code::denied && code != Code::not_found) co_return answer;
    // A registry may say "not found" of what it does not show to this one.
    if (code == Code::denied) denied = answer.error();
    if (i + 1 == tries.size()) co_return denied ? *denied : answer.error();
  }
  co_return make_error(Code::internal, "no question was asked");  // there is at least one try
}

template <class T>
Task<Result<T>> PluginRegistries::ask(std::string repository, Symbol access, Urgency urgency, Question<T> question) {
  const std::string host(host_of(repository));
  const Result<plugin::Registry> registry = serving(repository);
  if (!registry) co_return registry.error();
  Result<PullSecrets::Found> found = co_await secrets_.find(repository, access);
  if (!found) co_return found.error();
  Result<T> answer = co_await try_all<T>(*registry, host, found->credentials, urgency, question);
  if (answer || !may_be_rotated(answer.error(), *found)) co_return answer;
  Result<PullSecrets::Found> now = co_await secrets_.find(repository, access, clock_.mono_ms());
  if (!now) co_return now.error();
  if (now->identity != found->identity) {
    answer = co_await try_all<T>(*registry, host, now->credentials, urgency, question);
    if (answer) co_return answer;
  }
  if (answer.error().code != Code::denied) co_return answer;
  co_return with_origin(answer.error(), host, *now);
}

Task<Result<Symbol>> PluginRegistries::identity(std::string repository, Symbol access) {
  const Result<PullSecrets::Found> found = co_await secrets_.find(std::move(repository), access);
  if (!found) co_return found.error();
  co_return Symbol(found->identity);
}

Task<Result<std::string>> PluginRegistries::digest(std::string repository, std::string tag, Symbol access) {
  Question<std::string> question = [repository, tag](plugin::Registry registry,
                                                     std::optional<plugin::Credential> credential) {
    return registry.resolve(repository, tag, std::move(credential));
  };
  return ask<std::string>(std::move(repository), access, Urgency::push, std::move(question));
}

Task<Result<std::vector<update::Candidate>>> PluginRegistries::tags(std::string repository, Symbol access) {
  Question<plugin::Tags> question = [repository](plugin::Registry registry,
                                                 std::optional<plugin::Credential> credential) {
    return registry.list_tags(repository, std::move(credential));
  };
  Result<plugin::Tags> tags = co_await ask<plugin::Tags>(repository, access, Urgency::list, std::move(question));
  if (!tags) co_return tags.error();
  std::vector<update::Candidate> candidates;
  candidates.reserve(tags->names.size());
  for (std::size_t i = 0; i < tags->names.size(); ++i)
    candidates.push_back(
        {std::move(tags->names[i]), i < tags->digests.size() ? std::move(tags->digests[i]) : std::string(),
         i < tags->pushed_ms.size() ? tags->pushed_ms[i] : 0, i < tags->created_ms.size() ? tags->created_ms[i] : 0});
  co_return candidates;
}

Task<Result<std::vector<std::string>>> PluginRegistries::platforms(std::string repository, std::string digest,
                                                                   Symbol access) {
  const std::string key = repository + "@" + digest;
  if (const auto known = platforms_.find(key); known != platforms_.end()) co_return known->second;
  using Platforms = std::vector<std::string>;
  Question<Platforms> question = [repository, digest](plugin::Registry registry,
                                                      std::optional<plugin::Credential> credential) {
    return registry.platforms(repository, digest, std::move(credential));
  };
  Result<Platforms> found = co_await ask<Platforms>(repository, access, Urgency::push, std::move(question));
  if (!found && found.error().code == Code::unsupported) co_return Platforms();
  if (!found) co_return found;
  if (platforms_.size() >= most_platforms) platforms_.clear();
  platforms_[key] = *found;
  co_return found;
}

void PluginRegistries::answered(const plugin::RegistryRequest& asked, const Result<net::Response>& answer) {
  metrics_
      .counter("headwind_registry_requests_total",
               "Requests to registries and their token servers, by HTTP status code",
               {{"host", asked.host},
                {"code", answer ? std::to_string(answer->status) : "error"},
                {"reason", std::string(asked.reason)}})
      .add();
  if (!answer) return;
  const auto header = [&](std::string_view name) { return net::find_header(answer->headers, name); };
  const auto limit = schedule::rate_limit_of(header, clock_.unix_ms());
  if (!limit) return;
  budget_.limited(asked.host, asked.origin, *limit, clock_.mono_ms());
  metrics_
      .gauge("headwind_registry_rate_limit_remaining", "Requests that a registry still allows, as it says itself",
             {{"host", asked.host}})
      .set(static_cast<double>(budget_.remaining(asked.host)->remaining));
}

}  // namespace headwind::app
