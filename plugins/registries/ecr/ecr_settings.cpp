// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/ecr_settings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "registries/core/host_pattern.hpp"
#include "registries/core/json_text.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries::ecr {
namespace {

using nlohmann::json;

void take(std::string& to, const json& object, const char* key) {
  if (auto value = text_at(object, key); !value.empty()) to = std::move(value);
}

// Keys of one place never mix with those of another.
void take_identity(AwsSettings& to, const json& object) {
  const auto names = [&](const char* key) { return !text_at(object, key).empty(); };
  const bool keys = names("access_key_id") || names("secret_access_key_secret") || names("session_token_secret");
  const bool role = names("role_arn") || names("web_identity_token_file");
  if (!keys && !role) return;
  to.access_key_id = text_at(object, "access_key_id");
  to.secret_access_key_secret = text_at(object, "secret_access_key_secret");
  to.session_token_secret = text_at(object, "session_token_secret");
  to.role_arn = text_at(object, "role_arn");
  to.web_identity_token_file = text_at(object, "web_identity_token_file");
}

Outcome<AwsSettings> read(const json& object, AwsSettings settings, const std::string& where) {
  const auto invalid = [&](const std::string& what) { return Failure{HW_INVALID, where + what, 0}; };
  take(settings.region, object, "region");
  for (const auto& [key, to] : {std::pair{"api_endpoint", &settings.api_endpoint},
                                {"sts_endpoint", &settings.sts_endpoint},
                                {"imds_endpoint", &settings.imds_endpoint}}) {
    take(*to, object, key);
    while (to->ends_with('/')) to->pop_back();
    if (!to->empty() && (!origin_of(*to) || !path_of(*to).empty()))
      return invalid(std::string(key) + " must be a URL like https://api.example.com, without a path");
  }
  take_identity(settings, object);
  if (settings.access_key_id.empty() != settings.secret_access_key_secret.empty())
    return invalid("access_key_id needs secret_access_key_secret, and the other way round");
  if (!settings.session_token_secret.empty() && settings.access_key_id.empty())
    return invalid("session_token_secret needs access_key_id");
  if (!settings.access_key_id.empty() && !settings.role_arn.empty())
    return invalid("role_arn is for web identity: remove it, or access_key_id");
  if (const auto it = object.find("pull_through"); it != object.end() && it->is_array()) {
    settings.pull_through.clear();
    for (const auto& entry : *it)
      if (entry.is_string()) settings.pull_through.push_back(entry.get<std::string>());
  }
  if (const auto it = object.find("public_login"); it != object.end() && it->is_boolean())
    settings.public_login = it->get<bool>();
  return settings;
}

}  // namespace

Outcome<EcrSettings> EcrSettings::parse(std::string_view source) {
  EcrSettings out;
  auto registries = Settings::parse(source);
  if (!registries) return registries.failure();
  out.registries_ = std::move(*registries);
  const auto root = parse_json(source);
  if (!root.is_object()) return out;
  auto common = read(root, {}, "");
  if (!common) return common.failure();
  out.common_ = std::move(*common);
  for (const auto& [name, object] : object_at(root, "hosts").items()) {
    if (!object.is_object()) continue;
    auto host = read(object, out.common_, "hosts." + name + ".");
    if (!host) return host.failure();
    out.hosts_[canonical_host(name)] = std::move(*host);
  }
  return out;
}

const AwsSettings& EcrSettings::of(std::string_view host) const {
  if (const auto it = hosts_.find(host); it != hosts_.end()) return it->second;
  const AwsSettings* best = nullptr;
  std::size_t length = 0;
  for (const auto& [pattern, settings] : hosts_)
    if (pattern.size() > length && is_host_pattern(pattern) && host_matches(pattern, host)) {
      best = &settings;
      length = pattern.size();
    }
  return best == nullptr ? common_ : *best;
}

bool EcrSettings::names_secrets() const {
  return registries_.has_accounts() || !common_.access_key_id.empty() ||
         std::any_of(hosts_.begin(), hosts_.end(), [](const auto& host) { return !host.second.access_key_id.empty(); });
}

}  // namespace headwind::registries::ecr
