// SPDX-License-Identifier: Apache-2.0
// Text at the boundary: hw_str as std::string_view, arrays of it, and HTTP headers. All of these are views: what they
// show belongs to the host and lasts until the plugin's function returns.
#pragma once
#include <headwind/base.h>

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hw {

using header_list = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view view(hw_str text) {
  return text.len == 0 ? std::string_view{} : std::string_view{text.ptr, text.len};
}
constexpr hw_str str(std::string_view text) { return {text.data(), text.size()}; }

// Compares as HTTP compares header names: ASCII letters without their case.
constexpr bool equals_ignoring_case(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

// An array of hw_str, read as string_views: for (std::string_view pod : companions) ...
class texts {
 public:
  constexpr texts(const hw_str* rows, std::size_t count) : rows_(rows), count_(rows ? count : 0) {}
  constexpr std::size_t size() const { return count_; }
  constexpr bool empty() const { return count_ == 0; }
  constexpr std::string_view operator[](std::size_t row) const { return view(rows_[row]); }

  class iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using pointer = void;
    using reference = std::string_view;
    constexpr explicit iterator(const hw_str* at = nullptr) : at_(at) {}
    constexpr std::string_view operator*() const { return view(*at_); }
    constexpr iterator& operator++() { return ++at_, *this; }
    constexpr iterator operator++(int) { return iterator(at_++); }
    constexpr bool operator==(const iterator&) const = default;

   private:
    const hw_str* at_;
  };
  constexpr iterator begin() const { return iterator(rows_); }
  constexpr iterator end() const { return iterator(rows_ + count_); }

 private:
  const hw_str* rows_;
  std::size_t count_;
};

// HTTP headers as the host hands them over.
class headers {
 public:
  constexpr headers(const hw_kv* rows, std::size_t count) : rows_(rows), count_(rows ? count : 0) {}
  constexpr std::size_t size() const { return count_; }
  constexpr std::string_view key(std::size_t row) const { return view(rows_[row].key); }
  constexpr std::string_view value(std::size_t row) const { return view(rows_[row].value); }
  // The first value of this header, the case of the name aside; empty where there is none.
  constexpr std::string_view get(std::string_view name) const {
    for (std::size_t row = 0; row < count_; ++row) {
      if (equals_ignoring_case(key(row), name)) return value(row);
    }
    return {};
  }

 private:
  const hw_kv* rows_;
  std::size_t count_;
};

}  // namespace hw
