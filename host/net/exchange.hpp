// SPDX-License-Identifier: Apache-2.0
// One request and its answer on an open connection. Inner header of net/.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/connection.hpp"
#include "net/response_parser.hpp"

namespace headwind::net {

struct Exchange {
  std::shared_ptr<Connection> connection;
  std::string_view text;  // the request's bytes
  std::string name;       // "GET https://host:443", for errors
  ResponseReader& reader;
  bool endless = false;                           // Client::stream: once a 2xx head is there, only `idle` counts
  std::chrono::milliseconds idle{0};              // 0: any silence
  const std::function<Task<>()>* room = nullptr;  // awaited between two reads of the answer
};

struct Outcome {
  Result<> result{};
  bool reusable = false;   // all was sent and all was read
  bool untouched = false;  // failed, and the peer closed before it sent a byte: perhaps it never saw the request
};

// Leaves the answer in `exchange.reader`. Deadlines are the connection's, set by the caller.
Task<Outcome> run(Exchange exchange);

}  // namespace headwind::net
