// SPDX-License-Identifier: Apache-2.0
// Who answers a script that is checked: it has sockets of its own, so it is answered over a real one, on this machine.
#pragma once
#include <memory>
#include <string>

#include "conformance/peer.hpp"
#include "core/result.hpp"

namespace headwind::conformance {

class LocalPeer {
 public:
  // Listens on a free port of 127.0.0.1, on a thread of its own, so only in the child that makes a check.
  static Result<std::unique_ptr<LocalPeer>> start();
  ~LocalPeer();
  LocalPeer(const LocalPeer&) = delete;
  LocalPeer& operator=(const LocalPeer&) = delete;

  // "http://127.0.0.1:41234/7". Until that is removed, `answer` is asked on the peer's thread about each request below
  // it; one that is to be silent, or unreachable, is left waiting. Other requests get 404.
  std::string add(Peer answer);
  void remove(const std::string& url);

 private:
  struct Impl;
  explicit LocalPeer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace headwind::conformance
