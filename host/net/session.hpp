// SPDX-License-Identifier: Apache-2.0
// One connection to our server. Inner header of net/.
#pragma once
#include <memory>
#include <string>

#include "net/listener.hpp"
#include "net/parse.hpp"
#include "net/request_parser.hpp"
#include "net/stream.hpp"

namespace headwind::net {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Listener> listener, Stream::Tcp::socket socket);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  static Task<> run(std::shared_ptr<Session> self);
  // Ends what took too long. The listener's sweep calls it: cheaper than a timer for each operation.
  void check(TimePoint now);
  // Closes the connection if no request is under way on it.
  void close_if_idle();
  void close();

 private:
  enum class Phase : std::uint8_t { handshake, idle, reading, handling, writing };

  bool has_unread();
  void enter(Phase phase, std::chrono::milliseconds allowed);
  Task<> serve();
  Task<Progress> read_request();
  Task<ServerResponse> handle();
  Task<bool> write(std::string_view bytes);
  // The body of an answer without end of its own; false where the connection is of no further use.
  Task<bool> write_pieces(const ServerResponse& response, const ResponseFrame& frame);
  Task<> peer_gone();
  // Answers with an error of our own and closes in a way that lets the client read it.
  Task<> refuse(unsigned status);

  std::shared_ptr<Listener> listener_;
  Stream stream_;
  ByteBuffer buffer_;
  RequestReader reader_;
  std::string peer_;
  std::uint16_t peer_port_ = 0;
  bool tls_ = false;
  std::string out_;  // the answer being written; kept for its memory
  Phase phase_ = Phase::handshake;
  TimePoint deadline_;
  bool timed_out_ = false;
  bool served_ = false;  // at least one request
};

}  // namespace headwind::net
