// SPDX-License-Identifier: Apache-2.0
// Who answers the HTTP requests of a plugin that is checked. Nothing leaves this process.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace headwind::conformance {

struct Request {
  std::string method, url, body;
};

struct Reply {
  enum class Kind : std::uint8_t { answer, unreachable, silent };  // silent: nothing until the deadline
  Kind kind = Kind::answer;
  std::int32_t status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
  std::string body{};
};

using Peer = std::function<Reply(const Request&)>;

// A registry by the distribution API with one image, whose index of charts is empty; {"ok": true} to all else.
Reply obliging_peer(const Request& request);
// The same answer to everything.
Peer always(Reply reply);

}  // namespace headwind::conformance
