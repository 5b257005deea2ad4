// SPDX-License-Identifier: Apache-2.0
#include "api/update_routes.hpp"

#include <utility>

#include "api/audit.hpp"
#include "api/json_body.hpp"
#include "api/order.hpp"
#include "api/response.hpp"
#include "api/update_list.hpp"
#include "api/uri.hpp"
#include "core/text.hpp"

namespace headwind::api {
namespace {

using update::RequestKey;
using update::UpdateRequest;

RequestKey key_of(const Call& call) { return {call.parameter("namespace"), call.parameter("name")}; }

// The object as it stands; `Headwind-Result` says without a look into the body how it went ("completed", "failed").
net::ServerResponse object(const UpdateRequest& request) {
  net::ServerResponse response = json_response(200, request.json);
  response.headers.push_back({"Headwind-Result", to_lower(update::to_string(request.phase))});
  return response;
}

class UpdateRoutes {
 public:
  UpdateRoutes(update::Engine& engine, Gate& gate) : engine_(engine), gate_(gate) {}

  Task<net::ServerResponse> list(Call call) const {
    const auto query = read_list_query(call.query);
    // Someone who may list one namespace only asks for that one, and may be told what else is wrong with the query.
    Admission admission = co_await gate_.admit(call.request.headers, {"list", call.asked("namespace"), ""});
    if (admission.refusal) co_return std::move(*admission.refusal);
    if (!query) co_return problem(400, query.error().message);
    if (!engine_.ready()) co_return still_starting();
    UpdateList list =
        list_updates([this](const RequestKey& from, const auto& visit) { engine_.each_request(from, visit); }, *query);
    net::ServerResponse response = json_response(200, std::move(list.json));
    if (!list.next.empty()) response.headers.push_back({"Headwind-Continue", std::move(list.next)});
    co_return response;
  }

  Task<net::ServerResponse> one(Call call) const {
    const RequestKey key = key_of(call);
    Admission admission = co_await gate_.admit(call.request.headers, {"get", key.name_space, key.name});
    if (admission.refusal) co_return std::move(*admission.refusal);
    if (!engine_.ready()) co_return still_starting();
    const auto request = engine_.request(key);
    if (!request) co_return problem(404, "UpdateRequest not found: " + key.text());
    co_return json_response(200, request->json);
  }

  Task<net::ServerResponse> approve(Call call) const {
    const RequestKey key = key_of(call);
    Admission admission = co_await gate_.admit(call.request.headers, {"approve", key.name_space, key.name});
    audit_denied(call.request, admission, "approve", key);
    if (admission.refusal) co_return std::move(*admission.refusal);
    OrderOutcome body = read_order(call.request, OrderKind::approval, BodyNeed::required);
    if (body.refusal) co_return std::move(*body.refusal);
    if (!engine_.ready()) co_return still_starting();
    const std::string who = who_orders(gate_, admission.identity, body.order.approver);
    const update::Vote vote = vote_of(gate_, who, body.order);
    const auto approved = co_await engine_.approve(key, vote);
    audit_request(call.request, {"approve", who, !gate_.open(), vote.comment}, key,
                  approved ? *approved : engine_.request(key), approved ? Result<>() : approved.error());
    if (!approved) co_return refusal(key, approved.error());
    co_return object(*approved);
  }

  Task<net::ServerResponse> reject(Call call) const {
    const RequestKey key = key_of(call);
    Admission admission = co_await gate_.admit(call.request.headers, {"approve", key.name_space, key.name});
    audit_denied(call.request, admission, "reject", key);
    if (admission.refusal) co_return std::move(*admission.refusal);
    OrderOutcome body = read_order(call.request, OrderKind::approval, BodyNeed::required);
    if (body.refusal) co_return std::move(*body.refusal);
    if (!engine_.ready()) co_return still_starting();
    const std::string who = who_orders(gate_, admission.identity, body.order.approver);
    const auto rejected = co_await engine_.reject(key, who, reason_of(body.order));
    audit_request(call.request, {"reject", who, !gate_.open(), reason_of(body.order)}, key,
                  rejected ? *rejected : engine_.request(key), rejected ? Result<>() : rejected.error());
    if (!rejected) co_return refusal(key, rejected.error());
    co_return object(*rejected);
  }

  Task<net::ServerResponse> release(Call call) const {
    const RequestKey key = key_of(call);
    Admission admission = co_await gate_.admit(call.request.headers, {"rollback", key.name_space, key.name});
    audit_denied(call.request, admission, "release", key);
    if (admission.refusal) co_return std::move(*admission.refusal);
    OrderOutcome body = read_order(call.request, OrderKind::approval, BodyNeed::optional);
    if (body.refusal) co_return std::move(*body.refusal);
    if (!engine_.ready()) co_return still_starting();
    const std::string who = who_orders(gate_, admission.identity, body.order.approver);
    const auto known = engine_.request(key);
    const auto released = co_await engine_.release(key, who);
    audit_request(call.request, {"release", who, !gate_.open(), reason_of(body.order)}, key, known, released);
    if (!released) co_return refusal(key, released.error());
    co_return json_response(200, "{\"message\":\"Release successful\",\"namespace\":" + json_string(key.name_space) +
                                     ",\"name\":" + json_string(key.name) + "}");
  }

 private:
  net::ServerResponse refusal(const RequestKey& key, const Error& error) const {
    const OrderRefusal refused = refusal_of(engine_, key, error);
    const std::string phase =
        refused.phase ? "\"current_phase\":" + json_string(update::to_string(*refused.phase)) : std::string();
    return former_problem(refused.status, refused.sentence, phase);
  }

  update::Engine& engine_;
  Gate& gate_;
};

}  // namespace

void add_update_routes(Router& router, update::Engine& engine, Gate& gate) {
  const auto routes = std::make_shared<const UpdateRoutes>(engine, gate);
  const std::string one = "/api/v1/updates/{namespace}/{name}";
  router.add("GET", "/api/v1/updates", [routes](Call call) { return routes->list(std::move(call)); },
             {"namespace", "kind", "deployment", "container", "policy", "phase", "q", "limit", "continue", "fields"});
  router.add("GET", one, [routes](Call call) { return routes->one(std::move(call)); });
  router.add("POST", one + "/approve", [routes](Call call) { return routes->approve(std::move(call)); });
  router.add("POST", one + "/reject", [routes](Call call) { return routes->reject(std::move(call)); });
  router.add("POST", one + "/release", [routes](Call call) { return routes->release(std::move(call)); });
}

}  // namespace headwind::api
