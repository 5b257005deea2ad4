// SPDX-License-Identifier: Apache-2.0
#include "kube/facts.hpp"

#include "kube/object_parser.hpp"

namespace headwind::kube {

Facts read_facts(std::string_view json, Metadata wanted) {
  const auto root = parse_object(json);
  if (!root) return {};
  return {pull_references_in(*root), owner_in(*root), written_metadata(*root, wanted)};
}

}  // namespace headwind::kube
