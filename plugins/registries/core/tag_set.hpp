// SPDX-License-Identifier: Apache-2.0
// The tags seen so far: their text once and four bytes for each, rather than a node and a string.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::registries {

class TagSet {
 public:
  // Whether the tag is new. At most 2^32 bytes of text.
  bool insert(std::string_view tag) {
    if ((count_ + 1) * 4 > slots_.size() * 3) grow();
    std::uint32_t& slot = slots_[find(tag)];
    if (slot != 0) return false;
    slot = static_cast<std::uint32_t>(text_.size()) + 1;
    text_.append(tag) += '\n';
    ++count_;
    return true;
  }
  std::size_t size() const { return count_; }

 private:
  std::string_view at(std::uint32_t slot) const {
    const auto begin = std::string_view(text_).substr(slot - 1);
    return begin.substr(0, begin.find('\n'));
  }
  // The tag's slot, or the free one where it belongs.
  std::size_t find(std::string_view tag) const {
    std::size_t i = std::hash<std::string_view>()(tag) & (slots_.size() - 1);
    while (slots_[i] != 0 && at(slots_[i]) != tag) i = (i + 1) & (slots_.size() - 1);
    return i;
  }
  void grow() {
    const std::vector<std::uint32_t> old = std::move(slots_);
    slots_.assign(old.empty() ? 1024 : old.size() * 2, 0);
    for (const auto slot : old)
      if (slot != 0) slots_[find(at(slot))] = slot;
  }

  std::string text_;                  // each with '\n' after it
  std::vector<std::uint32_t> slots_;  // 1 + where the tag begins; 0 is free
  std::size_t count_ = 0;
};

}  // namespace headwind::registries
