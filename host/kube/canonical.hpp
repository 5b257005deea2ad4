// SPDX-License-Identifier: Apache-2.0
// One text for equal JSON values: the room's own, not for others (simdjson stays behind it).
#pragma once
#include <simdjson.h>

#include <string>
#include <string_view>

namespace headwind::kube {

// Equal values have equal texts, in whatever order the members of their objects come. For comparisons within a
// process: the text is no JSON.
class Canonical {
 public:
  using Keep = bool (*)(std::string_view key);
  // `keep`: which members of the value itself count; null: all. `left_out`: a place below them that does not count, as
  // an RFC 6901 pointer without escapes.
  explicit Canonical(Keep keep = nullptr, std::string_view left_out = {}) : keep_(keep), left_out_(left_out) {}
  std::string text(simdjson::dom::element value) const;

 private:
  Keep keep_;
  std::string_view left_out_;
};

}  // namespace headwind::kube
