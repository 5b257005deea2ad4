// SPDX-License-Identifier: Apache-2.0
#include "conformance/lent.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>

namespace headwind::conformance {
namespace {

constexpr std::size_t kReserved = 16ULL << 30U, kPage = 4096, kLeast = 64U << 10U;

std::atomic<char*> reserved{nullptr};
std::atomic<std::size_t> next{0};

char* region() {
  static char* const start = [] {
    void* got = mmap(nullptr, kReserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (got == MAP_FAILED) throw std::bad_alloc();
    reserved = static_cast<char*>(got);
    return static_cast<char*>(got);
  }();
  return start;
}

}  // namespace

void* Lent::take(std::size_t bytes, std::size_t alignment) {
  if (!pieces_.empty()) {
    Piece& last = pieces_.back();
    const std::size_t at = (last.used + alignment - 1) / alignment * alignment;
    if (at + bytes <= last.size) {
      last.used = at + bytes;
      return last.begin + at;
    }
  }
  const std::size_t size = std::max((bytes + kPage - 1) / kPage * kPage, kLeast);
  // A page stays closed behind each piece: reading on beyond the end is a fault, too.
  const std::size_t at = next.fetch_add(size + kPage);
  if (at + size + kPage > kReserved) throw std::bad_alloc();
  char* begin = region() + at;
  if (mprotect(begin, size, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  pieces_.push_back({begin, size, bytes});
  return begin;
}

hw_str Lent::text(std::string_view bytes) {
  if (bytes.empty()) return {nullptr, 0};
  auto* out = static_cast<char*>(take(bytes.size() + 1, 1));
  std::memcpy(out, bytes.data(), bytes.size());
  out[bytes.size()] = '\xa5';
  return {out, bytes.size()};
}

void Lent::take_back() {
  for (const Piece& piece : pieces_) {
    if (afterwards_ == TakenBack::readable) break;
    madvise(piece.begin, piece.size, MADV_DONTNEED);
    mprotect(piece.begin, piece.size, PROT_NONE);
  }
  pieces_.clear();
}

bool is_lent_address(const void* address) {
  const char* start = reserved.load(std::memory_order_relaxed);
  const auto at = reinterpret_cast<std::uintptr_t>(address), from = reinterpret_cast<std::uintptr_t>(start);
  return start != nullptr && at >= from && at < from + kReserved;
}

}  // namespace headwind::conformance
