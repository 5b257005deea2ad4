// SPDX-License-Identifier: Apache-2.0
// Memory as the host lends it for one call. Once it is taken back it may be made unreadable for good, so that a plugin
// that kept a pointer is stopped by the processor at its first use; likewise one that reads beyond the end, where each
// piece ends right before a page that nobody can read.
//
// All of it comes from one range of addresses that is reserved at first use and never handed out twice: a fault within
// that range is the use of something that was lent.
#pragma once
#include <headwind/headwind.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace headwind::conformance {

enum class TakenBack : std::uint8_t {
  readable,
  unreadable,
  fenced,  // unreadable, and each piece ends at the edge of a page while it is lent: for some hundred calls
};

class Lent {
 public:
  explicit Lent(TakenBack afterwards) : afterwards_(afterwards) {}
  ~Lent() { take_back(); }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  // A copy, followed by a byte that is not NUL, or by the fence: nothing here is a C string.
  hw_str text(std::string_view bytes);
  template <class T>
  T* one(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return new (take(sizeof(T), alignof(T))) T(value);
  }
  template <class T>
  T* row(const std::vector<T>& values) {  // null where there are none
    static_assert(std::is_trivially_copyable_v<T>);
    if (values.empty()) return nullptr;
    auto* out = static_cast<T*>(take(std::as_bytes(std::span(values)).size(), alignof(T)));
    std::uninitialized_copy(values.begin(), values.end(), out);
    return out;
  }
  void take_back();

 private:
  struct Piece {
    char* begin;
    std::size_t size, used;
  };
  void* take(std::size_t bytes, std::size_t alignment);

  TakenBack afterwards_;
  std::vector<Piece> pieces_;
};

// Whether the address lies where memory is lent. For signal handlers, too.
bool is_lent_address(const void* address);
// Of a fault there: whether it is right behind something that is lent now, so that somebody read beyond its end.
bool is_right_behind_lent(const void* address);

}  // namespace headwind::conformance
