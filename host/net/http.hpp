// SPDX-License-Identifier: Apache-2.0
// HTTP messages as the rest of the host sees them, both ways. No Beast type leaves this room.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::net {

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

// The first header of that name, compared without case; empty where there is none.
std::string_view find_header(const Headers& headers, std::string_view name);

// How to speak TLS with one peer. Shared: connections are pooled by the identity of this object.
struct TlsSettings {
  std::string ca_pem{};           // empty: the system's trust store
  std::string certificate_pem{};  // client certificate and key, both or neither
  std::string key_pem{};
  std::string server_name{};  // checked instead of the URL's host, where set
  bool insecure = false;      // no verification at all: only where the configuration says so
  bool with_system = false;   // the system's trust store counts beside ca_pem
  std::string origin{};       // where they come from, for a person: "Secret flux-system/tls"; or empty
};

struct Request {
  std::string method = "GET";
  std::string url{};  // absolute: http://host[:port]/path?query or https://
  Headers headers{};
  std::string body{};
  std::chrono::milliseconds timeout{30'000};  // for the whole exchange, connection included
  std::size_t max_body = 16U << 20U;          // a longer answer is an error
  std::shared_ptr<const TlsSettings> tls{};   // null: the system's trust store
};

struct Response {
  unsigned status = 0;
  Headers headers{};
  std::string body{};
};

}  // namespace headwind::net
