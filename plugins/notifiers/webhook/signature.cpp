// SPDX-License-Identifier: Apache-2.0
#include "notifiers/webhook/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace headwind::notifiers {

std::string signature(std::string_view secret, std::string_view body, bool legacy) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (legacy) {
    const std::string joined = std::string(secret) + std::string(body);
    EVP_Digest(joined.data(), joined.size(), digest.data(), &size, EVP_sha256(), nullptr);
  } else {
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &size);
  }
  std::string out = "sha256=";
  for (unsigned int i = 0; i < size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4];
    out += "0123456789abcdef"[digest[i] & 15];
  }
  return out;
}

}  // namespace headwind::notifiers
