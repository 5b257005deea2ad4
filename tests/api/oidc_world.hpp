// SPDX-License-Identifier: Apache-2.0
// An issuer with keys of its own, made in the test.
#pragma once
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/hash.hpp"

namespace headwind::api {

using Json = nlohmann::json;

inline std::string base64_url(const std::string& bytes) {
  std::string text = base64_encode(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

class SigningKey {
 public:
  explicit SigningKey(std::string id, unsigned bits = 2048)
      : id_(std::move(id)), key_(EVP_RSA_gen(bits), EVP_PKEY_free) {
    if (!key_) throw std::runtime_error("no RSA key");
  }

  const std::string& id() const { return id_; }
  std::string modulus() const { return parameter(OSSL_PKEY_PARAM_RSA_N); }

  Json jwk() const {
    return {{"kid", id_},   {"kty", "RSA"},   {"alg", "RS256"},
            {"use", "sig"}, {"n", modulus()}, {"e", parameter(OSSL_PKEY_PARAM_RSA_E)}};
  }

  std::string sign(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::string signature(1024, '\0');
    std::size_t size = signature.size();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size()) !=
            1)
      throw std::runtime_error("not signed");
    signature.resize(size);
    return signature;
  }

  // A token with these claims; `more` is put over its header.
  std::string token(const Json& claims, const Json& more = Json::object()) const {
    Json header{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", id_}};
    header.update(more);
    const std::string text = base64_url(header.dump()) + "." + base64_url(claims.dump());
    return text + "." + base64_url(sign(text));
  }

 private:
  std::string parameter(const char* name) const {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key_.get(), name, &number) != 1) throw std::runtime_error("no such parameter");
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> owned(number, BN_free);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    return base64_url(bytes);
  }

  std::string id_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

inline std::string key_set(const std::vector<const SigningKey*>& keys) {
  Json list = Json::array();
  for (const SigningKey* key : keys) list.push_back(key->jwk());
  return Json{{"keys", list}}.dump();
}

// Made once: a key takes its time.
inline const SigningKey& first_key() {
  static const SigningKey key("first");
  return key;
}
inline const SigningKey& second_key() {
  static const SigningKey key("second");
  return key;
}

}  // namespace headwind::api
