// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/text.hpp"

namespace headwind::api {

// `text` with its %XX undone. Nothing where an escape is broken, or where the result is not UTF-8 or holds a NUL:
// no object of ours has such a name.
std::optional<std::string> percent_decode(std::string_view text);
// "a=1&b=two+words" to a map; the last of equal keys wins. Nothing where percent_decode refuses a part.
std::optional<TextMap> parse_query(std::string_view query);
// Every byte but the unreserved ones of RFC 3986 as %XX.
std::string percent_encode(std::string_view text);

}  // namespace headwind::api
