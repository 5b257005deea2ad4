// SPDX-License-Identifier: Apache-2.0
#include "plugin/peers.hpp"

#include "core/host_pattern.hpp"

namespace headwind::plugin {

void Peers::use(std::map<std::string, Peer> peers) {
  const std::lock_guard lock(mutex_);
  peers_ = std::move(peers);
}

std::shared_ptr<const net::TlsSettings> Peers::tls_of(const std::string& origin) const {
  const std::lock_guard lock(mutex_);
  auto peer = peers_.end();
  for (auto one = peers_.begin(); one != peers_.end(); ++one)
    if (host_fits(one->first, origin) && (peer == peers_.end() || is_more_special(one->first, peer->first))) peer = one;
  return peer == peers_.end() ? nullptr : peer->second.tls;
}

}  // namespace headwind::plugin
