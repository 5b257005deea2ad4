// SPDX-License-Identifier: Apache-2.0
#include "api/oidc_keys.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <simdjson.h>

#include "core/hash.hpp"

namespace headwind::api {
namespace {

using Value = simdjson::simdjson_result<simdjson::dom::element>;

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using PublicKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;

std::string text_of(const Value& value) {
  std::string_view text;
  return value.get(text) ? std::string() : std::string(text);
}

const unsigned char* bytes_of(std::string_view data) { return reinterpret_cast<const unsigned char*>(data.data()); }

Number number_of(const std::string& encoded, std::size_t most_bytes) {
  std::string bytes;
  if (!base64_decode(encoded, bytes) || bytes.empty() || bytes.size() > most_bytes) return nullptr;
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

PublicKey rsa_key(const std::string& modulus, const std::string& exponent) {
  constexpr std::size_t largest_modulus = 1025;  // 8192 bits, and a zero before them
  constexpr int smallest_bits = 2048, largest_bits = 8192;
  const Number n = number_of(modulus, largest_modulus), e = number_of(exponent, 8);
  if (!n || !e || BN_num_bits(n.get()) < smallest_bits || BN_num_bits(n.get()) > largest_bits) return nullptr;
  if (BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1) return nullptr;
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return PublicKey(key);
}

bool is_for_signatures(const Value& key) {
  const std::string use = text_of(key["use"]), algorithm = text_of(key["alg"]);
  return text_of(key["kty"]) == "RSA" && (use.empty() || use == "sig") && (algorithm.empty() || algorithm == "RS256");
}

}  // namespace

struct KeySet::Key {
  PublicKey key;
};

Result<KeySet> KeySet::parse(std::string_view json) {
  constexpr std::size_t max_depth = 16, max_keys = 100;
  if (json.size() > kLargestKeySet) return make_error(Code::invalid, "the key set is longer than 256 KiB");
  simdjson::dom::parser parser;
  simdjson::dom::array list;
  if (parser.allocate(json.size(), max_depth) || parser.parse(json.data(), json.size())["keys"].get(list)) {
    return make_error(Code::invalid, "the answer is no JSON Web Key Set");
  }
  KeySet set;
  for (const simdjson::dom::element item : list) {
    const Value key(simdjson::dom::element{item});
    const std::string id = text_of(key["kid"]);
    if (id.empty() || !is_for_signatures(key) || set.keys_.size() == max_keys) continue;
    if (PublicKey made = rsa_key(text_of(key["n"]), text_of(key["e"])))
      set.keys_[id] = std::make_shared<const Key>(Key{std::move(made)});
  }
  if (set.keys_.empty()) return make_error(Code::invalid, "the key set holds no RSA key for signatures");
  return set;
}

bool KeySet::verifies(const OidcToken& token) const {
  const auto found = keys_.find(token.key_id);
  if (found == keys_.end() || token.algorithm != "RS256" || token.signature.empty()) return false;
  const DigestContext context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, found->second->key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(token.signature), token.signature.size(), bytes_of(token.signed_part),
                          token.signed_part.size()) == 1;
}

}  // namespace headwind::api
