// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "plugin/types.hpp"
#include "update/notification.hpp"

namespace headwind::app {

struct Links {
  std::string api_url;  // "http://localhost:8081", for the approval link
  std::string ui_url;   // of the dashboard; empty: no link
};

// A notification as notifier plugins get it. `details` holds the body of Headwind 0.1.x's generic webhook, so that
// whoever read that reads ours.
plugin::Event notice_of(const update::Notification& notification, const Links& links);

}  // namespace headwind::app
