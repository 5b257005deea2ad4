// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <string_view>

#include "config/config.hpp"

namespace headwind::config {

// Whether it is one of webhook_endpoints, and so no name of a registry instance that gets a path of its own.
inline bool is_webhook_endpoint(std::string_view name) {
  return std::find(webhook_endpoints.begin(), webhook_endpoints.end(), name) != webhook_endpoints.end();
}

}  // namespace headwind::config
