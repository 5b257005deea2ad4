// SPDX-License-Identifier: Apache-2.0
#include "registries/core/cloud_environment.hpp"

#include <cstdlib>

namespace headwind::registries {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

CloudEnvironment CloudEnvironment::of_process() {
  return {variable("GCE_METADATA_HOST"),    variable("AZURE_CLIENT_ID"),
          variable("AZURE_TENANT_ID"),      variable("AZURE_FEDERATED_TOKEN_FILE"),
          variable("AZURE_AUTHORITY_HOST"), variable("AZURE_POD_IDENTITY_AUTHORITY_HOST")};
}

}  // namespace headwind::registries
