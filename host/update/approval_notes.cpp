// SPDX-License-Identifier: Apache-2.0
// Answers by annotation: see RequestNotes.
#include <utility>

#include "core/text.hpp"
#include "telemetry/log.hpp"
#include "update/approval.hpp"
#include "update/audit.hpp"
#include "update/vote.hpp"
#include "update/work_span.hpp"

namespace headwind::update {
namespace {

constexpr std::size_t longest_comment = 4096;

// The admission policy bounds it, too.
std::string comment_of(const UpdateRequest& request) {
  const std::string& comment = request.notes.comment;
  return comment.size() <= longest_comment ? comment : printable(comment, longest_comment);
}

// Takes the notes off, unless the request was changed meanwhile: then the watch brings it again. Where that fails,
// nothing is lost: a vote that is counted already changes nothing.
Task<> strip(Context& context, RequestKey key) {
  const UpdateRequest* found = context.requests.find(key);
  if (found == nullptr || !found->notes.answered()) co_return;
  const UpdateRequest now = *found;
  const Result<UpdateRequest> stripped =
      co_await context.ports.requests.patch_spec(key, without_notes(), now.resource_version);
  if (stripped) {
    store(context, *stripped);
  } else if (stripped.error().code != Code::conflict && stripped.error().code != Code::not_found) {
    telemetry::warn("update", "annotation of an answer not removed",
                    {{"request", key.text()}, {"error", stripped.error().message}});
  }
}

void tell_refused(Context& context, const UpdateRequest& request, const std::string& who, const std::string& why) {
  const inventory::Workload* workload = context.inventory.find(target_of(request));
  if (workload != nullptr)
    record_event(context, *workload, true, "ApprovalNotCounted",
                 "an answer in the name of " + printable(who, 200) + " on UpdateRequest " + request.key.name +
                     " is not counted: " + why);
}

// The vote of a note; tells how many it waits for now.
Task<Result<>> count(Context& context, UpdateRequest request, Vote vote) {
  const Result<UpdateRequest> counted = co_await cast_vote(context, request, vote);
  if (!counted) co_return counted.error();
  if (counted->phase == Phase::pending && counted->approvals.size() != request.approvals.size())
    tell_counted(context, *counted, vote.by);
  co_return Result<>{};
}

Task<Result<>> check_notes(Context& context, UpdateRequest request) {
  if (!request.notes.approve.empty() && !request.notes.reject.empty())
    co_return refused("it both approves and rejects");
  if (context.ports.admission == nullptr)
    co_return make_error(Code::denied, "nothing vouches for who wrote it; use the approval API");
  co_return co_await context.ports.admission->vouches_for(request);
}

}  // namespace

std::string without_notes() {
  return R"({"metadata":{"annotations":{"headwind.sh/approve":null,"headwind.sh/reject":null,)"
         R"("headwind.sh/comment":null}}})";
}

Task<Result<>> take_up_notes(Context& context, UpdateRequest request) {
  const bool yes = !request.notes.approve.empty();
  telemetry::Span span("take up answer", telemetry::answer_to(request.trace));
  name_request(span, request);
  const std::string who = yes ? request.notes.approve : request.notes.reject;
  Result<> outcome = co_await check_notes(context, request);
  const bool vouched = outcome.has_value();
  if (outcome && yes) {
    const Vote vote{who, true, comment_of(request), {}};
    outcome = co_await count(context, request, vote);
  } else if (outcome) {
    const Result<UpdateRequest> rejected = co_await reject(context, request.key, who, comment_of(request));
    if (!rejected) outcome = rejected.error();
  }
  // It cannot be told now, or the request was changed meanwhile: it stays written, and is looked at again.
  if (!outcome && outcome.error().retryable) co_return outcome;
  audit_note(yes ? "approve" : "reject", request, who, vouched, comment_of(request), outcome);
  if (!outcome) tell_refused(context, request, who, outcome.error().message);
  co_await strip(context, request.key);
  const UpdateRequest* now = context.requests.find(request.key);
  if (now != nullptr && now->phase == Phase::approved) {
    const UpdateRequest approved = *now;
    const Result<UpdateRequest> done = co_await carry_out(context, approved);
    if (!done && done.error().retryable) co_return done.error();
  }
  co_return Result<>{};
}

}  // namespace headwind::update
