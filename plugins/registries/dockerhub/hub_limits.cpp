// SPDX-License-Identifier: Apache-2.0
#include "registries/dockerhub/hub_limits.hpp"

#include <charconv>

#include "registries/core/failures.hpp"
#include "registries/core/header_values.hpp"

namespace headwind::registries {
namespace {

constexpr std::int64_t minute_ms = 60'000;  // what the limits are counted by

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

HubAllowance hub_allowance(const Response& response, Transport& transport) {
  return {number(response.header("x-ratelimit-limit")), number(response.header("x-ratelimit-remaining")),
          parse_retry_at(response.header("x-ratelimit-reset"), transport.unix_ms()).value_or(0)};
}

std::int64_t HubLimits::wait_ms(const std::string& account, Transport& transport) const {
  const std::int64_t now = transport.mono_ms();
  const auto until = paused_.find(account, now);
  return until ? *until - now : 0;
}

void HubLimits::pause(const std::string& account, std::int64_t for_ms, Transport& transport) {
  const std::int64_t now = transport.mono_ms();
  if (for_ms > 0) paused_.put(account, now + for_ms, now, for_ms);
}

std::int64_t HubLimits::note(const std::string& account, const Response& response, Transport& transport) {
  const auto allowance = hub_allowance(response, transport);
  if (response.status == 429) {
    std::int64_t wait = wait_of(response, transport);
    if (wait == 0) wait = allowance.reset_ms;
    if (wait == 0) wait = minute_ms;
    pause(account, wait, transport);
    return wait;
  }
  if (allowance.remaining == 0U) pause(account, allowance.reset_ms, transport);
  return 0;
}

}  // namespace headwind::registries
