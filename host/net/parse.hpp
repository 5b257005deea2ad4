// SPDX-License-Identifier: Apache-2.0
// What both parsers of HTTP messages share. Inner header of net/: it includes Beast.
#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>

namespace headwind::net {

using ByteBuffer = boost::beast::flat_buffer;

enum class Progress : std::uint8_t {
  more,     // read on
  done,     // the message is whole; bytes that follow it stay in the buffer
  stopped,  // whoever takes the body wants no more of it
  failed
};

struct MessageLimits {
  std::size_t header = 64U << 10U;
  std::size_t body = 16U << 20U;
};

// How much one read may bring. A message's head must lie in the buffer as a whole, and so must a chunk's head.
inline constexpr std::size_t piece_size = 16U << 10U;

inline boost::asio::mutable_buffer prepare(ByteBuffer& buffer) { return buffer.prepare(piece_size); }

// Beast 1.81 asserts that a last chunk's head which it saw in part ("0\r\n") comes back with at least five bytes. No
// message that is cut within a chunk's head has fewer than these to come, so waiting for them costs nothing.
inline constexpr std::size_t last_chunk_size = 5;

// Feeds `parser` from the front of `buffer`, as far as it goes.
template <class Parser>
Progress advance(Parser& parser, ByteBuffer& buffer, std::size_t header_limit, boost::system::error_code& failure) {
  namespace http = boost::beast::http;
  while (!parser.is_done()) {
    if (buffer.size() == 0) return Progress::more;
    if (parser.in_chunk_head && buffer.size() < last_chunk_size) return Progress::more;
    const std::size_t used = parser.put(buffer.cdata(), failure);
    buffer.consume(used);
    parser.in_chunk_head = false;
    if (failure == http::error::need_more) {
      failure.clear();
      parser.in_chunk_head = buffer.size() > 0 && parser.is_header_done() && parser.chunked();
      // Beast bounds the head; this bounds chunk extensions and trailers, too.
      if (buffer.size() <= header_limit + piece_size) return Progress::more;
      failure = http::error::header_limit;
    }
    if (parser.stopped()) return Progress::stopped;
    if (failure) return Progress::failed;
  }
  return Progress::done;
}

}  // namespace headwind::net
