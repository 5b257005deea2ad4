// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace headwind::schedule {

// How many lists of each registry host are read at once, and when the next may be: a host that is to be left alone for
// a time is not asked before, and no host holds up another. Whether it is to be left alone is HostBudget's to say, in
// the answer. Plain state, one thread. Times are milliseconds of a steady clock.
class HostGate {
 public:
  explicit HostGate(std::size_t at_once) : at_once_(at_once) {}

  // When `host` may be asked: `now_ms`, or later while it rests.
  std::int64_t opens_ms(std::string_view host, std::int64_t now_ms) const;
  bool is_full(std::string_view host) const;
  void begin(std::string_view host);
  // The answer, or the error it ended with, which may name a time to wait.
  void end(std::string_view host, const Result<>& outcome, std::int64_t now_ms);

 private:
  struct Host {
    std::size_t asking = 0;
    std::int64_t closed_until_ms = 0;
  };
  std::size_t at_once_;
  std::map<std::string, Host, std::less<>> hosts_;
};

}  // namespace headwind::schedule
