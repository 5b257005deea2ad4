// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of this plugin's settings: that of any registry plugin with Amazon's members put in, at its top and
// for each host.
#pragma once
#include <array>
#include <string_view>

#include "registries/core/settings.hpp"

namespace headwind::registries::ecr {
namespace schema {

inline constexpr std::string_view members = R"("region": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,31}$",
        "description": "Of Amazon's token service. Default: AWS_REGION, else the registry's region."},
    "api_endpoint": {"type": "string", "pattern": "^https?://[^/?#@]+/?$",
        "description": "Where ECR's API is served, as by a VPC endpoint. Default: as the host name says."},
    "sts_endpoint": {"type": "string", "pattern": "^https?://[^/?#@]+/?$",
        "description": "Default: Amazon's regional token service."},
    "imds_endpoint": {"type": "string", "pattern": "^https?://[^/?#@]+/?$",
        "description": "Default: the instance metadata service at 169.254.169.254."},
    "access_key_id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$"},
    "secret_access_key_secret": {"type": "string", "description": "The name of a granted secret."},
    "session_token_secret": {"type": "string", "description": "The name of a granted secret, for temporary keys."},
    "role_arn": {"type": "string", "pattern": "^arn:", "description": "The role to assume by web identity."},
    "web_identity_token_file": {"type": "string", "pattern": "^/"},
    "pull_through": {"type": "array", "items": {"type": "string", "minLength": 1},
        "description": "Beginnings of repository names that a pull-through cache rule fills."},
    "public_login": {"type": "boolean",
        "description": "Read public.ecr.aws with AWS credentials, for its higher limits."},
    )";

inline constexpr std::string_view at_top = R"("hosts": {)";
inline constexpr std::string_view at_host = R"("endpoint": {)";
static_assert(settings_schema.find(at_top) < settings_schema.find(at_host));
static_assert(settings_schema.find(at_host) != std::string_view::npos);

inline constexpr auto text = [] {
  std::array<char, settings_schema.size() + 2 * members.size()> out{};
  std::size_t end = 0;
  const auto add = [&](std::string_view part) {
    for (const char c : part) out[end++] = c;
  };
  const auto top = settings_schema.find(at_top), host = settings_schema.find(at_host);
  add(settings_schema.substr(0, top));
  add(members);
  add(settings_schema.substr(top, host - top));
  add(members);
  add(settings_schema.substr(host));
  return out;
}();

}  // namespace schema

inline constexpr std::string_view ecr_settings_schema{schema::text.data(), schema::text.size()};

}  // namespace headwind::registries::ecr
