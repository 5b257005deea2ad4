// SPDX-License-Identifier: Apache-2.0
// The server's certificate, read again when its files change. Inner header of net/: it includes Asio.
#pragma once
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "core/result.hpp"

namespace headwind::net {

class ServerTls {
 public:
  using Context = std::shared_ptr<boost::asio::ssl::context>;
  static Result<ServerTls> load(std::string certificate_file, std::string key_file);

  // For the next connection. Looks at the files at most once a second; new ones that cannot be used are logged once,
  // and the old certificate stays.
  Context context();

 private:
  ServerTls(std::string certificate_file, std::string key_file)
      : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)) {}
  Result<Context> read() const;
  std::string stamp() const;  // differs when a file was replaced or written

  std::string certificate_file_, key_file_;
  Context context_;
  std::string stamp_;
  std::chrono::steady_clock::time_point next_look_;
};

}  // namespace headwind::net
