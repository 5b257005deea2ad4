// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/account.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "registries/core/json_text.hpp"

namespace headwind::registries::ecr {
namespace {

constexpr std::size_t max_login = 16 * 1024;
constexpr double default_life_s = 12 * 3600;

// authorizationData is a list with one member in a private registry's answer, the member itself in the public one's.
const nlohmann::json& data_of(const nlohmann::json& answer) {
  const auto it = answer.find("authorizationData");
  if (it != answer.end() && it->is_array() && !it->empty()) return it->front();
  return object_at(answer, "authorizationData");
}

std::string pair_of(const Credential& login) { return login.username + ":" + login.password; }

}  // namespace

std::string decode_login(std::string_view base64) {
  if (base64.empty() || base64.size() > max_login || base64.size() % 4 != 0) return {};
  std::string out(base64.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
  if (size < 0) return {};
  const auto padding = static_cast<std::size_t>(base64.ends_with("==") ? 2 : base64.ends_with('=') ? 1 : 0);
  out.resize(static_cast<std::size_t>(size) - padding);
  const auto colon = out.find(':');
  const bool printable = std::all_of(out.begin(), out.end(), [](char c) { return c > ' ' && c < 127; });
  return printable && colon != std::string::npos && colon > 0 && colon + 1 < out.size() ? out : std::string();
}

Credential Account::credential_of(const std::string& pair) const {
  const auto colon = pair.find(':');
  return {"ecr login at " + api_.endpoint().url, pair.substr(0, colon), pair.substr(colon + 1), {}, {}};
}

Outcome<Lease<std::string>> Account::fetch(Transport& transport) {
  const auto answer =
      api_.call("GetAuthorizationToken", nlohmann::json::object(), "the registry's password", transport);
  if (!answer) return answer.failure();
  const auto& data = data_of(*answer);
  std::string pair = decode_login(text_at(data, "authorizationToken"));
  if (pair.empty())
    return Failure{HW_UNAVAILABLE, "Amazon ECR answered GetAuthorizationToken without a usable password", 0};
  double life_s = default_life_s;
  if (const auto it = data.find("expiresAt"); it != data.end() && it->is_number())
    life_s = std::clamp(it->get<double>() - static_cast<double>(transport.unix_ms()) / 1000, 0.0, default_life_s);
  const auto life_ms = static_cast<std::int64_t>(life_s * 1000);
  return Lease<std::string>{std::move(pair), life_ms, life_ms / 2};
}

Outcome<Credential> Account::login(Transport& transport) {
  const auto pair = login_.get(transport, [&] { return fetch(transport); });
  if (!pair) return pair.failure();
  return credential_of(*pair);
}

void Account::refuse(const Credential& login, Transport& transport) { login_.refuse(pair_of(login), transport); }

}  // namespace headwind::registries::ecr
