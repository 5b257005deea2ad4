// SPDX-License-Identifier: Apache-2.0
// What chat messages are made from: one event's JSON details, with the words, signs and colours that belong to it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace headwind::notifiers {

struct Notice {
  std::string type;   // "update.completed"
  std::string title;  // "Update completed: Deployment prod/web"
  std::string emoji;
  std::string color;  // "#4CAF50"
  std::string kind;   // as people write it: "Deployment", "Helm Release"
  std::string workload, workspace;
  std::string current_image, new_image;
  std::string policy, approved_by, rejection_reason, error;  // empty where they do not apply
  std::string dashboard_url, approve_url;                    // http(s), or empty
  std::int64_t unix_ms = 0;
};

// `details` is the JSON body that the webhook notifier posts as it is; `type` and `text` of the event stand in for a
// name that is not known here. False, with one sentence, where there is no such body.
bool read_notice(std::string_view details, std::string_view type, std::string_view text, std::int64_t unix_ms,
                 Notice& out, std::string& error);

}  // namespace headwind::notifiers
