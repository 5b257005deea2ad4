// SPDX-License-Identifier: Apache-2.0
// An entry of an index as it was read, for the digest of a version to which the index gives none.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace headwind::registries::helm {

class EntryRecord {
 public:
  void clear();
  void scalar(std::string_view text);  // also the keys of maps
  void null() { put('n'); }
  void begin(bool map) { put(map ? '{' : '['); }
  void end() { put(']'); }

  // The entry as JSON with sorted keys and without spaces, every scalar a string: the same text however the index
  // spells it, and another one whenever any field is another. Nothing where the entry is larger than 1 MiB.
  std::optional<std::string> canonical() const;

 private:
  void put(char what);

  std::string events_;
  bool too_long_ = false;
};

}  // namespace headwind::registries::helm
