// SPDX-License-Identifier: Apache-2.0
// A registry that keeps its content elsewhere: it answers every question with a redirect to a signed URL, behind which
// nobody listens.
#pragma once
#include <memory>
#include <string>

#include "loop_thread.hpp"
#include "net/server.hpp"

namespace headwind::end_to_end {

class SignedFront {
 public:
  explicit SignedFront(std::string signature);
  ~SignedFront();
  std::string host() const;

 private:
  const std::string signature_;
  LoopThread loop_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace headwind::end_to_end
