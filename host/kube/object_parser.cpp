// SPDX-License-Identifier: Apache-2.0
#include "kube/object_parser.hpp"

namespace headwind::kube {

std::optional<simdjson::dom::element> parse_object(std::string_view json) {
  constexpr std::size_t kept_capacity = 64U << 10U;  // bytes of text; what few objects need is given back
  static thread_local simdjson::dom::parser parser;
  if (parser.capacity() > kept_capacity) parser = simdjson::dom::parser();
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size()).get(root)) return std::nullopt;
  return root;
}

}  // namespace headwind::kube
