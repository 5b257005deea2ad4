// SPDX-License-Identifier: Apache-2.0
#include "app/workloads.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/belongings.hpp"
#include "app/rights.hpp"
#include "core/text.hpp"
#include "kube/paths.hpp"
#include "kube/rollout_facts.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

constexpr std::string_view field_manager = "headwind";

std::int64_t revision_of(const json& set) {
  const json annotations = set.value("/metadata/annotations"_json_pointer, json::object());
  const std::string text = annotations.value("deployment.kubernetes.io/revision", "0");
  std::int64_t revision = 0;
  std::from_chars(text.data(), text.data() + text.size(), revision);
  return revision;
}

}  // namespace

Task<Result<inventory::Workload>> ClusterWorkloads::understand(WorkloadKind kind, std::string text) {
  std::vector<kube::Object> objects(1);
  if (!kube::read_object(text, objects.front()))
    co_return make_error(Code::unavailable, "the API server answered with something that is not an object");
  Result<std::vector<inventory::Workload>> read = co_await read_workloads(kind, std::move(objects));
  if (!read) co_return read.error();
  // What was asked of the server is done; only its answer is not understood, and may be the next time.
  if (read->empty() || read->front().not_read)
    co_return make_error(Code::unavailable, kind.kind.str() + ": its plugin cannot read the object" +
                                                (read->empty() ? "" : ": " + read->front().unread));
  co_return std::move(read->front());
}

Task<Result<inventory::Workload>> ClusterWorkloads::patch(inventory::Workload workload, std::string operations) {
  const WorkloadKind* kind = find_kind(kinds_, workload.key.kind);
  if (kind == nullptr) co_return make_error(Code::unsupported, "no plugin serves " + workload.key.kind.str());
  const WorkloadKind copy = *kind;
  const std::string path = kube::with_query(workload.path(), {{"fieldManager", std::string(field_manager)}});
  rollouts_.patching(workload.key);
  Result<std::string> answer = co_await client_->json_patch(path, std::move(operations));
  if (!answer) {
    rollouts_.not_patched(workload.key);
    co_return in_context(without_our_rights(answer.error()), workload.key.text());
  }
  const std::string text = *answer;
  Result<inventory::Workload> patched = co_await understand(copy, std::move(*answer));
  if (patched)
    rollouts_.patched(patched->key, patched->resource_version, text);
  else
    rollouts_.not_patched(workload.key);
  co_return patched;
}

Task<Result<>> ClusterWorkloads::patch_object(inventory::Workload workload, std::string object,
                                              std::string operations) {
  const auto parts = split(object, '/');  // group, version, plural, namespace, name
  const WorkloadKind* found = find_kind(kinds_, workload.key.kind);
  if (parts.size() != 5 || found == nullptr || !found->related_objects)
    co_return make_error(Code::invalid,
                         workload.key.text() + ": its plugin names no object that is patched: " + object);
  const std::shared_ptr<RelatedObjects> related = found->related_objects;
  if (!related->may_change(parts[3], workload.key.name_space.str()))
    co_return make_error(Code::denied, workload.key.text() + ": " + object +
                                           " is of another namespace, which helm.sourceNamespaces does not list");
  const std::string collection = std::string(parts[0]) + "/" + std::string(parts[2]);
  std::string path = "/apis";
  for (const auto part : {parts[0], parts[1], std::string_view("namespaces"), parts[3], parts[2], parts[4]})
    path += "/" + kube::percent_encode(part);
  path = kube::with_query(path, {{"fieldManager", std::string(field_manager)}});
  const Result<std::string> answer = co_await client_->json_patch(path, std::move(operations));
  if (!answer) co_return in_context(without_our_rights(answer.error()), object);
  // The watch tells the same, but later than the workload is read again.
  kube::Object stored;
  if (kube::read_object(*answer, stored) && related->put(collection, stored)) related->changed();
  co_return Result<>{};
}

Task<Result<inventory::Workload>> ClusterWorkloads::read(inventory::WorkloadKey key) {
  const WorkloadKind* kind = find_kind(kinds_, key.kind);
  if (kind == nullptr) co_return make_error(Code::not_found, "no plugin serves " + key.kind.str());
  const WorkloadKind copy = *kind;
  inventory::Workload named;
  named.key = key, named.api_version = copy.api_version, named.plural = copy.plural;
  Result<std::string> answer = co_await client_->get(named.path());
  if (!answer) co_return in_context(without_our_rights(answer.error()), key.text());
  co_return co_await understand(copy, std::move(*answer));
}

Task<Result<std::vector<update::RanBefore>>> ClusterWorkloads::ran_before(inventory::Workload workload) {
  std::vector<update::RanBefore> result;
  if (workload.key.kind != "Deployment") co_return result;
  const WorkloadKind kind = *find_kind(kinds_, workload.key.kind);
  const Result<std::string> deployment = co_await client_->get(workload.path());
  if (!deployment) co_return without_our_rights(deployment.error());
  const std::string selector = kube::selector_of(*deployment);
  const std::string path = kube::with_query(kube::collection_path(kube::kReplicaSets, workload.key.name_space.str()),
                                            {{"labelSelector", selector}});
  const Result<std::string> answer = co_await client_->get(path);
  if (!answer) co_return without_our_rights(answer.error());
  const json list = json::parse(*answer, nullptr, false);
  std::vector<std::string> texts;
  const json sets = list.is_object() ? list.value("items", json::array()) : json::array();
  for (const json& set : sets) {
    if (!is_owned_by(set, workload.uid)) continue;
    result.push_back({revision_of(set), {}});
    texts.push_back(set.dump());
  }
  // A ReplicaSet holds the same pod template in the same place: the Deployment's plugin reads it.
  const auto read = co_await kind.reader.images(std::move(texts));
  for (std::size_t i = 0; i < result.size() && i < read.size(); ++i) {
    if (!read[i])
      co_return make_error(Code::unavailable,
                           "a ReplicaSet of " + workload.key.text() +
                               " was not understood, so what ran before is not known: " + read[i].error().message);
    for (const plugin::Image& image : *read[i]) result[i].images.emplace_back(image.slot, image.reference);
  }
  co_return result;
}

}  // namespace headwind::app
