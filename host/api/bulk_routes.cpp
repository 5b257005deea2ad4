// SPDX-License-Identifier: Apache-2.0
#include "api/bulk_routes.hpp"

#include <map>
#include <utility>

#include "api/audit.hpp"
#include "api/json_body.hpp"
#include "api/order.hpp"
#include "api/response.hpp"

namespace headwind::api {
namespace {

using update::RequestKey;

struct Outcome {
  unsigned status = 200;
  std::string sentence;  // where it failed
  std::optional<update::Phase> phase;
};

std::string result_json(const RequestKey& key, const Outcome& outcome) {
  std::string text = "{\"namespace\":" + json_string(key.name_space) + ",\"name\":" + json_string(key.name) +
                     ",\"status\":" + std::to_string(outcome.status);
  if (outcome.phase) text += ",\"phase\":" + json_string(update::to_string(*outcome.phase));
  if (!outcome.sentence.empty()) text += ",\"error\":" + json_string(outcome.sentence);
  return text + "}";
}

// The shape that 0.1.x had on its dashboard, and what became of each beside it.
class Report {
 public:
  void add(const RequestKey& key, const Outcome& outcome) {
    results_ += (results_.empty() ? "" : ",") + result_json(key, outcome);
    if (outcome.sentence.empty()) {
      ++done_;
      return;
    }
    ++failed_;
    // An update that was tried and failed has no HTTP status of its own: see T45.
    const std::string what =
        outcome.status == 200 ? outcome.sentence
                              : "HTTP " + std::to_string(outcome.status) + " " + std::string(title_of(outcome.status));
    errors_ += (errors_.empty() ? "" : ",") + json_string(key.text() + ": " + what);
  }
  std::string json() const {
    return "{\"success_count\":" + std::to_string(done_) + ",\"failed_count\":" + std::to_string(failed_) +
           ",\"errors\":[" + errors_ + "],\"results\":[" + results_ + "]}";
  }

 private:
  std::size_t done_ = 0, failed_ = 0;
  std::string errors_, results_;
};

class BulkRoutes {
 public:
  BulkRoutes(update::Engine& engine, Gate& gate) : engine_(engine), gate_(gate) {}

  Task<net::ServerResponse> answer_all(Call call, bool yes) const {
    Admission caller = co_await gate_.recognise(call.request.headers);
    if (caller.refusal) co_return std::move(*caller.refusal);
    BulkOutcome body = read_bulk_order(call.request);
    if (body.refusal) co_return std::move(*body.refusal);
    if (!engine_.ready()) co_return still_starting();
    Report report;
    std::map<std::string, bool> permitted;  // namespaces as a whole
    for (const RequestKey& key : body.updates) {
      const auto refused = co_await refusal_for(call.request, key, yes, permitted);
      if (refused) {
        report.add(key, *refused);
        continue;
      }
      const std::string who = who_orders(gate_, caller.identity, body.order.approver);
      const Outcome outcome = co_await answer_one(call.request, key, who, body.order, yes);
      report.add(key, outcome);
    }
    co_return json_response(200, report.json());
  }

 private:
  // Whoever may approve everything in a namespace is asked about once there; else each request is asked about.
  Task<std::optional<Outcome>> refusal_for(const net::ServerRequest& request, RequestKey key, bool yes,
                                           std::map<std::string, bool>& permitted) const {
    const auto [known, fresh] = permitted.try_emplace(key.name_space, false);
    if (fresh) {
      const Admission whole = co_await gate_.admit(request.headers, {"approve", key.name_space, ""});
      permitted[key.name_space] = !whole.refusal;
    }
    if (permitted[key.name_space]) co_return std::nullopt;
    const Admission one = co_await gate_.admit(request.headers, {"approve", key.name_space, key.name});
    audit_denied(request, one, yes ? "approve" : "reject", key);
    if (!one.refusal) co_return std::nullopt;
    const unsigned status = one.refusal->status;
    co_return Outcome{status,
                      status == 403 ? "The verb \"approve\" is needed on updaterequests.headwind.sh in namespace " +
                                          key.name_space + "."
                                    : "Your token or your permission could not be reviewed.",
                      {}};
  }

  // `request` outlives the task.
  Task<Outcome> answer_one(const net::ServerRequest& request, RequestKey key, std::string who, OrderBody order,
                           bool yes) const {
    Result<update::UpdateRequest> done = make_error(Code::internal, "");
    if (yes) {
      const update::Vote vote = vote_of(gate_, who, order);
      done = co_await engine_.approve(key, vote);
    } else {
      done = co_await engine_.reject(key, who, reason_of(order));
    }
    audit_request(request, {yes ? "approve" : "reject", who, !gate_.open(), reason_of(order)}, key,
                  done ? *done : engine_.request(key), done ? Result<>() : done.error());
    if (!done) {
      const OrderRefusal refused = refusal_of(engine_, key, done.error());
      co_return Outcome{refused.status, refused.sentence, refused.phase};
    }
    co_return Outcome{200, done->phase == update::Phase::failed ? done->message : std::string(), done->phase};
  }

  update::Engine& engine_;
  Gate& gate_;
};

}  // namespace

void add_bulk_routes(Router& router, update::Engine& engine, Gate& gate) {
  const auto routes = std::make_shared<const BulkRoutes>(engine, gate);
  router.add("POST", "/api/v1/updates/approve",
             [routes](Call call) { return routes->answer_all(std::move(call), true); });
  router.add("POST", "/api/v1/updates/reject",
             [routes](Call call) { return routes->answer_all(std::move(call), false); });
}

}  // namespace headwind::api
