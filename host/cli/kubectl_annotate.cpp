// SPDX-License-Identifier: Apache-2.0
#include "cli/kubectl_annotate.hpp"

#include <chrono>
#include <utility>

#include "cli/json_document.hpp"
#include "cli/kubectl_print.hpp"
#include "core/clock.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds between{250};
constexpr std::int64_t patience_ms = 15'000;

bool is_counted(const Json& request) {
  return text_at(request, "/metadata/annotations/headwind.sh~1approve").empty() &&
         text_at(request, "/metadata/annotations/headwind.sh~1reject").empty();
}

Task<Result<JsonDocument>> read(std::shared_ptr<ApiWay> way, std::string path) {
  const Result<ApiAnswer> answer = co_await way->kube("GET", std::move(path));
  if (!answer) co_return answer.error();
  if (answer->status != 200) co_return make_error(Code::denied, refusal_of(*answer));
  Json request = Json::parse(answer->body, nullptr, false);
  if (!request.is_object()) co_return make_error(Code::invalid, "the API server's answer is no object");
  co_return JsonDocument{std::move(request)};
}

}  // namespace

Task<Result<std::string>> answer_by_annotation(std::shared_ptr<ApiWay> way, Answer answer) {
  const std::string path =
      "/apis/headwind.sh/v1alpha1/namespaces/" + in_path(answer.name_space) + "/updaterequests/" + in_path(answer.name);
  const Result<std::string> me = co_await way->user_name();
  if (!me) co_return me.error();
  const Result<JsonDocument> before = co_await read(way, path);
  if (!before) co_return before.error();
  const std::string seen = text_at(before->json, "/spec/digest"), phase = text_at(before->json, "/status/phase");
  if (!answer.digest.empty() && answer.digest != seen)
    co_return make_error(Code::conflict, "the UpdateRequest is about " + (seen.empty() ? "no digest yet" : seen) +
                                             ", not about " + answer.digest);
  if (!phase.empty() && phase != "Pending")
    co_return make_error(Code::conflict,
                         "UpdateRequest " + answer.name + " is " + phase + ", so nobody waits for an answer");
  Json annotations{{answer.approve ? "headwind.sh/approve" : "headwind.sh/reject", *me}};
  if (!answer.comment.empty()) annotations["headwind.sh/comment"] = answer.comment;
  // What was read is what is answered: where somebody changed it since, the answer is not written.
  const Json patch{{"metadata",
                    {{"resourceVersion", text_at(before->json, "/metadata/resourceVersion")},
                     {"annotations", std::move(annotations)}}}};
  const Result<ApiAnswer> written = co_await way->kube(
      "PATCH", path, patch.dump(-1, ' ', false, Json::error_handler_t::replace), "application/merge-patch+json");
  if (!written) co_return written.error();
  if (written->status == 409)
    co_return make_error(Code::conflict, "the UpdateRequest was changed meanwhile; look at it and answer again");
  if (written->status != 200)
    co_return make_error(Code::denied, refusal_of(*written) +
                                           "; to answer with kubectl takes the ClusterRole headwind-kubectl-approver");
  const std::int64_t until = system_clock().mono_ms() + patience_ms;
  for (;;) {
    const Result<JsonDocument> now = co_await read(way, path);
    if (!now) co_return now.error();
    if (is_counted(now->json)) co_return now->json.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (system_clock().mono_ms() >= until) break;
    co_await sleep_for(between);
  }
  co_return make_error(Code::unavailable,
                       "the answer is written on the UpdateRequest, but Headwind has not counted it within 15 s: is it "
                       "running, and is deploy/15-approval-policy.yaml in force? The Events of the workload say why");
}

}  // namespace headwind::cli
