// SPDX-License-Identifier: Apache-2.0
#include "net/http.hpp"

#include "core/text.hpp"

namespace headwind::net {

std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const Header& header : headers)
    if (equals_ignoring_case(header.name, name)) return header.value;
  return {};
}

}  // namespace headwind::net
