// SPDX-License-Identifier: Apache-2.0
#include "update/mistakes_beside.hpp"

#include "inventory/slot_reference.hpp"
#include "update/decision.hpp"

namespace headwind::update {

void add_mistakes_beside(Settings& settings, const inventory::Workload& workload, const Policies& policies) {
  if (!settings.policy.empty() && !policies.knows(settings.policy))
    settings.mistakes.push_back(
        {annotation::policy,
         workload.key.text() + ": annotation headwind.sh/policy is '" + settings.policy.substr(0, 100) +
             "', which no loaded policy plugin serves; write none, patch, minor, major, all, glob or force" +
             (settings.policy.find('/') == std::string::npos ? ""
              : settings.policy.ends_with('/')
                  ? ", or name the instance after the slash"
                  : ", or configure an instance '" +
                        settings.policy.substr(settings.policy.find('/') + 1).substr(0, 100) + "'"),
         true});
  for (const inventory::Slot& slot : workload.slots)
    if (!is_comparable(slot))
      settings.mistakes.push_back({"",
                                   workload.key.text() + ": its chart's version is the range '" +
                                       inventory::value_of(slot, slot.image) +
                                       "', which Flux follows by itself; write one version to have Headwind update it",
                                   false, "VersionRange"});
  if (!workload.unread.empty() && !workload.not_read)
    settings.mistakes.push_back({"", workload.key.text() + ": " + workload.unread, false, "ChartSource"});
}

}  // namespace headwind::update
