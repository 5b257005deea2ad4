// SPDX-License-Identifier: Apache-2.0
#include "update/vote.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/text.hpp"
#include "inventory/slot_reference.hpp"
#include "update/proposal.hpp"
#include "update/request_status.hpp"
#include "update/settings.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

// Where the registry can be asked what the request's tag names. Nothing where the request cannot be applied as it
// stands: then its approval says so.
struct Place {
  std::string repository, tag;
  Symbol access;
};

std::optional<Place> place_of(const Context& context, const UpdateRequest& request) {
  const inventory::Workload* workload = context.inventory.find(target_of(request));
  const inventory::Slot* slot = workload != nullptr ? concerned_slot(*workload, request) : nullptr;
  if (slot == nullptr) return std::nullopt;
  const auto image = inventory::read_reference(*slot, request.new_image);
  if (!image || image->tag.empty() || slot->repository != image->repository()) return std::nullopt;
  return Place{slot->repository, image->tag, workload->access};
}

// Whether a name that nobody checked is enough.
std::optional<Error> objection(const Context& context, const UpdateRequest& request, const Vote& vote,
                               std::uint32_t needed) {
  if (vote.authenticated && !vote.by.empty()) return std::nullopt;
  const std::string remedy = "; set auth.mode: token, or approve with kubectl (docs/approvals.md)";
  if (needed > 1)
    return refused("UpdateRequest " + request.key.text() + " needs " + std::to_string(needed) +
                   " people whose names are checked, and in auth.mode none nobody's is" + remedy);
  if (context.options.exclude_trigger)
    return refused(
        "approvals.excludeTrigger needs names that are checked, and in auth.mode none "
        "nobody's is" +
        remedy);
  return std::nullopt;
}

// approvals.excludeTrigger: whoever made the request does not approve it. Headwind's own requests follow a push, and
// whoever pushed has no name in this cluster.
Task<Result<>> check_trigger(Context& context, UpdateRequest request, Vote vote) {
  if (!context.options.exclude_trigger) co_return Result<>{};
  const std::string unknown =
      "approvals.excludeTrigger: who made UpdateRequest " + request.key.text() + " cannot be told";
  if (context.ports.admission == nullptr)
    co_return refused(unknown + " without the policy of deploy/15-approval-policy.yaml");
  const Result<> vouched = co_await context.ports.admission->vouches_for(request);
  if (!vouched && vouched.error().retryable) co_return vouched.error();
  if (!vouched) co_return refused(unknown + ": " + vouched.error().message);
  if (!request.identity.empty()) co_return Result<>{};
  if (request.notes.requested_by.empty())
    co_return refused(unknown + "; make it anew with the annotation headwind.sh/requested-by");
  if (request.notes.requested_by == vote.by)
    co_return refused(vote.by + " made UpdateRequest " + request.key.text() +
                      " and may not approve it (approvals.excludeTrigger)");
  co_return Result<>{};
}

Task<Result<UpdateRequest>> bind_digest(Context& context, UpdateRequest request) {
  const auto place = place_of(context, request);
  if (!request.digest.empty() || !place) co_return request;
  const Result<std::string> digest =
      co_await context.ports.registries.digest(place->repository, place->tag, place->access);
  if (!digest && digest.error().code == Code::not_found) co_return request;
  if (!digest)
    co_return make_error(
        Code::conflict, "UpdateRequest " + request.key.text() +
                            " shows no digest yet, and the registry cannot be asked for it: " + digest.error().message);
  const std::string merge = json({{"spec", {{"digest", *digest}}}}).dump();
  Result<UpdateRequest> bound =
      co_await context.ports.requests.patch_spec(request.key, merge, request.resource_version);
  if (bound) store(context, *bound);
  co_return bound;
}

// A tag that was pushed again ends the request, and with it what was approved. A registry that is away proves nothing:
// it is asked again before anything is applied.
Task<Result<UpdateRequest>> check_shown(Context& context, UpdateRequest request) {
  const auto place = place_of(context, request);
  if (request.digest.empty() || !place) co_return request;
  const Result<std::string> digest =
      co_await context.ports.registries.digest(place->repository, place->tag, place->access);
  if (!digest || *digest == request.digest) co_return request;
  const std::string sentence = moved_sentence(request, place->tag, *digest);
  const Result<UpdateRequest> ended = co_await set_phase(context, request, Phase::superseded, sentence);
  if (!ended) co_return ended.error();
  co_return refused("UpdateRequest is in Superseded state, cannot approve: " + sentence);
}

json to_json(const std::vector<Approval>& approvals) {
  json list = json::array();
  for (const Approval& approval : approvals) {
    json one = {{"by", approval.by}, {"at", format_rfc3339(approval.at_ms)}};
    if (!approval.comment.empty()) one["comment"] = approval.comment;
    if (!approval.digest.empty()) one["digest"] = approval.digest;
    list.push_back(std::move(one));
  }
  return list;
}

std::string names_of(const std::vector<Approval>& approvals) {
  std::string names;
  for (const Approval& approval : approvals) names += (names.empty() ? "" : ", ") + approval.by;
  return names;
}

std::string tally(std::size_t count, std::uint32_t needed) {
  return std::to_string(count) + " of " + std::to_string(needed) + " approvals; waits for " +
         std::to_string(needed - count) + " more";
}

// Votes and what follows from them in one write, under the version that was looked at: none is ever lost.
// lastUpdated stays until the phase changes: it tells notifiers when the request was proposed.
Task<Result<UpdateRequest>> record(Context& context, UpdateRequest request, std::vector<Approval> approvals,
                                   std::uint32_t needed) {
  const std::string now = format_rfc3339(context.clock.unix_ms());
  const bool reached = approvals.size() >= needed || needed <= 1;
  json status = json::object();
  if (!approvals.empty()) status["approvals"] = to_json(approvals);
  if (reached) {
    status["phase"] = "Approved";
    status["message"] = nullptr;
    status["approvedAt"] = now;
    status["approvedGeneration"] = request.generation;
    status["lastUpdated"] = now;
    if (const std::string names = names_of(approvals); !names.empty()) status["approvedBy"] = names;
  } else {
    status["message"] =
        tally(approvals.size(), needed) + void_sentence(request.approvals.size() - standing_approvals(request).size());
  }
  co_return co_await write_status(context, request, std::move(status));
}

bool has_voted(const std::vector<Approval>& approvals, const std::string& who) {
  return !who.empty() &&
         std::any_of(approvals.begin(), approvals.end(), [&](const Approval& one) { return one.by == who; });
}

}  // namespace

std::uint32_t approvals_needed(const Context& context, const UpdateRequest& request) {
  const std::uint32_t asked = request.require_approval ? request.required_approvals : 0;
  const inventory::Workload* workload = context.inventory.find(target_of(request));
  if (workload == nullptr) return asked;
  const Settings settings = read_settings(*workload, context.options.min_update_interval, context.clock.unix_ms());
  // Whoever may make requests may not lower what the workload's owner asked for, nor does a misspelling.
  const bool misspelt = std::any_of(settings.mistakes.begin(), settings.mistakes.end(),
                                    [](const Mistake& mistake) { return mistake.field == annotation::approvals; });
  if (misspelt) return std::max(asked, request.required_approvals);
  if (!settings.require_approval) return asked;
  // Without the annotation approval is a default, and a request made by hand may say that it needs none (T60).
  const bool said = workload->annotation(annotation::require_approval) != nullptr || settings.approvals > 1 ||
                    context.options.exclude_trigger;
  return said ? std::max(asked, settings.approvals) : asked;
}

std::vector<Approval> standing_approvals(const UpdateRequest& request) {
  std::vector<Approval> standing = request.approvals;
  std::erase_if(standing, [&](const Approval& approval) { return approval.digest != request.digest; });
  return standing;
}

Error refused(std::string sentence) {
  Error error = make_error(Code::conflict, std::move(sentence));
  error.retryable = false;
  return error;
}

std::string void_sentence(std::size_t approvals) {
  if (approvals == 0) return {};
  return approvals == 1 ? "; 1 approval is void" : "; " + std::to_string(approvals) + " approvals are void";
}

std::string moved_sentence(const UpdateRequest& request, std::string_view tag, std::string_view digest) {
  return "Tag " + std::string(tag) + " was pushed again since this was proposed: it names " + std::string(digest) +
         " now" + void_sentence(request.approvals.size());
}

std::string waiting_sentence(const Context& context, const UpdateRequest& request) {
  const std::size_t count = standing_approvals(request).size();
  const std::uint32_t needed = approvals_needed(context, request);
  return count == 0 || count >= needed ? "Waiting for approval" : tally(count, needed);
}

Task<Result<UpdateRequest>> cast_vote(Context& context, UpdateRequest request, Vote vote) {
  const std::uint32_t needed = std::max<std::uint32_t>(1, approvals_needed(context, request));
  if (const auto why = objection(context, request, vote, needed)) co_return *why;
  const Result<> other = co_await check_trigger(context, request, vote);
  if (!other) co_return other.error();
  const Result<UpdateRequest> bound = co_await bind_digest(context, request);
  if (!bound) co_return bound.error();
  request = *bound;
  if (!vote.digest.empty() && vote.digest != request.digest)
    co_return refused("UpdateRequest " + request.key.text() + " is about " +
                      (request.digest.empty() ? "no known digest" : request.digest) + ", not about " +
                      printable(vote.digest, 200) + "; look at it again");
  std::vector<Approval> approvals = standing_approvals(request);
  const bool again = has_voted(approvals, vote.by);
  if (!again && !vote.by.empty()) approvals.push_back({vote.by, context.clock.unix_ms(), vote.comment, request.digest});
  if (needed > 1 && approvals.size() < needed) {
    if (again) co_return request;
    const Result<UpdateRequest> shown = co_await check_shown(context, request);
    if (!shown) co_return shown.error();
  }
  co_return co_await record(context, request, std::move(approvals), needed);
}

}  // namespace headwind::update
