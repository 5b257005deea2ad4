// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <memory>
#include <string>

#include "kube/pull_references.hpp"
#include "net/http.hpp"

namespace headwind::app {

// How a Secret wants the host of a chart's source to be spoken to: with its client certificate, and trusting its CA
// beside the system's, as Flux does.
struct Certificates {
  std::shared_ptr<const net::TlsSettings> tls;  // null: none that can be used
  std::string gist;                             // equal where they are the same; not for logs
  std::string trouble;                          // one sentence where there are none
};

// Keeps one object for each Secret as long as it holds the same: connections are pooled by that object.
class CertificateBook {
 public:
  // `secret`: "Secret flux-system/tls", as persons are told.
  Certificates take(const std::string& secret, kube::TlsFiles files);

 private:
  std::map<std::string, std::weak_ptr<const net::TlsSettings>> known_;
};

}  // namespace headwind::app
