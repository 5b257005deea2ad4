// SPDX-License-Identifier: Apache-2.0
// The one HTTP client of the process: a pool of kept-alive connections per (scheme, host, port, TLS settings, proxy).
#pragma once
#include <functional>
#include <memory>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/http.hpp"
#include "net/proxy.hpp"

namespace headwind::net {

struct ClientOptions {
  std::string user_agent = "headwind";
  std::size_t connections_per_host = 16;              // further exchanges wait for their turn, in order
  std::chrono::milliseconds idle_timeout{60'000};     // then a kept connection is closed
  std::chrono::milliseconds connect_timeout{10'000};  // resolve + connect + the proxy's answer + TLS handshake
  Proxies proxies{};                                  // none: everything is reached directly
};

// Takes the body of a 2xx answer while it arrives, on the executor's thread.
struct BodyFlow {
  // A piece, with status and headers of the answer. False: it has enough, and the exchange ends well.
  std::function<bool(const Response& head, std::string_view piece)> take;
  // Awaited after each read of any answer (at most 16 KiB): returns once more may come. Nothing is read meanwhile, so
  // that the peer waits, too; where the request's time passes, the exchange fails at the next read.
  std::function<Task<>()> room;
};

// Destroy it before the io_context of its executor.
class Client {
 public:
  Client(Executor executor, ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // One exchange. Any HTTP status is a success here; a failure is a transport's: Code::unavailable (refused, reset,
  // name not found, TLS refused), Code::cancelled (timeout), Code::invalid (bad URL, answer too large, malformed or
  // with a Content-Encoding that no Accept-Encoding asked for), Code::denied (a proxy refuses: its 407, or its 403 for
  // a tunnel). Does not follow redirects. A request on a kept connection that the peer had closed before answering a
  // single byte is sent once more on a new one, if its method is idempotent. Call on the executor's thread.
  Task<Result<Response>> send(Request request);

  // The same for an answer that is not to be held as a whole: the body of a 2xx one goes through `flow`, whatever its
  // length up to `request.max_body`, and `Response::body` is then empty. A failure may come after pieces of it. Another
  // answer is read as a whole, 16 MiB at most.
  Task<Result<Response>> send(Request request, BodyFlow flow);

  // The same for an answer without end. Where the status is 2xx, `on_data` gets each piece of the body as it
  // arrives and returns false to stop; `Response::body` is then empty. Other statuses are read whole.
  // `request.timeout` covers the head only; `idle` is the longest silence allowed between two pieces.
  Task<Result<Response>> stream(Request request, std::function<bool(std::string_view)> on_data,
                                std::chrono::milliseconds idle);

  // Closes idle connections, ends the streams (Code::cancelled) and refuses new exchanges; those under way go on.
  void shut_down();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace headwind::net
