// SPDX-License-Identifier: Apache-2.0
#include "net/server_tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include "net/key_pair.hpp"
#include "telemetry/log.hpp"

namespace headwind::net {
namespace ssl = boost::asio::ssl;
using Clock = std::chrono::steady_clock;

namespace {
constexpr std::chrono::milliseconds look_interval{1000};
}

Result<ServerTls> ServerTls::load(std::string certificate_file, std::string key_file) {
  ServerTls tls(std::move(certificate_file), std::move(key_file));
  tls.stamp_ = tls.stamp();
  Result<Context> context = tls.read();
  if (!context) return context.error();
  tls.context_ = std::move(*context);
  tls.next_look_ = Clock::now() + look_interval;
  return tls;
}

ServerTls::Context ServerTls::context() {
  if (Clock::now() < next_look_) return context_;
  next_look_ = Clock::now() + look_interval;
  std::string now = stamp();
  if (now == stamp_) return context_;
  stamp_ = std::move(now);
  Result<Context> changed = read();
  if (changed) {
    context_ = std::move(*changed);
    telemetry::info("net", "the server certificate was read again", {{"file", certificate_file_}});
  } else {
    telemetry::warn("net", "the changed server certificate cannot be used; the old one stays",
                    {{"file", certificate_file_}, {"error", changed.error().message}});
  }
  return context_;
}

Result<ServerTls::Context> ServerTls::read() const {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_default_passwd_cb(native, [](char*, int, int, void*) { return 0; });
  const auto refused = [](const std::string& file, const boost::system::error_code& why) {
    return make_error(Code::invalid, "the TLS file '" + file + "' cannot be used (" + why.message() +
                                         "); it must be PEM, readable and without a passphrase");
  };
  boost::system::error_code failure;
  context->use_certificate_chain_file(certificate_file_, failure);
  if (failure) return refused(certificate_file_, failure);
  context->use_private_key_file(key_file_, ssl::context::pem, failure);
  const bool other_pair = is_of_another_pair(failure);
  if (failure && !other_pair) return refused(key_file_, failure);
  if (other_pair || SSL_CTX_check_private_key(native) != 1) {
    ERR_clear_error();
    return make_error(Code::invalid, "the key '" + key_file_ + "' does not belong to the certificate '" +
                                         certificate_file_ + "'; give the pair");
  }
  return context;
}

std::string ServerTls::stamp() const {
  std::string text;
  for (const std::string& file : {certificate_file_, key_file_}) {
    struct stat info{};
    if (::stat(file.c_str(), &info) != 0) continue;
    text += std::to_string(info.st_ino) + "." + std::to_string(info.st_size) + "." +
            std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec) + " ";
  }
  return text;
}

}  // namespace headwind::net
