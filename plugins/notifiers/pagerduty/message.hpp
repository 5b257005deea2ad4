// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

enum class PagerAction { none, trigger, resolve, change };

// A failed update or rollback, and a rollback that nobody asked for, open an alert; a rollout or rollback that came to
// its end closes it. `changes`: an applied update is told too, as a change event, which wakes nobody.
PagerAction pager_action(const Notice& notice, bool changes);

// The alert of one container of one workload: the same for what opens and what closes it. At most 255 characters.
std::string dedup_key(std::string_view source, const Notice& notice);

// The JSON body for /v2/enqueue, or for /v2/change/enqueue.
std::string pager_message(const Notice& notice, PagerAction action, std::string_view routing_key,
                          std::string_view source);

}  // namespace headwind::notifiers
