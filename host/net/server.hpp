// SPDX-License-Identifier: Apache-2.0
// The one HTTP server of the process: handlers are coroutines, connections are kept alive.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/http.hpp"

namespace headwind::net {

struct ServerRequest {
  std::string method;
  std::string path;   // percent-encoded as received, without query
  std::string query;  // without '?'
  Headers headers;
  std::string body;
  std::string peer;  // address of the other end, without port
  std::uint16_t peer_port = 0;
  bool tls = false;     // it came by TLS
  bool http10 = false;  // by HTTP/1.0; else by HTTP/1.1
};

struct ServerResponse {
  unsigned status = 200;
  Headers headers{};  // Content-Length, Connection and Date are the server's own
  std::string body{};
  // An answer without end of its own, such as a watch: where set, `body` is ignored, and each piece that this hands
  // out is sent as one chunk at once, until it hands out an empty one or the peer is gone. Runs on the server's
  // executor. When the peer goes or the server closes, the call under way is cancelled: what it waits for ends with
  // operation_aborted, and it is not called again.
  std::function<Task<std::string>()> next_piece{};
};

// Runs on the server's executor. An exception that leaves it is answered with 500 and logged.
using Handler = std::function<Task<ServerResponse>(ServerRequest)>;

struct ServerOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 0;                          // 0: any free one, see Server::port()
  std::size_t max_body = 2U << 20U;                // beyond: 413, connection closed
  std::size_t max_header = 32U << 10U;             // beyond: 431
  std::chrono::milliseconds read_timeout{30'000};  // for one request, head and body: 408
  std::chrono::milliseconds idle_timeout{75'000};  // between two requests
  std::size_t max_connections = 4096;              // beyond: accepted late
  std::string certificate_file{}, key_file{};      // PEM; both: TLS, files are read again when they change
  // What the server itself answers with: 400, 408, 413, 431, 500, 505. Empty: the sentence as text.
  std::function<ServerResponse(unsigned status, std::string_view sentence)> refusal{};
};

// Destroy it before the io_context of its executor.
class Server {
 public:
  // Binds and starts to accept. Fails with a sentence that names the port when it is taken (Code::conflict).
  static Result<std::unique_ptr<Server>> listen(Executor executor, ServerOptions options, Handler handler);
  ~Server();
  std::uint16_t port() const;
  // Stops accepting, lets the requests under way end within `grace`, then closes what is left. May be awaited on any
  // executor; everything else of this class belongs to the server's own thread, or to a time when it does not run.
  Task<> drain(std::chrono::milliseconds grace);

 private:
  struct Impl;
  explicit Server(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace headwind::net
