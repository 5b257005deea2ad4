// SPDX-License-Identifier: Apache-2.0
// Where a cloud tells who this process is there. Each asks once, within seconds, and keeps nothing. The failures'
// sentences go on after "Headwind's own identity at Google is not to be had: ".
#pragma once
#include <string>

#include "registries/core/cloud_environment.hpp"
#include "registries/core/renewed.hpp"
#include "registries/core/target.hpp"

namespace headwind::registries {

// The access token of the service account that the metadata server gives this pod or machine.
Outcome<Lease<std::string>> google_token(const CloudEnvironment& environment, Transport& transport);

// An access token for registries of Azure, and for nothing else there: by workload identity where its token file is
// set, else that of the machine's managed identity.
Outcome<Lease<std::string>> azure_token(const CloudEnvironment& environment, Transport& transport);

// The refresh token that a registry of Azure gives for such a token. The target must be one that may see it.
// `is_unknown`: whether it refused the token itself, rather than who has it.
Outcome<Lease<std::string>> azure_login(const Target& registry, const std::string& token,
                                        const CloudEnvironment& environment, Transport& transport, bool& is_unknown);

}  // namespace headwind::registries
