// SPDX-License-Identifier: Apache-2.0
#include "net/exchange.hpp"

#include <boost/beast/http/error.hpp>

namespace headwind::net {
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;
namespace {

Error malformed(const std::string& name, const ErrorCode& failure) {
  if (failure == http::error::body_limit)
    return make_error(Code::invalid, "the answer to " + name + " is larger than allowed");
  if (failure == http::error::header_limit)
    return make_error(Code::invalid, "the head of the answer to " + name + " is larger than allowed");
  return make_error(Code::invalid,
                    "the answer to " + name + " is not HTTP/1.1 as it should be (" + failure.message() + ")");
}

bool in_body_without_end(const Exchange& exchange) {
  return exchange.endless && exchange.reader.head_done() && exchange.reader.response().status / 100 == 2;
}

Error broken(const Exchange& exchange, std::string_view when, const ErrorCode& failure) {
  const Connection& connection = *exchange.connection;
  if (connection.timed_out() && in_body_without_end(exchange))
    return make_error(Code::cancelled, "the answer to " + exchange.name + " fell silent for " +
                                           std::to_string(exchange.idle.count()) + " ms");
  if (connection.timed_out())
    return make_error(Code::cancelled, exchange.reader.head_done()
                                           ? "the answer to " + exchange.name + " did not arrive as a whole in time"
                                           : exchange.name + " was not answered in time");
  if (connection.interrupted()) return make_error(Code::cancelled, exchange.name + " was stopped at shutdown");
  if (failure == boost::asio::error::operation_aborted)
    return make_error(Code::cancelled, exchange.name + " was cancelled");
  return make_error(Code::unavailable, "the connection of " + exchange.name + " broke while " + std::string(when) +
                                           " (" + failure.message() + "); try again");
}

}  // namespace

Task<Outcome> run(Exchange exchange) {
  Connection& connection = *exchange.connection;
  Stream& stream = connection.stream();
  ErrorCode write_failure;
  std::size_t sent = stream.write_now(exchange.text, write_failure);
  if (!write_failure && sent < exchange.text.size()) co_await stream.write(exchange.text.substr(sent), write_failure);
  // A server may refuse a large body and close before it has read it all: its answer is worth more than our error.

  bool touched = false;
  for (;;) {
    ErrorCode failure;
    const std::size_t size = co_await stream.read_some(prepare(connection.buffer()), failure);
    if (connection.interrupted()) co_return Outcome{broken(exchange, "waiting for the answer", failure)};
    touched = touched || size > 0;
    connection.buffer().commit(size);
    Progress progress = exchange.reader.advance();
    if (progress == Progress::more && failure == boost::asio::error::eof && touched) {
      progress = exchange.reader.finish();
      if (progress == Progress::failed) co_return Outcome{broken(exchange, "reading the answer", failure)};
    }
    if (progress == Progress::failed) co_return Outcome{malformed(exchange.name, exchange.reader.failure())};
    if (progress != Progress::more)
      co_return Outcome{{}, progress == Progress::done && !write_failure && !failure && exchange.reader.keep_alive()};
    if (failure) {
      const ErrorCode& cause = write_failure ? write_failure : failure;
      const char* when = write_failure ? "sending the request" : "reading the answer";
      co_return Outcome{broken(exchange, when, cause), false, !touched && is_end(cause)};
    }
    if (exchange.room != nullptr) co_await (*exchange.room)();
    if (in_body_without_end(exchange)) {
      if (exchange.idle.count() > 0) {
        connection.expect_by(Clock::now() + exchange.idle);
      } else {
        connection.expect_nothing();
      }
    }
  }
}

}  // namespace headwind::net
