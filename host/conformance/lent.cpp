// SPDX-License-Identifier: Apache-2.0
#include "conformance/lent.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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
  const bool fenced = afterwards_ == TakenBack::fenced;
  if (!pieces_.empty() && !fenced) {
    Piece& last = pieces_.back();
    const std::size_t at = (last.used + alignment - 1) / alignment * alignment;
    if (at + bytes <= last.size) {
      last.used = at + bytes;
      return last.begin + at;
    }
  }
  const std::size_t size = std::max((bytes + kPage - 1) / kPage * kPage, fenced ? kPage : kLeast);
  // A page stays closed behind each piece: reading on beyond the end is a fault, too.
  const std::size_t at = next.fetch_add(size + kPage);
  if (at + size + kPage > kReserved) throw std::bad_alloc();
  char* begin = region() + at;
  if (mprotect(begin, size, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  pieces_.push_back({begin, size, bytes});
  return fenced ? begin + (size - bytes) : begin;  // a multiple of its alignment, as `bytes` is
}

hw_str Lent::text(std::string_view bytes) {
  if (bytes.empty()) return {nullptr, 0};
  const std::size_t behind = afterwards_ == TakenBack::fenced ? 0 : 1;
  auto* out = static_cast<char*>(take(bytes.size() + behind, 1));
  std::memcpy(out, bytes.data(), bytes.size());
  if (behind != 0) out[bytes.size()] = '\xa5';
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

bool is_right_behind_lent(const void* address) {
  if (address == nullptr) return false;
  const char* before = static_cast<const char*>(address) - reinterpret_cast<std::uintptr_t>(address) % kPage - 1;
  std::array<int, 2> ends{-1, -1};
  // The kernel looks for us, and says no where we would crash again.
  if (!is_lent_address(before) || pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  const bool readable = write(ends[1], before, 1) == 1;
  close(ends[0]);
  close(ends[1]);
  return readable;
}

}  // namespace headwind::conformance
