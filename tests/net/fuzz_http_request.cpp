// SPDX-License-Identifier: Apache-2.0
// A client's bytes through the parser and the limits that net::Server uses: pipelined requests, cut anywhere.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "net/request_parser.hpp"

using namespace headwind::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const MessageLimits limits{.header = 4096, .body = 8192};
  const std::size_t piece = 1 + data[0];
  ++data, --size;
  ByteBuffer buffer;
  RequestReader reader(buffer, limits);
  reader.start();
  while (size > 0) {
    const std::size_t now = std::min(piece, size);
    std::memcpy(prepare(buffer).data(), data, now);
    buffer.commit(now);
    data += now, size -= now;
    Progress progress = reader.advance();
    while (progress == Progress::done) {
      const ServerRequest& request = reader.request();
      if (request.body.size() > limits.body || request.path.empty() || request.method.empty()) std::abort();
      if (!reader.keep_alive()) return 0;
      reader.start();
      progress = reader.advance();
    }
    if (progress == Progress::failed) {
      if (reader.status_of_failure() < 400) std::abort();
      return 0;
    }
    if (buffer.size() > limits.header + 2 * piece_size) std::abort();
  }
  return 0;
}
