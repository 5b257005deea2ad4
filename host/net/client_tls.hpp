// SPDX-License-Identifier: Apache-2.0
// TLS as a client. Inner header of net/: it includes Asio.
#pragma once
#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "net/http.hpp"
#include "net/stream.hpp"

namespace headwind::net {

// One TLS context for each TlsSettings object in use: reading the trust store takes milliseconds.
class ClientTls {
 public:
  using Context = std::shared_ptr<boost::asio::ssl::context>;
  // One of its own. Code::invalid names what of the settings cannot be used.
  static Result<Context> make(const TlsSettings& settings);
  // Null settings: the system's trust store.
  Result<Context> context(const std::shared_ptr<const TlsSettings>& settings);

 private:
  struct Entry {
    std::shared_ptr<const TlsSettings> settings;  // kept, so that no other object gets its address
    Context context;
  };
  std::map<const TlsSettings*, Entry> entries_;
};

// Tells the handshake which name to ask for and to check. False: the name is not one.
bool set_peer_name(SSL* tls, const std::string& url_host, const TlsSettings* settings);
// Why a handshake failed, and what to do, for a person.
std::string handshake_failure(SSL* tls, const ErrorCode& failure);

}  // namespace headwind::net
