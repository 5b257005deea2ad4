// SPDX-License-Identifier: Apache-2.0
// A registry that fails on purpose, and a receiver that takes nothing.
#pragma once
#include <memory>
#include <string>

#include "call.hpp"
#include "loop_thread.hpp"
#include "net/server.hpp"

namespace headwind::monitoring {

class MoodyServer {
 public:
  MoodyServer();
  ~MoodyServer();
  std::string host() const;  // "127.0.0.1:40123"
  // The lists of repositories named limited/… come with what is left of a rate limit, 97 of 100; those of broken/… are
  // answered with 500; listed/… has 1.0.0 and 1.1.0, whose manifests are answered with 500. Everything else is 404.

 private:
  static Task<net::ServerResponse> answer(net::ServerRequest request);

  end_to_end::LoopThread loop_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace headwind::monitoring
