// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <string>
#include <utility>

#include "core/result.hpp"
#include "inventory/workload.hpp"

namespace headwind::update {

// Looks at workloads that failed, so that people are told of them on the workload: at once of what does not pass by
// itself, else when it has failed several times in a row. Engine thread only.
class LookFailures {
 public:
  static constexpr unsigned until_told = 3;

  // Its policy failed in the look under way: `sentence` says so.
  void policy_failed(const inventory::WorkloadKey& key, std::string sentence) {
    failures_[key].of_policy = std::move(sentence);
  }
  void succeeded(const inventory::WorkloadKey& key) { failures_.erase(key); }

  struct Told {
    const char* reason;  // of the Event
    std::string sentence;
  };
  // The look has failed. Empty reason: it is not told yet.
  Told failed(const inventory::WorkloadKey& key, const Error& error) {
    Failure& failure = failures_[key];
    const std::string of_policy = std::exchange(failure.of_policy, {});
    ++failure.in_a_row;
    if (error.retryable && failure.in_a_row < until_told) return {"", {}};
    if (!of_policy.empty()) return {"PolicyFailed", of_policy};
    return {"LookFailed", key.text() + ": " + error.message +
                              (error.retryable ? "; it is tried again, and nothing is updated meanwhile"
                                               : "; mend what this names: it is looked at again within five minutes, "
                                                 "and nothing is updated meanwhile")};
  }

 private:
  struct Failure {
    unsigned in_a_row = 0;
    std::string of_policy;
  };
  std::map<inventory::WorkloadKey, Failure> failures_;
};

}  // namespace headwind::update
