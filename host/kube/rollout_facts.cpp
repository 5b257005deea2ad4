// SPDX-License-Identifier: Apache-2.0
#include "kube/rollout_facts.hpp"

#include <charconv>
#include <cstdint>

#include "core/hash.hpp"
#include "kube/canonical.hpp"
#include "kube/object_parser.hpp"

namespace headwind::kube {
namespace {

using Value = simdjson::simdjson_result<simdjson::dom::element>;

std::string_view text(Value value) {
  std::string_view found;
  return value.get(found) ? std::string_view() : found;
}

std::optional<std::int64_t> number(Value value) {
  std::int64_t found = 0;
  if (!value.get(found)) return found;
  const std::string_view written = text(value);
  const auto [end, failure] = std::from_chars(written.data(), written.data() + written.size(), found);
  if (failure != std::errc{} || end != written.data() + written.size()) return std::nullopt;
  return found;
}

bool is_stale(simdjson::dom::element root) {
  const Value status = root["status"];
  simdjson::dom::object said;
  // An empty one is what the API server itself writes before any controller does.
  if (status.get(said) || said.size() == 0) return true;
  const auto seen = number(status["observedGeneration"]), now = number(root["metadata"]["generation"]);
  return seen && now && *seen < *now;
}

std::string joined(Value list) {
  std::string out;
  simdjson::dom::array items;
  if (list.get(items)) return out;
  for (const Value item : items) out.append(out.empty() ? "" : ",").append(text(item));
  return out;
}

std::string selector_in(simdjson::dom::element root) {
  std::string out;
  const auto add = [&](const std::string& term) { out += (out.empty() ? "" : ",") + term; };
  const Value selector = root["spec"]["selector"];
  simdjson::dom::object labels;
  if (!selector["matchLabels"].get(labels))
    for (const auto& [key, value] : labels)
      if (std::string_view label; !value.get(label)) add(std::string(key) + "=" + std::string(label));
  simdjson::dom::array expressions;
  if (selector["matchExpressions"].get(expressions)) return out;
  for (const Value expression : expressions) {
    const std::string key(text(expression["key"]));
    const std::string_view verb = text(expression["operator"]);
    if (verb == "In") add(key + " in (" + joined(expression["values"]) + ")");
    if (verb == "NotIn") add(key + " notin (" + joined(expression["values"]) + ")");
    if (verb == "Exists") add(key);
    if (verb == "DoesNotExist") add("!" + key);
  }
  return out;
}

// Flux brings a new version when one of these changes; the others say when and how.
bool makes_release(std::string_view key) {
  for (const std::string_view one : {"chart", "chartRef", "values", "valuesFrom", "postRenderers", "releaseName",
                                     "targetNamespace", "storageNamespace", "kubeConfig"})
    if (key == one) return true;
  return false;
}

bool makes_pods(std::string_view key) {
  return key != "replicas" && key != "instances" && key != "paused" && key != "suspend";
}

std::string revision_in(simdjson::dom::element root, std::string_view kind) {
  simdjson::dom::element made_of;
  const bool has_pods = !root.at_pointer("/spec/template/spec").get(made_of);
  if (!has_pods && root["spec"].get(made_of)) return {};
  if (made_of.is_null()) return {};
  const Canonical canonical = has_pods                ? Canonical()
                              : kind == "HelmRelease" ? Canonical(makes_release, "/chart/spec/interval")
                                                      : Canonical(makes_pods);
  return sha256_hex(canonical.text(made_of)).substr(0, 16);
}

std::optional<simdjson::dom::element> object_in(std::string_view json) {
  const auto root = parse_object(json);
  return root && root->is_object() ? root : std::nullopt;
}

}  // namespace

std::optional<RolloutFacts> read_rollout_facts(std::string_view json, std::string_view kind) {
  const auto root = object_in(json);
  if (!root) return std::nullopt;
  RolloutFacts facts;
  facts.resource_version = text((*root)["metadata"]["resourceVersion"]);
  facts.revision = revision_in(*root, kind);
  facts.selector = selector_in(*root);
  facts.stale = is_stale(*root);
  return facts;
}

std::string selector_of(std::string_view json) {
  const auto root = object_in(json);
  return root ? selector_in(*root) : std::string();
}

}  // namespace headwind::kube
