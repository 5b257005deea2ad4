// SPDX-License-Identifier: Apache-2.0
#include "registries/core/digest.hpp"

#include <openssl/evp.h>

#include <array>

namespace headwind::registries {
namespace {

std::string hex_digest(const EVP_MD* algorithm, std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(body.data(), body.size(), digest.data(), &size, algorithm, nullptr);
  std::string out;
  for (unsigned int i = 0; i < size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4];
    out += "0123456789abcdef"[digest[i] & 15];
  }
  return out;
}

}  // namespace

std::string sha256_digest(std::string_view body) { return "sha256:" + hex_digest(EVP_sha256(), body); }

bool is_digest_of(std::string_view digest, std::string_view body) {
  if (digest.starts_with("sha512:")) return digest.substr(7) == hex_digest(EVP_sha512(), body);
  return digest == sha256_digest(body);
}

}  // namespace headwind::registries
