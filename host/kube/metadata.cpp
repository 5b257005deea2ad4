// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "kube/object_parser.hpp"

namespace headwind::kube {
namespace {

using Value = simdjson::simdjson_result<simdjson::dom::element>;
constexpr std::size_t longest_value = 4096, most_values = 256;

nlohmann::json texts(Value value) {
  nlohmann::json out = nlohmann::json::object();
  simdjson::dom::object members;
  if (value.get(members)) return out;
  for (const auto& [key, member] : members) {
    std::string_view text;
    const bool own = key.starts_with("headwind.sh/") || key == "kubectl.kubernetes.io/last-applied-configuration";
    if (own || member.get(text) || text.size() > longest_value || out.size() >= most_values) continue;
    out[std::string(key)] = text;
  }
  return out;
}

}  // namespace

std::string written_metadata(simdjson::dom::element root, Metadata wanted) {
  if (wanted == Metadata::none) return {};
  nlohmann::json written{{"labels", texts(root["metadata"]["labels"])}};
  if (wanted == Metadata::labels_and_annotations) written["annotations"] = texts(root["metadata"]["annotations"]);
  return written.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace headwind::kube
