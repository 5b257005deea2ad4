// SPDX-License-Identifier: Apache-2.0
#include "kube/pull_references.hpp"

#include <simdjson.h>

#include "core/hash.hpp"
#include "kube/object_parser.hpp"

namespace headwind::kube {
namespace {

using Value = simdjson::simdjson_result<simdjson::dom::element>;
constexpr std::size_t max_names = 64;

std::string text(Value value) {
  std::string_view found;
  return value.get(found) ? std::string() : std::string(found);
}

std::vector<std::string> names_in(Value list) {
  std::vector<std::string> names;
  simdjson::dom::array entries;
  if (list.get(entries)) return names;
  for (const auto& entry : entries) {
    std::string name = text(entry["name"]);
    if (!name.empty() && names.size() < max_names) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

PullReferences pull_references_in(simdjson::dom::element root) {
  Value pod = root.at_pointer("/spec/template/spec");
  if (pod.error()) pod = root.at_pointer("/spec/jobTemplate/spec/template/spec");
  if (pod.error()) return {};
  return {text(pod["serviceAccountName"]), names_in(pod["imagePullSecrets"])};
}

std::vector<std::string> pull_secrets_of_account(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size()).get(root)) return {};
  return names_in(root["imagePullSecrets"]);
}

PullSecret pull_secret(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  PullSecret secret;
  if (parser.parse(json.data(), json.size()).get(root)) return secret;
  secret.type = text(root["type"]);
  const char* key = secret.type == "kubernetes.io/dockerconfigjson" ? ".dockerconfigjson"
                    : secret.type == "kubernetes.io/dockercfg"      ? ".dockercfg"
                                                                    : nullptr;
  if (key == nullptr) return secret;
  std::string decoded;
  if (base64_decode(text(root["data"][key]), decoded)) secret.value = std::move(decoded);
  return secret;
}

BasicLogin basic_login(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  BasicLogin login;
  if (parser.parse(json.data(), json.size()).get(root)) return {};
  const bool good = base64_decode(text(root["data"]["username"]), login.username) &&
                    base64_decode(text(root["data"]["password"]), login.password);
  if (!good || login.username.empty() || login.password.empty()) return {};
  return login;
}

TlsFiles tls_files(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size()).get(root)) return {};
  const auto file = [&](const char* key, const char* former) {
    std::string decoded;
    for (const char* one : {key, former})
      if (base64_decode(text(root["data"][one]), decoded) && !decoded.empty()) return decoded;
    return std::string();
  };
  return {file("ca.crt", "caFile"), file("tls.crt", "certFile"), file("tls.key", "keyFile")};
}

}  // namespace headwind::kube
