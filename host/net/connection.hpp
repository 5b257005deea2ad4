// SPDX-License-Identifier: Apache-2.0
// A client's connection to one server. Inner header of net/: it includes Asio and Beast.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/client_tls.hpp"
#include "net/parse.hpp"
#include "net/stream.hpp"
#include "net/url.hpp"

namespace headwind::net {

class Lookup;
using TimePoint = std::chrono::steady_clock::time_point;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(const Executor& executor);

  // Resolves and connects. Addresses are tried in order, each with a fair share of the time left. `name` is for errors:
  // "https://host:443".
  Task<Result<>> connect(const Url& url, const std::string& name, TimePoint deadline);
  // Puts TLS over what is connected and shakes hands, by the deadline of connect().
  Task<Result<>> secure(const Url& url, const std::string& name, ClientTls::Context context, const TlsSettings* tls);

  // From now on, everything that waits here fails at `deadline`. Costs no system call where the one before was sooner.
  void expect_by(TimePoint deadline);
  void expect_nothing() { deadline_ = TimePoint::max(); }
  // Makes everything that waits here fail now.
  void interrupt();
  bool timed_out() const { return timed_out_; }
  bool interrupted() const { return interrupted_; }

  Stream& stream() { return stream_; }
  ByteBuffer& buffer() { return buffer_; }
  void close();

 private:
  void arm(TimePoint at);

  Stream stream_;
  ByteBuffer buffer_;
  boost::asio::steady_timer alarm_;
  TimePoint deadline_ = TimePoint::max();
  TimePoint armed_ = TimePoint::max();
  Lookup* lookup_ = nullptr;
  bool timed_out_ = false;
  bool interrupted_ = false;
};

}  // namespace headwind::net
