// SPDX-License-Identifier: Apache-2.0
#include "update/proposal.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/approval.hpp"
#include "update/naming.hpp"
#include "update/request_status.hpp"
#include "update/vote.hpp"
#include "update/work_span.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

// "library/nginx" of Docker Hub, "host/path" of others: as 0.1.x spoke of images.
std::string spoken(const inventory::Slot& slot) {
  const std::string& repository = slot.repository.str();
  return repository.starts_with("docker.io/") ? repository.substr(10) : repository;
}

std::string reason_of(const Chosen& chosen) {
  if (chosen.slot.chart)
    return "New chart version " + inventory::value_of(chosen.slot, chosen.new_image) + " available";
  return "New version available for " + spoken(chosen.slot) + ": " + inventory::tag_in(chosen.slot, chosen.slot.image) +
         " -> " + chosen.tag;
}

std::string tag_of(std::string_view image) {
  image = image.substr(0, image.find('@'));
  return std::string(image.substr(image.rfind(':') + 1));
}

// Why `old` no longer waits: something else is proposed for its slot.
std::string superseded_by(const UpdateRequest& kept, const UpdateRequest& old) {
  std::string sentence = "Superseded by " + kept.key.name + " (" + kept.new_image + ")";
  if (kept.new_image == old.new_image && kept.digest != old.digest)
    sentence += ": tag " + tag_of(old.new_image) + " was pushed again and names " + kept.digest + " now";
  return sentence + void_sentence(old.approvals.size());
}

UpdateRequest draft(Context& context, const inventory::Workload& workload, const Settings& settings,
                    const Chosen& chosen) {
  UpdateRequest request = request_about(workload, chosen.slot, chosen.slot.image, chosen.new_image, chosen.digest);
  request.trace = chosen.trace;
  request.policy = settings.policy;
  request.reason = reason_of(chosen);
  request.required_approvals = settings.approvals;
  const std::chrono::milliseconds lifetime =
      settings.approval_timeout ? *settings.approval_timeout : context.options.request_lifetime;
  if (lifetime.count() > 0) request.expires_at_ms = context.clock.unix_ms() + lifetime.count();  // 0: never
  return request;
}

// The same object, waiting again: its spec first, then its phase. Nobody has answered yet in this life of it.
Task<Result<UpdateRequest>> reopen(Context& context, UpdateRequest old, UpdateRequest wanted) {
  json merge = json::parse(without_notes());
  json& spec = merge["spec"];
  spec["expiresAt"] = wanted.expires_at_ms ? json(format_rfc3339(*wanted.expires_at_ms)) : json(nullptr);
  if (wanted.required_approvals > old.required_approvals) spec["requiredApprovals"] = wanted.required_approvals;
  Result<UpdateRequest> extended =
      co_await context.ports.requests.patch_spec(old.key, merge.dump(), old.resource_version);
  if (!extended) co_return extended.error();
  store(context, *extended);
  const json status = {{"phase", to_string(Phase::pending)},
                       {"message", "Waiting for approval again"},
                       {"lastUpdated", format_rfc3339(context.clock.unix_ms())},
                       {"approvals", nullptr},
                       {"approvedBy", nullptr},
                       {"approvedAt", nullptr},
                       {"approvedGeneration", nullptr}};
  co_return co_await write_status_or_forget(context, *extended, status);
}

Task<Result<UpdateRequest>> create_or_reopen(Context& context, UpdateRequest wanted,
                                             std::vector<UpdateRequest> requests, std::string tag) {
  for (const UpdateRequest& old : requests) {
    if (old.identity != wanted.identity || old.deleting) continue;
    if (old.phase == Phase::pending) co_return old;
    const bool same_start = old.current_image == wanted.current_image;
    if (same_start && (old.phase == Phase::expired || old.phase == Phase::superseded)) {
      const UpdateRequest again = old;
      co_return co_await reopen(context, again, wanted);
    }
    // It ended in another time (its currentImage cannot change): it makes room for the new one.
    const UpdateRequest one = old;
    const Result<> removed = co_await remove_request(context, one);
    if (!removed) co_return removed.error();
  }
  co_return co_await create_request(context, wanted, wanted.container, tag);
}

// A request that waits for a person and asks for the very same, but was not made by this Headwind: 0.1.x left it, or
// somebody wrote it by hand.
const UpdateRequest* left_by_others(const std::vector<UpdateRequest>& requests, const UpdateRequest& wanted,
                                    const inventory::Slot& slot) {
  const auto found = std::find_if(requests.begin(), requests.end(), [&](const UpdateRequest& old) {
    return old.identity.empty() && old.phase == Phase::pending && !old.rollback && !old.deleting &&
           old.require_approval && concerns(old, slot) && (old.digest.empty() || old.digest == wanted.digest) &&
           is_same_version(old.new_image, wanted.new_image) && is_same_version(old.current_image, wanted.current_image);
  });
  return found == requests.end() ? nullptr : &*found;
}

// It becomes ours, and is bound to the digest that was confirmed: people have seen it, so no other takes its place.
Task<Result<UpdateRequest>> adopt(Context& context, UpdateRequest old, UpdateRequest wanted) {
  json merge = {{"metadata", {{"labels", {{"headwind.sh/identity", wanted.identity}}}}}};
  json& spec = merge["spec"];
  spec["slot"] = wanted.slot;
  if (!wanted.digest.empty()) spec["digest"] = wanted.digest;
  if (wanted.required_approvals > old.required_approvals) spec["requiredApprovals"] = wanted.required_approvals;
  Result<UpdateRequest> ours = co_await context.ports.requests.patch_spec(old.key, merge.dump(), old.resource_version);
  if (!ours) co_return ours;
  store(context, *ours);
  telemetry::info("update", "update request taken over", {{"request", old.key.text()}, {"to", old.new_image}});
  co_return ours;
}

}  // namespace

bool is_same_version(std::string_view left, std::string_view right) {
  const auto l = parse_image_reference(left), r = parse_image_reference(right);
  return l && r && l->repository() == r->repository() && l->tag == r->tag && l->digest == r->digest;
}

UpdateRequest request_about(const inventory::Workload& workload, const inventory::Slot& slot, std::string from,
                            std::string to, std::string digest) {
  UpdateRequest request;
  request.key.name_space = workload.key.name_space;
  request.identity = request_identity(workload.uid, slot.slot.str(), to, digest);
  request.target_api_version = workload.api_version;
  request.target_kind = workload.key.kind;
  request.target_name = workload.key.name;
  request.target_namespace = workload.key.name_space;
  request.target_uid = workload.uid;
  if (slot.chart)
    request.update_type = "helmChart";
  else
    request.container = slot.container();
  request.slot = slot.slot;
  request.current_image = std::move(from);
  request.new_image = std::move(to);
  request.digest = std::move(digest);
  return request;
}

Task<Result<UpdateRequest>> set_phase(Context& context, UpdateRequest request, Phase phase, std::string message) {
  const json status = {
      {"phase", to_string(phase)}, {"message", message}, {"lastUpdated", format_rfc3339(context.clock.unix_ms())}};
  const Result<UpdateRequest> written = co_await write_status_or_forget(context, request, status);
  if (written && phase == Phase::expired)
    record_event(context, *written, false, "UpdateExpired",
                 "UpdateRequest " + request.key.name + ", to " + request.new_image + ": " + message +
                     "; a new push opens it again");
  if (written && phase == Phase::superseded)
    record_event(context, *written, false, "UpdateSuperseded",
                 "UpdateRequest " + request.key.name + ", to " + request.new_image + ": " + message);
  co_return written;
}

Task<Result<UpdateRequest>> create_request(Context& context, UpdateRequest request, std::string container,
                                           std::string tag) {
  const inventory::WorkloadKey target = target_of(request);
  if (request.trace.empty()) request.trace = telemetry::Current::text();
  for (const bool hashed : {false, true}) {
    request.key.name = request_name(target, container, tag, request.identity, hashed);
    Result<UpdateRequest> created = co_await context.ports.requests.create(request);
    if (created) store(context, *created);
    if (created || created.error().code != Code::conflict) co_return created;
    const UpdateRequest* known = context.requests.find(request.key);
    if (known != nullptr && known->identity == request.identity) co_return *known;
  }
  // Both names are taken, the hashed one by ourselves in an earlier life: the watch will bring it.
  co_return make_error(Code::conflict, "UpdateRequest " + request.key.text() + " exists already");
}

Task<Result<>> supersede_others(Context& context, UpdateRequest kept, std::vector<UpdateRequest> requests,
                                inventory::Slot slot) {
  for (const UpdateRequest& old : requests) {
    if (old.phase != Phase::pending || old.key == kept.key || old.rollback || !concerns(old, slot)) continue;
    const Result<UpdateRequest> gone = co_await set_phase(context, old, Phase::superseded, superseded_by(kept, old));
    if (!gone && gone.error().code != Code::not_found) co_return gone.error();
  }
  co_return Result<>{};
}

Task<Result<UpdateRequest>> propose(Context& context, inventory::Workload workload, Settings settings, Chosen chosen,
                                    std::vector<UpdateRequest> requests) {
  const UpdateRequest wanted = draft(context, workload, settings, chosen);
  if (const UpdateRequest* found = left_by_others(requests, wanted, chosen.slot)) {
    const UpdateRequest old = *found;
    const Result<UpdateRequest> ours = co_await adopt(context, old, wanted);
    if (!ours) co_return ours.error();
    const Result<> alone = co_await supersede_others(context, *ours, requests, chosen.slot);
    if (!alone) co_return alone.error();
    co_return ours;
  }
  const Result<UpdateRequest> made = co_await create_or_reopen(context, wanted, requests, chosen.tag);
  if (!made) co_return made.error();
  const Result<> alone = co_await supersede_others(context, *made, requests, chosen.slot);
  if (!alone) co_return alone.error();
  telemetry::info("update", "update proposed",
                  {{"workload", workload.key.text()},
                   {"request", made->key.text()},
                   {"from", made->current_image},
                   {"to", made->new_image}});
  context.ports.notifiers.tell(notification_of(EventType::update_detected, *made));
  context.ports.notifiers.tell(notification_of(EventType::update_request_created, *made));
  record_event(context, workload, false, "UpdateProposed",
               made->reason + "; approve UpdateRequest " + made->key.name + " to apply it" +
                   (made->required_approvals > 1 ? " (" + std::to_string(made->required_approvals) + " people must)"
                                                 : std::string()));
  co_return made;
}

}  // namespace headwind::update
