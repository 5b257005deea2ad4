// SPDX-License-Identifier: Apache-2.0
// Clouds whose registries may be read with the identity that this process has there, and which hosts are theirs. Such
// an identity is shown to those hosts and to nobody else.
#pragma once
#include <string_view>

#include "registries/core/url.hpp"

namespace headwind::registries {

enum class Cloud { none, gcp, azure };

// "gcp" or "azure", as settings write it; none for anything else.
Cloud cloud_named(std::string_view name);
std::string_view name_of(Cloud cloud);
// For sentences: "Google".
std::string_view owner_of(Cloud cloud);
// Of a credential that asks for that identity by its name, "cloud:gcp": see hw_credential. None for all others.
Cloud cloud_of_identity(std::string_view identity);

// gcr.io, *.gcr.io and *-docker.pkg.dev; *.azurecr.io, *.azurecr.cn and *.azurecr.us. In lower case, without a port.
bool is_host_of(Cloud cloud, std::string_view host);
// Whether the identity may be sent there: a host of the cloud, by https on its own port.
bool may_see(Cloud cloud, const Origin& origin);
// The same of a URL.
bool may_see(Cloud cloud, std::string_view url);

}  // namespace headwind::registries
