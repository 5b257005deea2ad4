// SPDX-License-Identifier: Apache-2.0
// Memory as the host lends it for one call. Once it is taken back it may be made unreadable for good, so that a plugin
// that kept a pointer is stopped by the processor at its first use.
//
// All of it comes from one range of addresses that is reserved at first use and never handed out twice: a fault within
// that range is the use of something that was lent.
#pragma once
#include <headwind/headwind.h>

#include <cstddef>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace headwind::conformance {

enum class TakenBack : bool { readable, unreadable };

class Lent {
 public:
  explicit Lent(TakenBack afterwards) : afterwards_(afterwards) {}
  ~Lent() { take_back(); }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  // A copy, followed by a byte that is not NUL: nothing here is a C string.
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
    // NOLINTNEXTLINE(bugprone-sizeof-expression): there are rows of pointers, too
    auto* out = static_cast<T*>(take(sizeof(T) * values.size(), alignof(T)));
    for (std::size_t i = 0; i < values.size(); ++i) new (static_cast<void*>(out + i)) T(values[i]);
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

}  // namespace headwind::conformance
