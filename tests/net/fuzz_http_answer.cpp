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

// With `flows`, the body of a 2xx answer is handed over in pieces, and collected here.
Result parse(const std::uint8_t* data, std::size_t size, std::size_t piece, bool to_head_request, bool flows) {
  const MessageLimits limits{.header = 4096, .body = 8192};
  ByteBuffer buffer;
  Result result;
  std::string taken;
  const BodySink sink{[&](const Response& head, std::string_view bytes) {
    if (head.status / 100 != 2) std::abort();
    taken += bytes;
    return true;
  }};
  ResponseReader reader(buffer, limits, to_head_request, flows ? &sink : nullptr);
  while (result.progress == Progress::more && size > 0) {
    const std::size_t now = std::min(piece, size);
    std::memcpy(prepare(buffer).data(), data, now);
    buffer.commit(now);
    data += now, size -= now;
    result.progress = reader.advance();
    if (buffer.size() > limits.header + 2 * piece_size) std::abort();
  }
  if (result.progress == Progress::more) result.progress = reader.finish();
  result.response = reader.response();
  if (!taken.empty() && !result.response.body.empty()) std::abort();
  result.response.body += taken;
  if (result.response.body.size() > limits.body) std::abort();
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool to_head_request = (data[0] & 1) != 0;
  const bool flows = (data[0] & 2) != 0;
  const std::size_t piece = 1 + data[0] / 4;
  ++data, --size;
  const Result whole = parse(data, size, piece_size, to_head_request, false);
  const Result cut = parse(data, size, piece, to_head_request, flows);
  if (whole.progress == Progress::done && cut.progress == Progress::done &&
      (whole.response.status != cut.response.status || whole.response.body != cut.response.body))
    std::abort();
  return 0;
}
