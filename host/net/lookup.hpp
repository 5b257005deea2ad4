// SPDX-License-Identifier: Apache-2.0
// Names to addresses. Asio's own resolver has one thread and cannot give up on a call to the system's resolver, so
// one dead name server would hold up every host and every shutdown; this one has a few threads and can be left.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"

namespace headwind::net {

class Lookup {
 public:
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

  Lookup(const Executor& executor, std::string host, std::uint16_t port);
  ~Lookup();
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  // Waits for the addresses, in the system's order of preference.
  Task<Result<Endpoints>> wait();
  // Makes wait() return now, with Code::cancelled.
  void interrupt();

 private:
  struct Question;
  boost::asio::steady_timer answered_;
  std::shared_ptr<Question> question_;
  bool interrupted_ = false;
};

}  // namespace headwind::net
