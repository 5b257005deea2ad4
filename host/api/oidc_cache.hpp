// SPDX-License-Identifier: Apache-2.0
// The keys of one issuer, kept and asked for again. Inner header of the gate in oidc.hpp; on one executor's thread.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/oidc_keys.hpp"
#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "update/signal.hpp"

namespace headwind::api {

// The body behind `url`, at most kLargestKeySet long.
using KeyFetcher = std::function<Task<Result<std::string>>(std::string url)>;

// They are asked for when first needed, when they are older than an hour, and when a token names a key that is not
// among them (the issuer has changed keys); but no sooner than 30 s after the last answer and 5 s after a failure, so
// that forged tokens cannot make us ask more often. While the issuer cannot be reached, keys count for a day.
class KeyCache {
 public:
  KeyCache(std::string url, KeyFetcher fetch, const Clock& clock);
  KeyCache(const KeyCache&) = delete;
  KeyCache& operator=(const KeyCache&) = delete;

  // The keys, with that one if the issuer has it. Code::unavailable: they cannot be read now.
  Task<Result<std::shared_ptr<const KeySet>>> keys(std::string key_id);

 private:
  struct Landing;
  bool may_ask() const;
  bool is_older_than(std::int64_t milliseconds) const;
  Task<> refresh();

  const std::string url_;
  const KeyFetcher fetch_;
  const Clock& clock_;
  std::shared_ptr<const KeySet> keys_;
  std::int64_t fetched_ms_ = 0;             // when keys_ came
  std::int64_t next_ms_ = 0;                // no sooner
  std::optional<Error> trouble_;            // of the last attempt
  std::shared_ptr<update::Signal> flight_;  // the question under way, for all who wait for its answer
};

}  // namespace headwind::api
