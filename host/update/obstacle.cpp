// SPDX-License-Identifier: Apache-2.0
#include "update/obstacle.hpp"

#include <algorithm>
#include <vector>

#include "update/contention.hpp"
#include "update/proposer.hpp"
#include "update/settings.hpp"

namespace headwind::update {

std::optional<std::string> obstacle_to(Context& context, const inventory::Workload& workload) {
  const std::string& name_space = workload.key.name_space.str();
  if (context.suspended_namespaces.contains(name_space))
    return "until headwind.sh/suspend is taken off namespace " + name_space;
  if (workload.not_read) return "until the images of " + workload.key.text() + " can be read: " + workload.unread;
  const Settings settings = settings_of(context, workload);
  if (settings.suspended) return "until headwind.sh/suspend is taken off " + workload.key.text();
  const auto elsewhere = std::find_if(settings.mistakes.begin(), settings.mistakes.end(),
                                      [](const Mistake& mistake) { return mistake.reason == managed_elsewhere; });
  if (elsewhere != settings.mistakes.end()) return "because " + elsewhere->sentence;
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  if (!is_resting(context, workload, requests)) return std::nullopt;
  return "until " + format_rfc3339(*rests_until(requests)) +
         ", since the last updates were undone by somebody else; release the UpdateRequests that remember them to go "
         "on at once";
}

}  // namespace headwind::update
