// SPDX-License-Identifier: Apache-2.0
// The policy force, and the order over tags of any shape that it shares with glob.
#pragma once
#include "rules.hpp"

namespace headwind::semver {

// Any version before any other tag; versions by precedence, whatever their shape; other tags by the time of the push,
// those without one in natural order behind them.
bool is_newer(const Candidate& a, const Candidate& b, char current_spelling);

// Follows the tag that a push named, wherever it goes. Without a push: the newest of all, and never an older one.
class Force {
 public:
  Force(const Candidate& current, bool pushed) : current_(current), pushed_(pushed) {}

  Reason judge(const Candidate& candidate) const;
  bool is_better(const Candidate& a, const Candidate& b) const { return is_newer(a, b, current_.version.spelling); }

 private:
  Candidate current_;
  bool pushed_;
};

}  // namespace headwind::semver
