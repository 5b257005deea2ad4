// SPDX-License-Identifier: Apache-2.0
// The public keys of an issuer: a JSON Web Key Set (RFC 7517), of which RSA keys for signatures are kept. Inner header
// of the gate in oidc.hpp.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "api/oidc_token.hpp"
#include "core/result.hpp"

namespace headwind::api {

inline constexpr std::size_t kLargestKeySet = 256 * 1024;

class KeySet {
 public:
  // Code::invalid where it is no key set, or holds no key that can be used. Keys that cannot are passed over: of
  // another type or algorithm, without an id, of less than 2048 or more than 8192 bits; at most 100 are kept.
  static Result<KeySet> parse(std::string_view json);

  bool has(std::string_view key_id) const { return keys_.contains(key_id); }
  // Whether `token` is signed by its key with RSASSA-PKCS1-v1_5 and SHA-256. Whatever algorithm the token names, no
  // other is ever used.
  bool verifies(const OidcToken& token) const;

 private:
  struct Key;
  std::map<std::string, std::shared_ptr<const Key>, std::less<>> keys_;
};

}  // namespace headwind::api
