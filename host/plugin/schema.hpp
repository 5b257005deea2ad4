// SPDX-License-Identifier: Apache-2.0
// Settings of an instance against the JSON Schema (draft 7) of its plugin.
#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace headwind::plugin {

// Is this a schema at all? An empty text is one: no settings are taken. The error is a predicate: "is not JSON: ...".
Result<> check_schema(std::string_view schema);

// `settings` (JSON object; empty: {}) with the schema's `default`s filled in, once it fits the schema.
// The error names the key: "settings.channel: ...".
Result<std::string> prepare_settings(std::string_view schema, std::string_view settings);

}  // namespace headwind::plugin
