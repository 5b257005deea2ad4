// SPDX-License-Identifier: Apache-2.0
#include "app/policies.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace headwind::app {
namespace {

// What a policy may know of the workload it decides for.
std::string describe(const inventory::Workload* workload) {
  if (workload == nullptr) return {};
  nlohmann::json annotations = nlohmann::json::object();
  for (const auto& [key, value] : workload->annotations) annotations[key.str()] = value;
  return nlohmann::json({{"kind", workload->key.kind.str()},
                         {"namespace", workload->key.name_space.str()},
                         {"name", workload->key.name},
                         {"labels", nlohmann::json::object()},
                         {"annotations", annotations}})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool is_plain(std::string_view policy) {
  static constexpr std::array<std::string_view, 7> names{"none", "patch", "minor", "major", "all", "glob", "force"};
  return std::find(names.begin(), names.end(), policy) != names.end();
}

// By column, as plugins want them; `places`: which candidate each row is. Columns that tell nothing are left out.
plugin::Tags columns_of(const update::Candidates& candidates, std::vector<std::size_t>& places) {
  bool digests = false, times = false;
  candidates.each([&](std::size_t, const update::Candidate& candidate) {
    digests = digests || !candidate.digest.empty();
    times = times || candidate.pushed_ms != 0;
  });
  plugin::Tags tags;
  places.reserve(candidates.size());
  tags.names.reserve(candidates.size());
  candidates.each([&](std::size_t place, const update::Candidate& candidate) {
    places.push_back(place);
    tags.names.push_back(candidate.tag);
    if (digests) tags.digests.push_back(candidate.digest);
    if (times) tags.pushed_ms.push_back(candidate.pushed_ms);
  });
  return tags;
}

}  // namespace

const plugin::Policy* PluginPolicies::find(std::string_view policy) const {
  const std::string_view wanted = is_plain(policy) ? "semver" : policy;
  const auto found = std::find_if(instances_.begin(), instances_.end(),
                                  [&](const plugin::Policy& instance) { return instance.name() == wanted; });
  return found == instances_.end() ? nullptr : &*found;
}

Task<Result<update::Choice>> PluginPolicies::choose(update::PolicyQuery query, update::Candidates candidates) {
  const plugin::Policy* instance = find(query.policy);
  if (instance == nullptr)
    co_return make_error(Code::invalid, "headwind.sh/policy '" + query.policy + "' is not served by any policy plugin");
  const plugin::Policy policy = *instance;
  plugin::PolicyQuery asked;
  asked.policy = query.policy;
  asked.pattern = query.pattern;
  asked.repository = query.repository;
  asked.tag = query.tag;
  asked.digest = query.digest;
  asked.slot = query.slot;
  asked.workload = is_plain(query.policy) ? std::string{} : describe(query.workload);
  asked.pushed = query.pushed;
  std::vector<std::size_t> places;
  plugin::Tags tags = columns_of(candidates, places);
  Result<plugin::Choice> choice = co_await policy.choose(std::move(asked), std::move(tags), false);
  if (!choice) co_return choice.error();
  update::Choice result;
  result.verdict = choice->verdict == plugin::Verdict::update    ? update::Verdict::update
                   : choice->verdict == plugin::Verdict::ignored ? update::Verdict::ignored
                                                                 : update::Verdict::hold;
  result.index = choice->index < places.size() ? places[choice->index] : 0;
  result.why = std::move(choice->why);
  co_return result;
}

}  // namespace headwind::app
