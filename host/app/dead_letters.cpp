// SPDX-License-Identifier: Apache-2.0
#include "app/dead_letters.hpp"

#include <utility>

namespace headwind::app {

void DeadLetters::add(api::DeadLetter letter) {
  letters_.push_front(std::move(letter));
  if (letters_.size() > limit) letters_.pop_back();
}

std::vector<api::DeadLetter> DeadLetters::all() const { return {letters_.begin(), letters_.end()}; }

}  // namespace headwind::app
