// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "plugin/host.hpp"

namespace headwind::plugin {

// How each HTTP peer is spoken to. Workers ask while a new configuration may come. Any thread.
class Peers {
 public:
  void use(std::map<std::string, Peer> peers);
  // Of the entry that fits `origin` (host[:port]) best; null: as for everyone.
  std::shared_ptr<const net::TlsSettings> tls_of(const std::string& origin) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Peer> peers_;
};

}  // namespace headwind::plugin
