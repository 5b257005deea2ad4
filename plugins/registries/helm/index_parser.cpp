// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/index_parser.hpp"

namespace headwind::registries::helm {
namespace {

// JSON is YAML, but for the escapes of characters beyond 16 bits, which YAML refuses; so it is read as what it is. A
// brace alone may also begin a map of YAML.
bool is_json(std::string_view beginning) {
  constexpr std::string_view spaces = " \t\r\n";
  const auto skip = [&] { beginning.remove_prefix(std::min(beginning.find_first_not_of(spaces), beginning.size())); };
  skip();
  if (!beginning.starts_with('{')) return false;
  beginning.remove_prefix(1);
  skip();
  return beginning.starts_with('"') || beginning.starts_with('}');
}

}  // namespace

Outcome<ChartIndex> parse_index(ByteSource& source) {
  IndexBytes bytes(source);
  IndexBuilder builder;
  const auto beginning = bytes.beginning();
  if (beginning.empty() && !source.is_broken()) return Failure{HW_INVALID, "is empty", 0};
  if (is_json(beginning)) {
    parse_json(bytes, builder);
  } else {
    parse_yaml(bytes, builder);
  }
  if (bytes.failure()) return *bytes.failure();
  return builder.finish();
}

}  // namespace headwind::registries::helm
