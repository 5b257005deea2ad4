// SPDX-License-Identifier: Apache-2.0
#include "app/policies.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "telemetry/trace_context.hpp"
#include "update/settings.hpp"

namespace headwind::app {
namespace {

constexpr std::string_view python_prefix = "python/", plugin_prefix = "plugin/";

// What a policy may know of the workload it decides for.
std::string describe(const inventory::Workload* workload) {
  if (workload == nullptr) return {};
  nlohmann::json described{{"labels", nlohmann::json::object()}, {"annotations", nlohmann::json::object()}};
  if (workload->metadata != nullptr)
    if (nlohmann::json known = nlohmann::json::parse(*workload->metadata, nullptr, false); known.is_object())
      described.update(known);
  described["kind"] = workload->key.kind.str();
  described["namespace"] = workload->key.name_space.str();
  described["name"] = workload->key.name;
  for (const auto& [key, value] : workload->annotations) described["annotations"][key.str()] = value;
  return described.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// By column, as plugins want them; `places`: which candidate each row is. Columns that tell nothing are left out.
plugin::Tags columns_of(const update::Candidates& candidates, std::vector<std::size_t>& places) {
  bool digests = false, pushed = false, created = false;
  candidates.each([&](std::size_t, const update::Candidate& candidate) {
    digests = digests || !candidate.digest.empty();
    pushed = pushed || candidate.pushed_ms != 0;
    created = created || candidate.created_ms != 0;
  });
  plugin::Tags tags;
  places.reserve(candidates.size());
  tags.names.reserve(candidates.size());
  candidates.each([&](std::size_t place, const update::Candidate& candidate) {
    places.push_back(place);
    tags.names.push_back(candidate.tag);
    if (digests) tags.digests.push_back(candidate.digest);
    if (pushed) tags.pushed_ms.push_back(candidate.pushed_ms);
    if (created) tags.created_ms.push_back(candidate.created_ms);
  });
  return tags;
}

// When what runs was built, where the list tells; also where it is no candidate itself.
std::int64_t created_of(const update::Candidates& candidates, const std::string& tag) {
  for (std::size_t place = 0; place < candidates.listed(); ++place)
    if (candidates.at(place).tag == tag) return candidates.at(place).created_ms;
  return 0;
}

update::Verdict verdict_of(plugin::Verdict verdict) {
  return verdict == plugin::Verdict::update    ? update::Verdict::update
         : verdict == plugin::Verdict::ignored ? update::Verdict::ignored
                                               : update::Verdict::hold;
}

}  // namespace

const plugin::Policy* PluginPolicies::find(std::string_view policy) const {
  const bool python = policy.starts_with(python_prefix);
  std::string_view wanted = update::is_built_in(policy) ? "semver" : policy;
  if (python || policy.starts_with(plugin_prefix)) wanted.remove_prefix(policy.find('/') + 1);
  const auto found = std::find_if(instances_.begin(), instances_.end(), [&](const plugin::Policy& instance) {
    return instance.name() == wanted && (!python || instance.plugin() == "headwind.policy.python");
  });
  return found == instances_.end() ? nullptr : &*found;
}

Task<Result<update::Choice>> PluginPolicies::choose(update::PolicyQuery query, update::Candidates candidates) {
  const plugin::Policy* instance = find(query.policy);
  if (instance == nullptr)
    co_return make_error(Code::invalid, "headwind.sh/policy '" + query.policy + "' is not served by any policy plugin");
  const plugin::Policy policy = instance->traced(telemetry::trace_id_in(query.trace));
  plugin::PolicyQuery asked;
  asked.policy = query.policy;
  asked.pattern = query.pattern;
  asked.repository = query.repository;
  asked.tag = query.tag;
  asked.digest = query.digest;
  asked.created_ms = created_of(candidates, query.tag);
  asked.slot = query.slot;
  asked.args = query.args;
  asked.workload = update::is_built_in(query.policy) ? std::string{} : describe(query.workload);
  asked.pushed = query.pushed;
  std::vector<std::size_t> places;
  plugin::Tags tags = columns_of(candidates, places);
  Result<plugin::Choice> choice = co_await policy.choose(std::move(asked), std::move(tags), query.judged);
  if (!choice) co_return choice.error();
  update::Choice result;
  result.verdict = verdict_of(choice->verdict);
  result.index = choice->index < places.size() ? places[choice->index] : 0;
  result.why = std::move(choice->why);
  for (plugin::Judgement& judgement : choice->judgements)
    result.judgements.push_back({verdict_of(judgement.verdict), std::move(judgement.reason)});
  co_return result;
}

}  // namespace headwind::app
