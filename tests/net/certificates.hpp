// SPDX-License-Identifier: Apache-2.0
// Certificates made on the spot, so that none of the tests' own can expire.
#pragma once
#include <memory>
#include <string>

namespace headwind::net::test {

struct Identity {
  std::string certificate_pem;
  std::string key_pem;
};

class Authority {
 public:
  explicit Authority(const std::string& name);
  ~Authority();
  const std::string& certificate_pem() const;
  // `names` as OpenSSL writes them: "DNS:a.example,IP:127.0.0.1".
  Identity issue(const std::string& common_name, const std::string& names) const;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
};

}  // namespace headwind::net::test
