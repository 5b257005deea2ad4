// SPDX-License-Identifier: Apache-2.0
// Registries that a cloud serves under its own names: where its own identity of a pod may be shown. The registry
// plugins follow the same table.
#pragma once
#include <string_view>

namespace headwind {

// "gcp" for gcr.io, *.gcr.io and *-docker.pkg.dev; "azure" for *.azurecr.io, *.azurecr.cn and *.azurecr.us; else empty.
// The host in lower case; one with a port is nobody's.
std::string_view cloud_of_registry(std::string_view host);

}  // namespace headwind
