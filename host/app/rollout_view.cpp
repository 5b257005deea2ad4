// SPDX-License-Identifier: Apache-2.0
#include "app/rollout_view.hpp"

#include <utility>

#include "app/companions.hpp"
#include "app/rights.hpp"

namespace headwind::app {

Result<kube::RolloutFacts> facts_of_rollout(const WorkloadKind& kind, const std::string& object) {
  auto facts = kube::read_rollout_facts(object, kind.kind.str());
  if (!facts) return make_error(Code::unavailable, "the API server answered with something else than an object");
  return std::move(*facts);
}

Task<Result<update::RolloutView>> read_view(WorkloadKind kind, std::string object, kube::RolloutFacts facts,
                                            std::vector<std::string> companions) {
  if (kind.related_objects)
    for (std::string& text : kind.related_objects->texts()) companions.push_back(std::move(text));
  Result<plugin::Rollout> rollout = co_await kind.reader.rollout(std::move(object), std::move(companions));
  if (!rollout) co_return rollout.error();
  update::RolloutView view;
  view.state = static_cast<update::RolloutView::State>(rollout->state);
  view.ready = rollout->ready, view.wanted = rollout->wanted, view.reason = std::move(rollout->reason);
  view.resource_version = std::move(facts.resource_version);
  view.revision = std::move(facts.revision);
  co_return view;
}

Task<Result<update::RolloutView>> fresh_view(std::shared_ptr<kube::Client> client, WorkloadKind kind,
                                             inventory::Workload workload) {
  Result<std::string> object = co_await client->get(workload.path());
  if (!object) co_return in_context(without_our_rights(object.error()), workload.key.text());
  const Result<kube::RolloutFacts> facts = facts_of_rollout(kind, *object);
  if (!facts) co_return facts.error();
  std::vector<std::string> texts;
  for (const std::string& companion : kind.companions) {
    if (facts->selector.empty()) break;  // it would select everything
    const std::string path = companion_path(companion, workload.key.name_space.str());
    const Result<std::vector<std::string>> found = co_await list_youngest(client, path, facts->selector);
    if (!found) co_return in_context(without_our_rights(found.error()), workload.key.text());
    texts.insert(texts.end(), found->begin(), found->end());
  }
  co_return co_await read_view(kind, std::move(*object), *facts, std::move(texts));
}

}  // namespace headwind::app
