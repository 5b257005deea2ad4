// SPDX-License-Identifier: Apache-2.0
#include "api/request_summary.hpp"

#include "api/response.hpp"
#include "core/clock.hpp"

namespace headwind::api {

std::array<std::pair<std::string_view, std::string_view>, 6> summary_of(const update::UpdateRequest& request) {
  return {{{"namespace", request.key.name_space},
           {"name", request.key.name},
           {"deployment", request.target_name},
           {"currentImage", request.current_image},
           {"newImage", request.new_image},
           {"phase", update::to_string(request.phase)}}};
}

std::string summary_json(const update::UpdateRequest& request) {
  std::string text = "{";
  const auto put = [&](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    text.append(text.size() > 1 ? "," : "").append(json_string(key)).append(":").append(json_string(value));
  };
  for (const auto& [key, value] : summary_of(request)) put(key, value);
  put("kind", request.target_kind);
  put("container", request.container);
  put("policy", request.policy);
  put("digest", request.digest);
  put("message", request.message);
  put("approvedBy", request.approved_by);
  put("rejectedBy", request.rejected_by);
  if (request.expires_at_ms) put("expiresAt", format_rfc3339(*request.expires_at_ms));
  text += ",\"approvals\":" + std::to_string(request.approvals.size()) +
          ",\"requiredApprovals\":" + std::to_string(request.required_approvals);
  return text + "}";
}

}  // namespace headwind::api
