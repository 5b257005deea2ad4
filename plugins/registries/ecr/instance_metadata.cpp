// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "registries/ecr/credential_sources.hpp"
#include "registries/ecr/credential_text.hpp"

namespace headwind::registries::ecr {
namespace {

constexpr std::int64_t patience_ms = 2'000;
constexpr std::uint64_t max_answer = 64 * 1024;
constexpr std::string_view roles = "/latest/meta-data/iam/security-credentials/";

constexpr const char* remedy =
    ": in EKS give Headwind a role by IRSA or pod identity; on plain EC2 allow a hop limit of 2; "
    "elsewhere set access_key_id";

Failure unanswered(const std::string& what) {
  return {HW_DENIED, "no AWS credentials were found, and the instance metadata service " + what + remedy, 0};
}

// Empty: the service does not know version 2, and version 1 may be used.
Outcome<std::string> session(const InstanceMetadata& service, Transport& transport) {
  const Request request{
      "PUT", service.endpoint + "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}, max_answer};
  const auto response = transport.exchange_within(request, patience_ms);
  if (!response) {
    if (response.failure().code == HW_CANCELLED) return response.failure();
    return unanswered("does not answer");
  }
  const int status = response->status;
  if (status == 403 || status == 404 || status == 405) {
    if (!service.v1_disabled) return std::string();
    return unanswered("does not know version 2, and version 1 is disabled");
  }
  const auto& token = response->body;
  const bool usable = !token.empty() && token.size() <= 4096 &&
                      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 127; });
  if (status != 200 || !usable) return unanswered("answered " + std::to_string(status) + " when asked for a session");
  return token;
}

bool is_role_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+=,.@_-").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), fits);
}

class Reader {
 public:
  Reader(const InstanceMetadata& service, Transport& transport) : service_(service), transport_(transport) {}

  // A session that has ended in between is opened again, once.
  Outcome<Response> get(std::string_view path) {
    for (;;) {
      if (!open_) {
        auto token = session(service_, transport_);
        if (!token) return token.failure();
        token_ = *token;
        open_ = true;
      }
      Request request{"GET", service_.endpoint + std::string(path), {}, max_answer};
      if (!token_.empty()) request.headers.emplace_back("X-aws-ec2-metadata-token", token_);
      auto response = transport_.exchange_within(request, patience_ms);
      if (!response || response->status != 401 || reopened_) return response;
      reopened_ = true;
      open_ = false;
    }
  }

 private:
  const InstanceMetadata& service_;
  Transport& transport_;
  std::string token_;
  bool open_ = false, reopened_ = false;
};

}  // namespace

Outcome<Keys> from_instance_metadata(const InstanceMetadata& service, Transport& transport) {
  Reader reader(service, transport);
  const auto listed = reader.get(roles);
  if (!listed) return listed.failure();
  if (listed->status == 404) return unanswered("says that the instance has no role");
  if (listed->status != 200) return unanswered("answered " + std::to_string(listed->status));
  std::string_view role = listed->body;
  role = role.substr(0, role.find_first_of("\r\n"));
  if (!is_role_name(role)) return unanswered("names no role");
  const auto response = reader.get(std::string(roles) + std::string(role));
  if (!response) return response.failure();
  auto keys = response->status == 200 ? read_keys_json(response->body) : std::nullopt;
  if (!keys || keys->session_token.empty())
    return Failure{HW_UNAVAILABLE,
                   "the instance metadata service answered " + std::to_string(response->status) +
                       " without usable keys for the role " + std::string(role),
                   0};
  return *keys;
}

}  // namespace headwind::registries::ecr
