// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

struct MattermostSender {
  std::string username, icon_url, channel;  // each may be empty: the webhook's own
};

// The JSON body for a Mattermost incoming webhook: one attachment. Nobody is called by what strangers wrote.
std::string mattermost_message(const Notice& notice, const MattermostSender& sender);

}  // namespace headwind::notifiers
