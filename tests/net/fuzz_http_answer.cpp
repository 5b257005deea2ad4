// SPDX-License-Identifier: Apache-2.0
// A server's bytes, whole and in pieces, through the parser and the limits that net::Client uses. However they are
// cut, they mean the same; and nothing grows beyond its limit.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "net/response_parser.hpp"

namespace {

using namespace headwind::net;

struct Result {
  Progress progress = Progress::more;
  Response response;
};

Result parse(const std::uint8_t* data, std::size_t size, std::size_t piece, bool to_head_request) {
  const MessageLimits limits{.header = 4096, .body = 8192};
  ByteBuffer buffer;
  ResponseReader reader(buffer, limits, to_head_request);
  Result result;
  while (result.progress == Progress::more && size > 0) {
    const std::size_t now = std::min(piece, size);
    std::memcpy(prepare(buffer).data(), data, now);
    buffer.commit(now);
    data += now, size -= now;
    result.progress = reader.advance();
    if (buffer.size() > limits.header + 2 * piece_size) std::abort();
  }
  if (result.progress == Progress::more) result.progress = reader.finish();
  if (reader.response().body.size() > limits.body) std::abort();
  result.response = reader.response();
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool to_head_request = (data[0] & 1) != 0;
  const std::size_t piece = 1 + data[0] / 2;
  ++data, --size;
  const Result whole = parse(data, size, piece_size, to_head_request);
  const Result cut = parse(data, size, piece, to_head_request);
  if (whole.progress == Progress::done && cut.progress == Progress::done &&
      (whole.response.status != cut.response.status || whole.response.body != cut.response.body))
    std::abort();
  return 0;
}
