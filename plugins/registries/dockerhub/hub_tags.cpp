// SPDX-License-Identifier: Apache-2.0
#include "registries/dockerhub/hub_tags.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "registries/core/failures.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t page_size = 100;  // the most that the API gives
constexpr std::size_t max_pages = 10'000;
constexpr std::int64_t detour_ms = 30 * 60 * 1000;
constexpr std::int64_t unavailable_ms = 5 * 60 * 1000;  // its timeout would be paid with every list

void keep_new(hw::tag_page& tags, std::unordered_set<std::string>& seen) {
  hw::tag_page fresh;
  for (std::size_t i = 0; i < tags.names.size(); ++i) {
    if (!seen.insert(tags.names[i]).second) continue;
    fresh.names.push_back(std::move(tags.names[i]));
    fresh.digests.push_back(std::move(tags.digests[i]));
    fresh.pushed_ms.push_back(tags.pushed_ms[i]);
  }
  tags = std::move(fresh);
}

// The link of a page at `url`, on the host of `first`. A proxy before the API may hand on its links as they are: then
// it is their query that leads on.
std::optional<std::string> next_page(const std::string& first, const std::string& url, const std::string& link) {
  const auto next = resolve_url(url, link);
  const auto origin = next ? origin_of(*next) : std::nullopt;
  if (!origin || origin == origin_of(first)) return origin ? next : std::nullopt;
  const auto query = next->find('?');
  if (origin != origin_of(hub_address) || query == std::string::npos) return std::nullopt;
  return first.substr(0, first.find('?')) + next->substr(query);
}

}  // namespace

struct HubTags::Reading {
  Target api;
  std::string first, what;
  bool begun = false;  // on_page has seen something
  bool whole = true;   // within what the API allows in a minute
};

Outcome<Response> HubTags::get(const Target& api, const std::string& url, const std::string& what,
                               Transport& transport) {
  for (bool again = false;; again = true) {
    if (const auto wait = limits_.wait_ms(api.account.key, transport); wait > 0)
      return Failure{HW_THROTTLED, api.name + " asked to slow down: " + what + " must wait", wait};
    const auto authorization = login_.header(api, limits_, transport);
    if (!authorization) return authorization.failure();
    Request request{"GET", url, {{"Accept", "application/json"}}, max_hub_page};
    if (!authorization->empty()) request.headers.emplace_back("Authorization", *authorization);
    auto response = transport.exchange(request);
    if (!response) return response;
    const auto wait = limits_.note(api.account.key, *response, transport);
    if (response->status == 200) return response;
    if (response->status == 401 && !authorization->empty() && !again) {
      login_.drop(api.account);
      continue;
    }
    Failure failure = failure_of(*response, api, what, transport);
    if (response->status == 429) failure.retry_after_ms = wait;
    return failure;
  }
}

Outcome<bool> HubTags::read(Reading& reading, Transport& transport, const OnPage& on_page) {
  const auto broken = [&](const std::string& why) { return broken_list(reading.api, why, reading.what); };
  std::unordered_set<std::string> seen;
  std::optional<std::uint64_t> first_count;
  std::string url = reading.first;
  for (std::size_t number = 1; number <= max_pages; ++number) {
    const auto response = get(reading.api, url, reading.what, transport);
    if (!response) return response.failure();
    auto page = read_hub_tags(response->body);
    if (!page) return broken("answered something else than a list");
    if (page->count && !first_count) first_count = page->count;
    // What was deleted moved the rest up: something may have slipped from one page to the one before.
    if (page->count && *page->count < *first_count) return changed_list(reading.api, reading.what);
    keep_new(page->tags, seen);
    if (seen.size() > static_cast<std::size_t>(HW_MAX_TAGS)) return broken("has more than a million tags");

    const bool last = page->next.empty();
    if (last && seen.size() < first_count.value_or(0)) return broken("gives fewer tags than it counts");
    if (!last && page->tags.names.empty()) return broken(page->rows == 0 ? "gives an empty page" : "repeats pages");
    if (number == 1 && !last) {
      const auto allowance = hub_allowance(*response, transport);
      const std::uint64_t pages = (first_count.value_or(0) + page_size - 1) / page_size;
      reading.whole = !allowance.limit || pages <= *allowance.limit;
      if (!reading.whole)
        return Failure{HW_UNSUPPORTED,
                       reading.api.name + " allows fewer requests a minute than " + reading.what +
                           " take: set pushed_times of the Docker Hub plugin to auto",
                       0};
      if (allowance.remaining && pages > *allowance.remaining + 1 && allowance.reset_ms > 0)
        return Failure{HW_THROTTLED, reading.api.name + " has too few requests left for " + reading.what,
                       allowance.reset_ms};
    }
    if (!page->tags.names.empty()) {
      reading.begun = true;
      if (const auto status = on_page(page->tags); status != HW_OK)
        return Failure{status, "the host stopped reading", 0};
    }
    if (last) return true;
    const auto next = next_page(reading.first, url, page->next);
    if (!next) return broken("links to another host or to no URL");
    url = *next;
  }
  return broken("has too many pages");
}

Outcome<bool> HubTags::list(const Repository& repository, Transport& transport, const OnPage& on_page) {
  const auto slash = repository.path.find('/');
  if (hub_.pushed_times == HubSettings::PushedTimes::never || slash != repository.path.rfind('/')) return false;
  const auto targets = targets_of(settings_, repository, transport);
  const bool automatic = hub_.pushed_times == HubSettings::PushedTimes::automatic;
  // A mirror is there to keep us off Docker Hub.
  const bool at_hub = targets.size() == 1 && targets.back().url == "https://registry-1.docker.io";
  if (automatic && !at_hub && !hub_.own_api) return false;

  Reading reading{targets.back(), {}, "the tags of " + repository.text()};
  reading.api.name = "the Docker Hub API";
  reading.api.url = hub_.api;
  reading.first = hub_.api + "/v2/namespaces/" + repository.path.substr(0, slash) + "/repositories/" +
                  repository.path.substr(slash + 1) + "/tags?page=1&page_size=" + std::to_string(page_size);
  const std::string key = repository.path + " " + reading.api.account.key;
  if (automatic && detours_.find(key, transport.mono_ms())) return false;
  auto listed = read(reading, transport, on_page);
  if (listed || !automatic) return listed;
  // What has begun ends as it began; the next time the registry is asked.
  if (reading.begun || !reading.whole) detours_.put(key, true, transport.mono_ms(), detour_ms);
  if (reading.begun) return listed;
  if (listed.failure().code == HW_UNAVAILABLE || listed.failure().code == HW_INVALID)
    limits_.pause(reading.api.account.key, unavailable_ms, transport);
  return false;
}

}  // namespace headwind::registries
