// SPDX-License-Identifier: Apache-2.0
#include "api/query.hpp"

#include <algorithm>

#include "api/uri.hpp"

namespace headwind::api {

Result<TextMap> read_query(std::string_view query, const std::vector<std::string_view>& known) {
  auto parameters = parse_query(query);
  if (!parameters) return make_error(Code::invalid, "The query holds a broken percent escape, a NUL, or is not UTF-8.");
  for (const auto& [name, value] : *parameters) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view near = nearest(name, known);
    return make_error(Code::invalid, "The query parameter " + printable(name, 100) + " is unknown here" +
                                         (near.empty() ? std::string() : "; did you mean " + std::string(near) + "?") +
                                         (near.empty() ? "." : ""));
  }
  return std::move(*parameters);
}

}  // namespace headwind::api
