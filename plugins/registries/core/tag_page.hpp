// SPDX-License-Identifier: Apache-2.0
// A page of a tag list, in few pieces of memory however many tags it has.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/outcome.hpp"

namespace headwind::registries {

struct TagPage {
  std::string names;                    // valid ones, each with '\n' after it
  std::string digests;                  // empty, or one line for each name; an empty line where it is not known
  std::vector<std::int64_t> pushed_ms;  // empty, or one for each name; 0 where it is not known
  std::size_t rows = 0;                 // how many the registry sent, whatever they are

  std::size_t bytes() const { return names.capacity() + digests.capacity() + pushed_ms.capacity() * 8; }
  bool operator==(const TagPage&) const = default;
};

// Whether both hold the same, in whatever order: some registries list as their disk does.
bool same_tags(const TagPage& a, const TagPage& b);

// The next line of `rest`, which moves behind it.
std::string_view take_line(std::string_view& rest);

// The body of tags/list, read as a stream: what is no tag is left out. Google's `manifest` gives digests and times.
// HW_UNAVAILABLE where it is no list of tags at all, or a longer one than the host takes.
Outcome<TagPage> parse_tag_list(std::string_view body);

}  // namespace headwind::registries
