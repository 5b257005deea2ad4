// SPDX-License-Identifier: Apache-2.0
#include "net/client_tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include "net/key_pair.hpp"

namespace headwind::net {
namespace ssl = boost::asio::ssl;
namespace {

using boost::asio::buffer;

Error bad(std::string_view what, const ErrorCode& why) {
  return make_error(Code::invalid, "the " + std::string(what) + " of the TLS settings cannot be used (" +
                                       why.message() + "); give it in PEM form");
}

bool is_unknown_authority(long verdict) {
  switch (verdict) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return true;
    default: return false;
  }
}

}  // namespace

Result<ClientTls::Context> ClientTls::make(const TlsSettings& settings) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  // A key behind a passphrase must fail; OpenSSL would ask for it on the terminal.
  SSL_CTX_set_default_passwd_cb(native, [](char*, int, int, void*) { return 0; });
  static constexpr std::array<unsigned char, 9> http11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(native, http11.data(), http11.size());

  ErrorCode failure;
  if (settings.insecure) {
    context->set_verify_mode(ssl::verify_none);
  } else {
    context->set_verify_mode(ssl::verify_peer);
    if (settings.ca_pem.empty() || settings.with_system) context->set_default_verify_paths(failure);
    if (!failure && !settings.ca_pem.empty()) context->add_certificate_authority(buffer(settings.ca_pem), failure);
    if (failure) return bad("CA certificate", failure);
  }
  if (settings.certificate_pem.empty() != settings.key_pem.empty())
    return make_error(Code::invalid,
                      "the TLS settings hold a client certificate or a key without the other; give both");
  if (!settings.certificate_pem.empty()) {
    context->use_certificate_chain(buffer(settings.certificate_pem), failure);
    if (failure) return bad("client certificate", failure);
    context->use_private_key(buffer(settings.key_pem), ssl::context::pem, failure);
    const bool other_pair = is_of_another_pair(failure);
    if (failure && !other_pair) return bad("client key", failure);
    if (other_pair || SSL_CTX_check_private_key(native) != 1) {
      ERR_clear_error();
      return make_error(
          Code::invalid,
          "the client key of the TLS settings does not belong to their client certificate; give the pair");
    }
  }
  return context;
}

Result<ClientTls::Context> ClientTls::context(const std::shared_ptr<const TlsSettings>& settings) {
  const auto known = entries_.find(settings.get());
  if (known != entries_.end()) return known->second.context;
  // Rotated credentials come as new objects; the old ones have no other owner any more.
  std::erase_if(entries_, [](const auto& entry) { return entry.second.settings.use_count() == 1; });
  Result<Context> made = make(settings ? *settings : TlsSettings{});
  if (made) entries_[settings.get()] = {settings, *made};
  return made;
}

bool set_peer_name(SSL* tls, const std::string& url_host, const TlsSettings* settings) {
  const std::string& name = settings != nullptr && !settings->server_name.empty() ? settings->server_name : url_host;
  X509_VERIFY_PARAM* checked = SSL_get0_param(tls);
  ErrorCode not_an_address;
  boost::asio::ip::make_address(name, not_an_address);
  if (!not_an_address) return X509_VERIFY_PARAM_set1_ip_asc(checked, name.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(checked, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set_tlsext_host_name(tls, name.c_str()) == 1 &&
         X509_VERIFY_PARAM_set1_host(checked, name.data(), name.size()) == 1;
}

std::string handshake_failure(SSL* tls, const ErrorCode& failure) {
  static constexpr const char* general = "; check the CA certificate and the server name";
  const long verdict = SSL_get_verify_result(tls);
  if (verdict != X509_V_OK && SSL_get_verify_mode(tls) != SSL_VERIFY_NONE)
    return std::string("its certificate is refused: ") + X509_verify_cert_error_string(verdict) +
           (is_unknown_authority(verdict) ? "; give its CA" : general);
  if (failure.category() == boost::asio::error::get_ssl_category() &&
      ERR_GET_REASON(static_cast<unsigned long>(failure.value())) == SSL_R_WRONG_VERSION_NUMBER)
    return "it answers without TLS (" + failure.message() +
           ") and seems to speak plain HTTP; if it should, give an http:// URL";
  return failure.message() + general;
}

}  // namespace headwind::net
