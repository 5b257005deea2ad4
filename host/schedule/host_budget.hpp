// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace headwind::schedule {

// What a registry's answer says of its rate limit, from whichever headers it uses.
struct RateLimit {
  std::int64_t limit = 0, remaining = 0;
  std::int64_t window_ms = 0;         // of the limit; 0: not told
  std::optional<std::int64_t> reset;  // milliseconds until it is whole again, where told
};

// RateLimit-Limit/-Remaining/-Reset ("100;w=21600": IETF drafts, Docker Hub), X-RateLimit-* (GitHub, Docker's API:
// reset is Unix time). `header` gives a value by its lower-case name, or nothing. Nothing where there is no limit.
template <class Header>
std::optional<RateLimit> rate_limit_of(const Header& header, std::int64_t now_unix_ms);

// What each registry host lets us ask, whoever asks: a host that said "slow down" is left alone until the millisecond
// it named, one that keeps failing rests longer each time with one question now and then, one whose budget runs low is
// asked for lists only at the pace at which the budget refills. Hosts know nothing of each other. Plain state, one
// thread; times are milliseconds of a steady clock.
class HostBudget {
 public:
  enum class Urgency : std::uint8_t {
    list,  // can wait: tag lists
    push   // somebody waits: a pushed tag, an approval
  };

  // Why nothing may be asked now, with the time to wait; nothing: ask. Where a host that failed is tried again, the
  // first that asks is let through alone.
  std::optional<Error> refusal(std::string_view host, Urgency urgency, std::int64_t now_ms);
  // The limit that an answer of `origin` told: the registry itself, a mirror or an API beside it, each with its own.
  // The tightest counts.
  void limited(std::string_view host, std::string_view origin, const RateLimit& limit, std::int64_t now_ms);
  // How a question ended. Trouble of one repository (not found, denied) is none of its host's.
  void ended(std::string_view host, const Result<>& outcome, std::int64_t now_ms);
  // The same of a question that took a way of its own, with certificates that others do not use: that it did not get
  // through says nothing of the host.
  void ended_apart(std::string_view host, const Result<>& outcome, std::int64_t now_ms);

  struct Remaining {
    std::int64_t limit, remaining;
  };
  std::optional<Remaining> remaining(std::string_view host) const;  // as last told; of the tightest

 private:
  struct Host {
    unsigned failures = 0;
    std::string last_failure;
    std::int64_t closed_until_ms = 0;  // for everything
    bool asked_to = false;             // closed because the host said so, not because it fails
    std::int64_t probed_until_ms = 0;  // one has gone ahead, and has not come back
    struct Limit {
      RateLimit told;
      std::int64_t paced_until_ms = 0;  // for lists
    };
    std::map<std::string, Limit, std::less<>> limits;  // by origin
  };
  Host& at(std::string_view host);
  std::map<std::string, Host, std::less<>> hosts_;
};

// The leading number of a header's value, and the number behind a parameter: "100;w=21600" with "w".
std::optional<std::int64_t> leading_number(std::string_view value);
std::optional<std::int64_t> parameter(std::string_view value, std::string_view name);

template <class Header>
std::optional<RateLimit> rate_limit_of(const Header& header, std::int64_t now_unix_ms) {
  RateLimit found;
  auto limit = leading_number(header("ratelimit-limit"));
  auto remaining = leading_number(header("ratelimit-remaining"));
  if (limit && remaining) {
    found.window_ms = parameter(header("ratelimit-limit"), "w").value_or(0) * 1000;
    if (const auto reset = leading_number(header("ratelimit-reset"))) found.reset = *reset * 1000;
  } else {
    limit = leading_number(header("x-ratelimit-limit"));
    remaining = leading_number(header("x-ratelimit-remaining"));
    if (!limit || !remaining) return std::nullopt;
    if (const auto at = leading_number(header("x-ratelimit-reset")); at && *at > 1'000'000'000)
      found.reset = *at * 1000 > now_unix_ms ? *at * 1000 - now_unix_ms : 0;
  }
  if (*limit <= 0 || *remaining < 0) return std::nullopt;
  found.limit = *limit;
  found.remaining = *remaining;
  return found;
}

}  // namespace headwind::schedule
