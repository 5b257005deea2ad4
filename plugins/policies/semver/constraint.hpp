// SPDX-License-Identifier: Apache-2.0
// The policies patch, minor, major and all: a newer version of the running tag's shape, within a limit.
#pragma once
#include "rules.hpp"

namespace headwind::semver {

class Constraint {
 public:
  enum class Limit { patch, minor, none };
  Constraint(std::string_view current, Limit limit) : current_(0, current, {}, 0), limit_(limit) {}

  Reason judge(const Candidate& candidate) const;
  bool is_better(const Candidate& a, const Candidate& b) const {
    return hw::is_better(a.version, b.version, current_.version.spelling);
  }

 private:
  Candidate current_;
  Limit limit_;
};

}  // namespace headwind::semver
