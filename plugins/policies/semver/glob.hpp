// SPDX-License-Identifier: Apache-2.0
// The policy glob: the newest tag that matches a pattern, and never an older one. Newest by version where the running
// tag and the candidate are versions of one component, else by the time of the push where that is known of both, else
// in natural order. Commit hashes have no natural order: there a push is what makes a tag the newer one.
#pragma once
#include "rules.hpp"

namespace headwind::semver {

class Glob {
 public:
  Glob(const Candidate& current, std::string_view pattern, bool pushed);

  Reason judge(const Candidate& candidate) const;
  bool is_better(const Candidate& a, const Candidate& b) const;

 private:
  Reason judge_version(const hw::version& to) const;
  Reason judge_other(const Candidate& candidate) const;

  Candidate current_;
  std::string_view pattern_;
  bool pushed_, current_matches_;
};

}  // namespace headwind::semver
