// SPDX-License-Identifier: Apache-2.0
// The environment variables by which Google and Azure tell a program who it is, as their own libraries read them.
#pragma once
#include <string>

namespace headwind::registries {

struct CloudEnvironment {
  std::string gce_metadata_host;  // GCE_METADATA_HOST: "host" or "host:port" of the metadata server
  // Workload identity, as its webhook sets them: AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE and
  // AZURE_AUTHORITY_HOST. The first alone chooses one of several managed identities.
  std::string azure_client_id, azure_tenant_id, azure_token_file, azure_authority;
  std::string azure_metadata;  // AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://host" of the instance metadata service

  // As they are now. Empty: not set.
  static CloudEnvironment of_process();
};

}  // namespace headwind::registries
