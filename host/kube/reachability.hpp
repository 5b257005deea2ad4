// SPDX-License-Identifier: Apache-2.0
// Whether the API server answers: told once when it stops, and once when it does again. Belongs to one thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "core/result.hpp"

namespace headwind::kube {

class Reachability {
 public:
  explicit Reachability(std::string server) : server_(std::move(server)) {}

  // Any answer, also one that refuses.
  void answered();
  // None came, after `waited`. A single one may be a connection that was just closed: the second in a row is told.
  void failed(const Error& error, std::chrono::milliseconds waited);
  // A sentence for a probe; empty while the server answers.
  std::string trouble() const;

 private:
  std::string server_, error_;
  std::int64_t since_unix_ms_ = 0, since_mono_ms_ = 0;
  int failures_ = 0;  // in a row
};

}  // namespace headwind::kube
