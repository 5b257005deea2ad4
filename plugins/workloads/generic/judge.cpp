// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/judge.hpp"

#include <algorithm>

#include "workloads/core/verdict.hpp"
#include "workloads/generic/revision_pods.hpp"

namespace headwind::workloads::generic {
namespace {

const Rule* first_that_holds(const std::vector<Rule>& rules, Value root, bool old) {
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const Rule& one) { return !(old && one.reads_status()) && holds(one, root); });
  return rule == rules.end() ? nullptr : &*rule;
}

std::int64_t pods_at(Value root, const std::optional<JsonPath>& path) {
  const auto number = path ? number_at(root, *path) : std::nullopt;
  return static_cast<std::int64_t>(std::clamp(number.value_or(0), 0.0, 2147483647.0));
}

std::string done_sentence(const Rollout& counted) {
  if (counted.wanted == 0) return "everything holds that makes it ready";
  return progress(counted.ready, counted.wanted, "replicas are ready");
}

void judge(const Settings& settings, Value root, const NewPods& pods, Rollout& out) {
  const bool old = is_stale(root, Unnamed::believed);
  if (const Rule* rule = first_that_holds(settings.failed, root, old))
    return conclude(out, State::failed, joined(found(*rule, root), pods.failure));
  if (!old && !pods.failure.empty()) return conclude(out, State::failed, pods.failure);
  if (const Rule* rule = first_that_holds(settings.held, root, old))
    return conclude(out, State::held, found(*rule, root));
  if (old) return conclude(out, State::running, not_seen);
  for (const Rule& rule : settings.ready)
    if (!holds(rule, root)) return conclude(out, State::running, joined(lacking(rule, root), pods.pending));
  if (!pods.pending.empty()) return conclude(out, State::running, pods.pending);
  conclude(out, State::done, done_sentence(out));
}

}  // namespace

bool read_rollout(std::string_view object, const std::vector<std::string_view>& companions, const Settings& settings,
                  Rollout& out, std::string& error) {
  RevisionPods found;
  if (settings.pods)
    for (const std::string_view companion : companions) found.add(companion, settings.pods->label);
  Value root;
  if (!parse_object(object, root, error)) return false;
  const NewPods pods = settings.pods ? found.sum_up(root, *settings.pods) : NewPods{};
  count(out, pods.known ? pods.ready : pods_at(root, settings.ready_count), pods_at(root, settings.wanted_count));
  judge(settings, root, pods, out);
  return true;
}

}  // namespace headwind::workloads::generic
