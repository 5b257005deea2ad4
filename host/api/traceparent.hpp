// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace headwind::api {

// Whether `value` is a W3C Trace Context `traceparent` that may be passed on (Level 1, section 3.2): lower-case hex,
// no all-zero id, not version ff; version 00 has exactly 55 characters, later ones may be longer, up to 256.
bool is_valid_traceparent(std::string_view value);

// Its trace id, 32 hex digits; empty where it is not valid. Within `value`.
std::string_view trace_id_of(std::string_view value);

}  // namespace headwind::api
