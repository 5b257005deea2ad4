// SPDX-License-Identifier: Apache-2.0
// What chat messages are made from: one event's JSON details, with the words, signs and colours that belong to it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::notifiers {

struct Notice {
  std::string name;   // "update_completed"; empty where it is not known here
  std::string type;   // "update.completed"
  std::string title;  // "Update completed: Deployment prod/web"
  std::string emoji;
  std::string color;  // "#4CAF50"
  std::string kind;   // as people write it: "Deployment", "Helm Release"
  std::string workload, workspace, container;
  std::string current_image, new_image;
  std::string policy, approved_by, rejection_reason, error;  // empty where they do not apply
  std::string dashboard_url, approve_url;                    // http(s), or empty
  std::int64_t unix_ms = 0;
};

// `details` is the JSON body that the webhook notifier posts as it is; `type` and `text` of the event stand in for a
// name that is not known here. False, with one sentence, where there is no such body.
bool read_notice(std::string_view details, std::string_view type, std::string_view text, std::int64_t unix_ms,
                 Notice& out, std::string& error);

// The URL where it is one that chats open, else nothing.
std::string web_url(std::string url);

// One line of a message: "New Image", "nginx:1.26.0". The values are short, but for what people and servers wrote, and
// as they came: each chat escapes them in its own way.
struct Fact {
  std::string label, value;
  bool image = false, prose = false;
};
// Those that are there, in their order. The prose has at most `prose_limit`, all others together about 1,800.
std::vector<Fact> facts_of(const Notice& notice, std::size_t prose_limit = 1000);

}  // namespace headwind::notifiers
