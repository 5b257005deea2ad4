// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <optional>
#include <string>

#include "schedule/stream.hpp"

namespace headwind::schedule {

// Whether a list of tags may be believed. A list that is suddenly empty or has lost more than half is more often a
// registry in trouble than a clean-up: it is believed only once it has been seen three times in a row. Nothing is
// ever updated on a list that is not believed. Plain state, one thread.
class Doubt {
 public:
  // Why the list of `count` tags is not believed; nothing: it is.
  std::optional<std::string> about(const Stream& stream, std::size_t count);
  void forget(const Stream& stream) { known_.erase(stream); }

 private:
  struct Known {
    std::size_t believed = 0;
    std::size_t doubted = 0;
    unsigned times = 0;
  };
  std::map<Stream, Known> known_;
};

}  // namespace headwind::schedule
