// SPDX-License-Identifier: Apache-2.0
#include "app/approval_policy.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/clock.hpp"
#include "core/hash.hpp"
#include "kube/paths.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

constexpr const char* remedy = "; apply deploy/15-approval-policy.yaml, or use the approval API";
// No user is called so: whoever writes it is refused, Headwind too.
constexpr const char* probe = R"({"metadata":{"annotations":{"headwind.sh/approve":"nobody: headwind probes"}}})";

std::string binding_hash() {
  return sha256_hex(json({{"policyName", kApprovalPolicy}, {"validationActions", json::array({"Deny"})}}).dump());
}

// Text, or a number as text; empty where there is neither.
std::string text_at(const json& object, const char* place) {
  const json::json_pointer pointer(place);
  if (!object.contains(pointer)) return {};
  const json& found = object.at(pointer);
  return found.is_string() ? found.get<std::string>() : found.dump();
}

std::string named(std::string_view kind) { return std::string(kind) + " " + std::string(kApprovalPolicy); }

// Not a reason to try again before somebody mends it.
Error refused(std::string sentence) { return make_error(Code::denied, std::move(sentence)); }

}  // namespace

Task<Result<std::int64_t>> ClusterApprovalPolicy::in_force_since(std::string path, std::string kind, std::string hash) {
  const Result<std::string> answer = co_await client_->get(std::move(path));
  if (!answer && answer.error().code == Code::not_found)
    co_return refused("the cluster has no " + named(kind) + remedy);
  if (!answer && answer.error().code == Code::denied)
    co_return refused("Headwind may not read " + named(kind) + "; apply deploy/20-rbac.yaml");
  if (!answer) co_return answer.error();
  const json object = json::parse(*answer, nullptr, false);
  if (!object.is_object() || !object.contains("spec")) co_return refused(named(kind) + " is not understood" + remedy);
  if (sha256_hex(object["spec"].dump(-1, ' ', false, json::error_handler_t::replace)) != hash)
    co_return refused(named(kind) + " is not the one that this Headwind ships" + remedy);
  // The generation counts the changes of what an object says. Its name can be taken again, but then it is younger.
  const auto made = parse_rfc3339(text_at(object, "/metadata/creationTimestamp"));
  if (text_at(object, "/metadata/generation") != "1" || !made)
    co_return refused(named(kind) +
                      " was changed after it was made; delete it and apply deploy/15-approval-policy.yaml");
  co_return *made;
}

Task<Result<>> ClusterApprovalPolicy::prove(update::UpdateRequest request) {
  const std::string path = kube::with_query(
      kube::object_path(kube::kUpdateRequests, request.key.name_space, request.key.name), {{"dryRun", "All"}});
  const Result<std::string> written = co_await client_->merge_patch(path, probe);
  if (written) co_return refused("the API server does not enforce " + named("ValidatingAdmissionPolicy"));
  const Error& error = written.error();
  if (error.code == Code::denied && error.message.find(kApprovalPolicy) != std::string::npos) co_return Result<>{};
  co_return error;
}

Task<Result<>> ClusterApprovalPolicy::vouches_for(update::UpdateRequest request) {
  const Result<std::int64_t> policy =
      co_await in_force_since(kube::object_path(kube::kAdmissionPolicies, {}, kApprovalPolicy),
                              "ValidatingAdmissionPolicy", std::string(kApprovalPolicyHash));
  if (!policy) co_return policy.error();
  const Result<std::int64_t> binding =
      co_await in_force_since(kube::object_path(kube::kAdmissionPolicyBindings, {}, kApprovalPolicy),
                              "ValidatingAdmissionPolicyBinding", binding_hash());
  if (!binding) co_return binding.error();
  if (request.created_ms < std::max(*policy, *binding) + settled_.count())
    co_return refused("UpdateRequest " + request.key.text() + " was made before " + named("ValidatingAdmissionPolicy") +
                      " was in force; use the approval API for this one");
  co_return co_await prove(request);
}

}  // namespace headwind::app
