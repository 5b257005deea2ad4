// SPDX-License-Identifier: Apache-2.0
// Text that ten thousand workloads share, stored once.
#pragma once
#include <compare>
#include <string>
#include <string_view>
#include <type_traits>

namespace headwind {

// An interned string: a pointer, compared as one. Never freed, so meant for text that repeats
// (kinds, pointers, repositories). Making one is thread-safe.
class Symbol {
 public:
  Symbol();
  Symbol(std::string_view text);  // NOLINT(google-explicit-constructor): a Symbol is a string
  Symbol(const char* text) : Symbol(std::string_view(text)) {}
  Symbol(const std::string& text) : Symbol(std::string_view(text)) {}
  // Whether `text` is interned already. Ask before making a Symbol of what a stranger sent: none is ever freed.
  static bool exists(std::string_view text);
  const std::string& str() const { return *text_; }
  operator const std::string&() const { return *text_; }
  bool empty() const { return text_->empty(); }
  friend bool operator==(Symbol left, Symbol right) { return left.text_ == right.text_; }
  template <class Text>
    requires std::is_convertible_v<const Text&, std::string_view>
  friend bool operator==(Symbol left, const Text& right) {
    return *left.text_ == std::string_view(right);
  }
  friend std::strong_ordering operator<=>(Symbol left, Symbol right) {
    return left.text_ == right.text_ ? std::strong_ordering::equal : *left.text_ <=> *right.text_;
  }

 private:
  const std::string* text_;
};

}  // namespace headwind
