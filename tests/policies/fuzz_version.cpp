// SPDX-License-Identifier: Apache-2.0
// Two tags, parted by a newline: parsing stays within the text, and the order is one. Seeds in corpus/version/.
#include <cstdint>
#include <cstdlib>
#include <headwind/version.hpp>
#include <string_view>

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_inside(std::string_view whole, std::string_view part) {
  require(part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size()));
}

void check_parts(std::string_view tag, const hw::version& v) {
  require(v.count >= 1 && v.count <= 4 && v.text == tag);
  for (std::size_t i = 0; i < v.count; ++i) {
    require(hw::all_digits(v.parts[i]));
    check_inside(tag, v.parts[i]);
  }
  for (const auto part : {v.prefix, v.revision, v.prerelease, v.variant, v.variant_tail, v.build})
    check_inside(tag, part);
  require(hw::compare(v, v) == 0 && hw::same_prefix(v, v) && hw::same_variant(v, v) && hw::equal_variant(v, v));
  require(!hw::is_better(v, v, 'v'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  const std::string_view left = input.substr(0, end),
                         right = end == input.npos ? std::string_view{} : input.substr(end + 1);
  hw::version a, b;
  const bool first = hw::parse_version(left, a), second = hw::parse_version(right, b);
  if (first) check_parts(left, a);
  if (second) check_parts(right, b);
  static_cast<void>(hw::is_signature_tag(left));
  require(hw::compare_natural(left, right) == -hw::compare_natural(right, left));
  require((hw::compare_natural(left, right) == 0) == (left == right));
  require(hw::same_without_numbers(left, right) == hw::same_without_numbers(right, left));
  if (!first || !second) return 0;
  require(hw::compare(a, b) == -hw::compare(b, a));
  for (const char spelling : {'v', '\0'}) {
    if (left == right) break;
    require(hw::is_better(a, b, spelling) != hw::is_better(b, a, spelling));
  }
  return 0;
}
