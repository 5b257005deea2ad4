// SPDX-License-Identifier: Apache-2.0
#include "update/absence.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "update/proposal.hpp"
#include "update/request_status.hpp"
#include "update/vote.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

// lastUpdated stays: it tells notifiers when the request was proposed.
Task<Result<std::optional<UpdateRequest>>> say(Context& context, UpdateRequest request, std::string message) {
  if (request.message == message) co_return std::optional<UpdateRequest>(std::move(request));
  const json status = {{"message", message}};
  const Result<UpdateRequest> stored = co_await write_status(context, request, status);
  if (!stored && stored.error().code == Code::not_found) co_return std::optional<UpdateRequest>();
  if (!stored) co_return stored.error();
  co_return std::optional<UpdateRequest>(*stored);
}

std::string span(std::chrono::seconds time) {
  if (time.count() % 60 == 0) return std::to_string(time.count() / 60) + " min";
  return std::to_string(time.count()) + " s";
}

}  // namespace

Task<Result<std::optional<UpdateRequest>>> await_workload(Context& context, UpdateRequest request) {
  const inventory::WorkloadKey target = target_of(request);
  const std::string gone = target.text() + " is gone, or has no headwind.sh/policy any more";
  if (context.inventory.find(target) != nullptr) {
    context.gone_since.erase(target);
    if (!request.message.starts_with(gone)) co_return std::optional<UpdateRequest>(std::move(request));
    const std::string message = waiting_sentence(context, request);
    co_return co_await say(context, request, message);
  }
  if (!context.inventory.expects(request.target_kind)) co_return std::optional<UpdateRequest>(std::move(request));
  const std::int64_t now = context.clock.unix_ms();
  const auto patience = context.options.gone_patience;
  const std::int64_t due =
      context.gone_since.try_emplace(target, now).first->second + std::chrono::milliseconds(patience).count();
  if (now < due) {
    context.queue->add_at(target, due);
    co_return co_await say(context, request, gone + "; superseded unless it returns within " + span(patience));
  }
  const Result<UpdateRequest> ended =
      co_await set_phase(context, request, Phase::superseded, gone + void_sentence(request.approvals.size()));
  if (!ended && ended.error().code != Code::not_found) co_return ended.error();
  co_return std::optional<UpdateRequest>();
}

}  // namespace headwind::update
