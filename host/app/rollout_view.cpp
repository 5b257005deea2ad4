// SPDX-License-Identifier: Apache-2.0
#include "app/rollout_view.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "app/companions.hpp"
#include "app/rights.hpp"
#include "app/selector.hpp"
#include "core/hash.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

// Flux brings a new version when one of these changes; the others say when and how.
json made_of_release(const json& spec) {
  json made_of = json::object();
  for (const char* key : {"chart", "chartRef", "values", "valuesFrom", "postRenderers", "releaseName",
                          "targetNamespace", "storageNamespace", "kubeConfig"})
    if (spec.contains(key)) made_of[key] = spec.at(key);
  const json::json_pointer chart("/chart/spec");
  if (made_of.contains(chart) && made_of.at(chart).is_object()) made_of.at(chart).erase("interval");
  return made_of;
}

json made_of(Symbol kind, const json& object) {
  const json::json_pointer pods("/spec/template/spec"), whole("/spec");
  if (object.contains(pods)) return object.at(pods);
  if (!object.contains(whole)) return {};
  json spec = object.at(whole);
  if (!spec.is_object()) return spec;
  if (kind == "HelmRelease") return made_of_release(spec);
  for (const char* key : {"replicas", "instances", "paused", "suspend"}) spec.erase(key);
  return spec;
}

update::RolloutView view_of(Symbol kind, const plugin::Rollout& rollout, const json& object) {
  update::RolloutView view;
  view.state = static_cast<update::RolloutView::State>(rollout.state);
  view.ready = rollout.ready, view.wanted = rollout.wanted, view.reason = rollout.reason;
  view.resource_version = object.value("/metadata/resourceVersion"_json_pointer, "");
  view.revision = revision_of(kind, object);
  return view;
}

}  // namespace

std::string revision_of(Symbol kind, const json& object) {
  const json part = made_of(kind, object);
  if (part.is_null()) return {};
  return sha256_hex(part.dump(-1, ' ', false, json::error_handler_t::replace)).substr(0, 16);
}

Task<Result<update::RolloutView>> read_view(WorkloadKind kind, std::string object,
                                            std::vector<std::string> companions) {
  const json parsed = json::parse(object, nullptr, false);
  if (!parsed.is_object())
    co_return make_error(Code::unavailable, "the API server answered with something else than an object");
  if (kind.related_objects)
    for (std::string& text : kind.related_objects->texts()) companions.push_back(std::move(text));
  const Result<plugin::Rollout> rollout = co_await kind.reader.rollout(std::move(object), std::move(companions));
  if (!rollout) co_return rollout.error();
  co_return view_of(kind.kind, *rollout, parsed);
}

Task<Result<update::RolloutView>> fresh_view(std::shared_ptr<kube::Client> client, WorkloadKind kind,
                                             inventory::Workload workload) {
  Result<std::string> object = co_await client->get(workload.path());
  if (!object) co_return in_context(without_our_rights(object.error()), workload.key.text());
  const std::string selector = selector_of(json::parse(*object, nullptr, false));
  std::vector<std::string> texts;
  for (const std::string& companion : kind.companions) {
    if (selector.empty()) break;  // it would select everything
    const std::string path = companion_path(companion, workload.key.name_space.str());
    const Result<std::vector<std::string>> found = co_await list_youngest(client, path, selector);
    if (!found) co_return in_context(without_our_rights(found.error()), workload.key.text());
    texts.insert(texts.end(), found->begin(), found->end());
  }
  co_return co_await read_view(kind, std::move(*object), std::move(texts));
}

}  // namespace headwind::app
