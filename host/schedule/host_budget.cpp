// SPDX-License-Identifier: Apache-2.0
#include "schedule/host_budget.hpp"

#include <algorithm>
#include <charconv>

namespace headwind::schedule {
namespace {

constexpr unsigned failures_until_rest = 3;
constexpr std::int64_t first_rest_ms = 5'000, longest_rest_ms = 300'000;
constexpr std::int64_t longest_question_ms = 150'000;  // the deadline of a list, and some
constexpr std::int64_t longest_wait_ms = 24LL * 3600 * 1000;
constexpr std::size_t max_hosts = 4096, max_origins = 16;

std::string seconds(std::int64_t ms) { return std::to_string((ms + 999) / 1000) + " s"; }

Error wait_for(Code code, std::string sentence, std::int64_t ms) {
  Error error = make_error(code, std::move(sentence));
  error.retryable = true;
  error.retry_after = std::chrono::milliseconds(ms);
  return error;
}

// Under a tenth: then lists are read as slowly as the limit refills. Where it tells no window, once a minute.
bool is_low(const RateLimit& limit) { return limit.remaining * 10 < limit.limit; }
std::int64_t pace(const RateLimit& limit) {
  return std::max<std::int64_t>(limit.window_ms > 0 ? limit.window_ms / limit.limit : 60'000, 1'000);
}

bool is_trouble_of_host(Code code) {
  return code == Code::unavailable || code == Code::cancelled || code == Code::throttled;
}

}  // namespace

std::optional<std::int64_t> leading_number(std::string_view value) {
  while (value.starts_with(' ')) value.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole =
      problem == std::errc() && (end == value.data() + value.size() || *end == ';' || *end == ',' || *end == ' ');
  if (!whole || number < 0 || number > 1'000'000'000'000) return std::nullopt;
  return number;
}

std::optional<std::int64_t> parameter(std::string_view value, std::string_view name) {
  for (std::size_t at = value.find(';'); at != std::string_view::npos; at = value.find(';', at + 1)) {
    std::string_view rest = value.substr(at + 1);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (rest.starts_with(name) && rest.substr(name.size()).starts_with('='))
      return leading_number(rest.substr(name.size() + 1));
  }
  return std::nullopt;
}

HostBudget::Host& HostBudget::at(std::string_view host) {
  const auto found = hosts_.find(host);
  if (found != hosts_.end()) return found->second;
  if (hosts_.size() >= max_hosts) hosts_.clear();  // more hosts than any cluster has: start anew rather than grow
  return hosts_[std::string(host)];
}

std::optional<Error> HostBudget::refusal(std::string_view host, Urgency urgency, std::int64_t now_ms) {
  const auto found = hosts_.find(host);
  if (found == hosts_.end()) return std::nullopt;
  Host& entry = found->second;
  const std::string name = "registry " + found->first;
  if (entry.closed_until_ms > now_ms) {
    const std::int64_t left = entry.closed_until_ms - now_ms;
    if (entry.asked_to)
      return wait_for(Code::throttled, name + " asked to be left alone; it is asked again in " + seconds(left), left);
    return wait_for(Code::unavailable,
                    name + " failed " + std::to_string(entry.failures) + " times in a row and is asked again in " +
                        seconds(left) + "; the last time: " + entry.last_failure,
                    left);
  }
  entry.asked_to = false;
  if (urgency == Urgency::list) {
    for (auto& [origin, limit] : entry.limits)
      if (limit.paced_until_ms > now_ms)
        return wait_for(Code::throttled,
                        name + " lets us ask " + std::to_string(limit.told.remaining) +
                            " more times; the next list is read in " + seconds(limit.paced_until_ms - now_ms),
                        limit.paced_until_ms - now_ms);
    for (auto& [origin, limit] : entry.limits)
      if (is_low(limit.told)) limit.paced_until_ms = now_ms + pace(limit.told);
  }
  // One goes ahead to see whether it is well again; the others wait for what comes of it, until ended().
  if (entry.failures >= failures_until_rest) {
    if (entry.probed_until_ms > now_ms)
      return wait_for(Code::unavailable,
                      name + " failed " + std::to_string(entry.failures) +
                          " times in a row and is just being asked again; the last time: " + entry.last_failure,
                      first_rest_ms);
    entry.probed_until_ms = now_ms + longest_question_ms;
  }
  return std::nullopt;
}

void HostBudget::limited(std::string_view host, std::string_view origin, const RateLimit& limit, std::int64_t now_ms) {
  Host& entry = at(host);
  auto place = entry.limits.find(origin);
  if (place == entry.limits.end()) {
    if (entry.limits.size() >= max_origins) return;
    place = entry.limits.emplace(origin, Host::Limit{}).first;
  }
  place->second = {limit, 0};
  if (!is_low(limit)) return;
  std::int64_t wait = pace(limit);
  if (limit.remaining == 0) wait = std::max(wait, limit.reset.value_or(60'000));
  place->second.paced_until_ms = now_ms + std::min(wait, longest_wait_ms);
}

void HostBudget::ended(std::string_view host, const Result<>& outcome, std::int64_t now_ms) {
  if (outcome || !is_trouble_of_host(outcome.error().code)) {
    if (const auto found = hosts_.find(host); found != hosts_.end()) {
      found->second.failures = 0;
      found->second.probed_until_ms = 0;
      // What it asked for counts, whatever it answers to those who were on their way.
      if (!found->second.asked_to) found->second.closed_until_ms = 0;
    }
    return;
  }
  const Error& error = outcome.error();
  Host& entry = at(host);
  entry.probed_until_ms = 0;
  if (error.retry_after.count() > 0) {
    const std::int64_t until = now_ms + std::min<std::int64_t>(error.retry_after.count(), longest_wait_ms);
    entry.closed_until_ms = std::max(entry.closed_until_ms, until);
    entry.asked_to = true;
    return;
  }
  entry.last_failure = error.message;
  if (++entry.failures < failures_until_rest) return;
  const unsigned beyond = std::min(entry.failures - failures_until_rest, 10U);
  entry.closed_until_ms = std::max(entry.closed_until_ms, now_ms + std::min(longest_rest_ms, first_rest_ms << beyond));
  entry.asked_to = false;
}

void HostBudget::ended_apart(std::string_view host, const Result<>& outcome, std::int64_t now_ms) {
  if (outcome || !is_trouble_of_host(outcome.error().code) || outcome.error().retry_after.count() > 0)
    return ended(host, outcome, now_ms);
  if (const auto found = hosts_.find(host); found != hosts_.end()) found->second.probed_until_ms = 0;
}

std::optional<HostBudget::Remaining> HostBudget::remaining(std::string_view host) const {
  const auto found = hosts_.find(host);
  if (found == hosts_.end() || found->second.limits.empty()) return std::nullopt;
  const auto& limits = found->second.limits;
  const auto tightest = std::min_element(limits.begin(), limits.end(), [](const auto& a, const auto& b) {
    return a.second.told.remaining * b.second.told.limit < b.second.told.remaining * a.second.told.limit;
  });
  return Remaining{tightest->second.told.limit, tightest->second.told.remaining};
}

}  // namespace headwind::schedule
