// SPDX-License-Identifier: Apache-2.0
// A subset of JSONPath (RFC 9535): names, indexes and [*]. No filters, slices, scripts or "..", so that a path finds
// its values in one walk, and each of them has a JSON pointer.
//
//   $.spec.template.spec.containers[*].image     $.metadata.annotations['example.com/build']     $.spec.items[0]
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::workloads {

struct Step {
  enum class Kind { member, item, each };  // .name  [0]  [*]
  Kind kind = Kind::member;
  std::string name;
  std::size_t index = 0;
  bool operator==(const Step&) const = default;
};
using Steps = std::vector<Step>;

struct JsonPath {
  static constexpr std::size_t max_text = 512, max_steps = 32, max_index = 9999;
  std::string text;
  Steps steps;

  std::size_t wildcards() const;
  bool reads_status() const;  // leads into what the controller writes
};

// False, with what is wrong and the remedy, where the text is no such path.
bool parse_json_path(std::string_view text, JsonPath& out, std::string& error);

// RFC 6901, of a way without wildcards.
std::string pointer_to(const Steps& way);

}  // namespace headwind::workloads
