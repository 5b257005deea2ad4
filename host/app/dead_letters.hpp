// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <deque>
#include <vector>

#include "api/notifications.hpp"

namespace headwind::app {

// What one notifier was not told, for people to see: the newest `limit`, in memory.
class DeadLetters {
 public:
  static constexpr std::size_t limit = 100;

  void add(api::DeadLetter letter);
  // The newest first.
  std::vector<api::DeadLetter> all() const;

 private:
  std::deque<api::DeadLetter> letters_;
};

}  // namespace headwind::app
