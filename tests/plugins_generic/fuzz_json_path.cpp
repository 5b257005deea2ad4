// SPDX-License-Identifier: Apache-2.0
// A path in the first line and a document after it, from anywhere: a path is refused with a sentence, or each value
// that it finds is where its pointer says, once, and can be found again by its way.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "plugins_generic/unambiguous.hpp"
#include "workloads/core/find.hpp"

namespace workloads = headwind::workloads;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const workloads::JsonPath& path, std::string_view document) {
  constexpr std::size_t most = 64;
  workloads::Value root;
  std::string error;
  if (!workloads::parse_object(document, root, error)) return require(!error.empty());
  const auto matches = workloads::find_all(root, path.steps, most);
  require(matches.size() <= (path.wildcards() == 0 ? 1 : most));
  if (path.wildcards() == 0) require(workloads::find_one(root, path.steps).has_value() == (matches.size() == 1));
  const auto json = workloads::generic::parse_unambiguous(document);
  std::set<std::string> pointers;
  for (const auto& match : matches) {
    require(match.way.size() == path.steps.size());
    if (json.is_discarded()) continue;
    const std::string pointer = workloads::pointer_to(match.way);
    require(pointers.insert(pointer).second);
    const auto& there = json.at(nlohmann::json::json_pointer(pointer));
    std::string_view text;
    require(!there.is_null() && match.value.is_string() == there.is_string());
    if (!match.value.get(text)) require(there == text);
    require(workloads::find_one(root, match.way).has_value());
    require(workloads::follow(path.steps, path.steps, match.way) == match.way);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\n'), size);
  workloads::JsonPath path;
  std::string error;
  if (!workloads::parse_json_path(input.substr(0, end), path, error)) {
    require(!error.empty() && error.size() < 200);
    return 0;
  }
  require(error.empty() && path.steps.size() <= workloads::JsonPath::max_steps);
  if (end < size) check(path, input.substr(end + 1));
  return 0;
}
