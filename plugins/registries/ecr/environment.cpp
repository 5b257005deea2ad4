// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/environment.hpp"

#include <array>
#include <cstdlib>

#include "registries/ecr/host_name.hpp"

namespace headwind::registries::ecr {
namespace {

constexpr std::array names{"AWS_ACCESS_KEY_ID",
                           "AWS_SECRET_ACCESS_KEY",
                           "AWS_SESSION_TOKEN",
                           "AWS_REGION",
                           "AWS_DEFAULT_REGION",
                           "AWS_ROLE_ARN",
                           "AWS_ROLE_SESSION_NAME",
                           "AWS_WEB_IDENTITY_TOKEN_FILE",
                           "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                           "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                           "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                           "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                           "AWS_EC2_METADATA_DISABLED",
                           "AWS_EC2_METADATA_V1_DISABLED",
                           "AWS_EC2_METADATA_SERVICE_ENDPOINT"};

}  // namespace

Environment Environment::of_process() {
  std::map<std::string, std::string, std::less<>> variables;
  for (const char* name : names)
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') variables[name] = value;
  return Environment(std::move(variables));
}

std::string Environment::get(std::string_view name) const {
  const auto it = variables_.find(name);
  return it == variables_.end() ? std::string() : it->second;
}

bool Environment::is_true(std::string_view name) const {
  std::string value = get(name);
  for (char& c : value)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return value == "true";
}

std::string Environment::region() const {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (auto value = get(name); is_region(value)) return value;
  return {};
}

}  // namespace headwind::registries::ecr
