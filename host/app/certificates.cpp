// SPDX-License-Identifier: Apache-2.0
#include "app/certificates.hpp"

#include <utility>

#include "core/hash.hpp"

namespace headwind::app {
namespace {

std::string trouble_of(const std::string& secret, const kube::TlsFiles& files) {
  if (files.certificate.empty() != files.key.empty())
    return secret + (files.key.empty() ? " has tls.crt without tls.key" : " has tls.key without tls.crt") +
           ": give both, in PEM form";
  if (files.certificate.empty() && files.ca.empty())
    return secret + " has neither ca.crt nor tls.crt and tls.key: give the one or the others, in PEM form";
  return {};
}

bool holds(const net::TlsSettings& tls, const kube::TlsFiles& files) {
  return tls.ca_pem == files.ca && tls.certificate_pem == files.certificate && tls.key_pem == files.key;
}

}  // namespace

Certificates CertificateBook::take(const std::string& secret, kube::TlsFiles files) {
  Certificates certificates;
  certificates.trouble = trouble_of(secret, files);
  if (!certificates.trouble.empty()) return certificates;
  std::erase_if(known_, [](const auto& one) { return one.second.expired(); });
  auto tls = known_[secret].lock();
  if (!tls || !holds(*tls, files)) {
    auto made = std::make_shared<net::TlsSettings>();
    made->ca_pem = std::move(files.ca);
    made->certificate_pem = std::move(files.certificate);
    made->key_pem = std::move(files.key);
    made->with_system = true;
    made->origin = secret;
    tls = std::move(made);
    known_[secret] = tls;
  }
  for (const std::string* part : {&tls->ca_pem, &tls->certificate_pem, &tls->key_pem})
    certificates.gist += sha256_hex(*part);
  certificates.tls = std::move(tls);
  return certificates;
}

}  // namespace headwind::app
