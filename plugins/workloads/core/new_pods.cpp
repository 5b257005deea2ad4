// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/new_pods.hpp"

#include <algorithm>

#include "workloads/core/sentence.hpp"

namespace headwind::workloads {

NewPods sum_up(std::vector<NewPod> pods) {
  std::sort(pods.begin(), pods.end(),
            [](const NewPod& left, const NewPod& right) { return left.pod->name < right.pod->name; });
  NewPods out;
  out.known = !pods.empty();
  std::int64_t failing = 0;
  for (const auto& [pod, veteran] : pods) {
    if (pod->leaving) continue;
    const std::string& failure = pod->failure.empty() && !veteran ? pod->restarted : pod->failure;
    if (!failure.empty() && failing++ == 0) out.failure = failure;
    if (pod->ready)
      ++out.ready;
    else if (out.pending.empty())
      out.pending = pod->failure.empty() ? pod->pending : pod->failure;
  }
  if (failing > 1) out.failure += " (and " + count_of(failing - 1, "other pod") + ")";
  return out;
}

}  // namespace headwind::workloads
