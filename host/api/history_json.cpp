// SPDX-License-Identifier: Apache-2.0
#include "api/history_json.hpp"

#include "api/response.hpp"
#include "telemetry/trace_context.hpp"

namespace headwind::api {

std::string history_json(const std::vector<update::HistoryEntry>& entries) {
  std::string rows;
  for (const update::HistoryEntry& entry : entries) {
    const auto put = [&](std::string_view name, const std::string& value) {
      if (!value.empty()) rows += "," + json_string(name) + ":" + json_string(value);
    };
    rows += (rows.empty() ? "{\"container\":" : ",{\"container\":") + json_string(entry.container) +
            ",\"image\":" + json_string(entry.image) + ",\"timestamp\":" + json_string(entry.timestamp);
    put("updateRequestName", entry.request_name);
    put("approvedBy", entry.approved_by);
    put("digest", entry.digest);
    put("trace", telemetry::traceparent_in(entry.trace));
    rows += "}";
  }
  return "[" + rows + "]";
}

}  // namespace headwind::api
