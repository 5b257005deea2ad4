// SPDX-License-Identifier: Apache-2.0
#include "inventory/packed.hpp"

#include <zlib.h>

#include <cstdint>
#include <cstring>

namespace headwind::inventory {
namespace {

// Primes the compressor with what every history repeats: entries of one workload are short.
constexpr std::string_view dictionary =
    R"(","updateRequestName":","approvedBy":","digest":"sha256:","traceparent":"00-"},{"container":","image":","timestamp":"2026-01-01T00:00:00.000Z")";
constexpr int level = 4;                  // of 9, which takes three times as long for a twentieth less
constexpr std::size_t limit = 1U << 20U;  // above any annotation the API server takes (256 KiB in all)

// Its tables are kept from one history to the next: making them takes as long as filling them.
class Deflater {
 public:
  Deflater() : usable_(deflateInit2(&stream_, level, Z_DEFLATED, 12, 4, Z_DEFAULT_STRATEGY) == Z_OK) {}
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  // The bytes written to `out`; 0 where they would be more.
  std::size_t deflate_all(std::string_view text, char* out, std::size_t room) {
    if (!usable_ || deflateReset(&stream_) != Z_OK) return 0;
    deflateSetDictionary(&stream_, reinterpret_cast<const Bytef*>(dictionary.data()), dictionary.size());
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(room);
    return deflate(&stream_, Z_FINISH) == Z_STREAM_END ? stream_.total_out : 0;
  }
  std::size_t bound(std::size_t size) { return deflateBound(&stream_, size); }

 private:
  z_stream stream_{};
  bool usable_;
};

}  // namespace

// Layout: four bytes of original size, then the deflate stream.
std::string pack(std::string_view text) {
  if (text.empty() || text.size() > limit) return {};
  static thread_local Deflater deflater;
  const auto size = static_cast<std::uint32_t>(text.size());
  std::string packed(sizeof size + deflater.bound(text.size()), '\0');
  std::memcpy(packed.data(), &size, sizeof size);
  const std::size_t written = deflater.deflate_all(text, packed.data() + sizeof size, packed.size() - sizeof size);
  packed.resize(written == 0 ? 0 : sizeof size + written);
  packed.shrink_to_fit();
  return packed;
}

std::string unpack(std::string_view packed) {
  std::uint32_t size = 0;
  if (packed.size() <= sizeof size) return {};
  std::memcpy(&size, packed.data(), sizeof size);
  if (size > limit) return {};
  z_stream stream{};
  if (inflateInit2(&stream, 12) != Z_OK) return {};
  std::string text(size, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + sizeof size));
  stream.avail_in = static_cast<uInt>(packed.size() - sizeof size);
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = size;
  int ended = inflate(&stream, Z_FINISH);
  if (ended == Z_NEED_DICT) {
    inflateSetDictionary(&stream, reinterpret_cast<const Bytef*>(dictionary.data()), dictionary.size());
    ended = inflate(&stream, Z_FINISH);
  }
  inflateEnd(&stream);
  if (ended != Z_STREAM_END || stream.total_out != size) text.clear();
  return text;
}

}  // namespace headwind::inventory
