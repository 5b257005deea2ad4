// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fake/status.hpp"

namespace headwind::fake {

// labelSelector (a=b, a==b, a!=b, a, !a) and fieldSelector (metadata.name and metadata.namespace) of a list or watch.
class Selector {
 public:
  static Outcome<Selector> parse(std::string_view labels, std::string_view fields);
  bool matches(const Json& object) const;

 private:
  struct Term {
    std::string key, value;
    enum class Kind { equal, not_equal, exists, absent } kind = Kind::equal;
  };
  std::vector<Term> labels_, fields_;
};

}  // namespace headwind::fake
