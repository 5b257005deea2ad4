// SPDX-License-Identifier: Apache-2.0
#include "api/rollback_routes.hpp"

#include <utility>

#include "api/audit.hpp"
#include "api/history_json.hpp"
#include "api/json_body.hpp"
#include "api/named_workload.hpp"
#include "api/order.hpp"
#include "api/response.hpp"
#include "core/symbol.hpp"
#include "update/former_digest.hpp"

namespace headwind::api {
namespace {

using inventory::WorkloadKey;

struct Target {
  std::string kind, name_space, name;
  // Nothing where no workload can have that key: what strangers send is never interned.
  std::optional<WorkloadKey> key() const {
    if (!Symbol::exists(kind) || !Symbol::exists(name_space)) return std::nullopt;
    return WorkloadKey{kind, name_space, name};
  }
  std::string text() const { return kind + " " + name_space + "/" + name; }
};

std::string member(std::string_view name, std::string_view value) {
  return json_string(name) + ":" + json_string(value);
}
std::string or_null(const std::string& value) { return value.empty() ? "null" : json_string(value); }

class RollbackRoutes {
 public:
  RollbackRoutes(update::Engine& engine, Gate& gate) : engine_(engine), gate_(gate) {}

  // `bare`: the array alone, as 0.1.x documents …/history; else {"entries":[…]}.
  Task<net::ServerResponse> history(Call call, bool bare) const {
    const Target target = target_of(call);
    Admission admission = co_await gate_.admit(call.request.headers, {"get", target.name_space, ""});
    if (admission.refusal) co_return std::move(*admission.refusal);
    if (!engine_.ready()) co_return still_starting();
    const auto key = target.key();
    if (!key) co_return problem(404, unknown(target));
    const auto entries = engine_.history(*key, call.asked("container"));
    if (!entries && entries.error().code == Code::not_found) co_return problem(404, unknown(target));
    if (!entries) co_return problem(500, "Failed to retrieve rollback history: " + entries.error().message);
    const std::string rows = history_json(*entries);
    co_return json_response(200, bare ? rows : "{\"entries\":" + rows + "}");
  }

  // The container is named by the path or by the body.
  Task<net::ServerResponse> roll_back(Call call, bool container_in_path) const {
    const Target target = target_of(call);
    Admission admission = co_await gate_.admit(call.request.headers, {"rollback", target.name_space, ""});
    audit_denied(call.request, admission, "rollback", {target.name_space, target.name});
    if (admission.refusal) co_return std::move(*admission.refusal);
    OrderOutcome body =
        read_order(call.request, OrderKind::rollback, container_in_path ? BodyNeed::optional : BodyNeed::required);
    if (body.refusal) co_return std::move(*body.refusal);
    if (body.order.container && body.order.container->empty())
      co_return problem(422, "container must be the name of a container.");
    if (!engine_.ready()) co_return still_starting();
    const auto key = target.key();
    if (!key || !engine_.history(*key, {})) co_return former_problem(404, unknown(target));
    const std::string container = container_in_path ? call.parameter("container") : body.order.container.value_or("");
    if (container.empty()) {  // as 0.1.x: nothing is done for a body that may be a mistake
      const std::vector<std::string> all = engine_.containers(*key);
      co_return problem(422, all.empty() ? target.text() + " has no container that could be rolled back."
                                         : "container: name one of " + target.text() + ": " + join(all) + ".");
    }

    update::RollbackOrder order{*key, container, std::nullopt, "", body.order.reason.value_or("")};
    if (body.order.index) order.index = *body.order.index;
    order.user = who_orders(gate_, admission.identity, body.order.user);
    const auto done = co_await engine_.roll_back(order);
    audit_rollback(call.request, target, order, done);
    if (!done) co_return refusal(target, order, done.error());
    co_return json_response(200, "{" + member("message", "Rollback successful") + "," +
                                     member("deployment", target.name) + "," + member("namespace", target.name_space) +
                                     "," + member("container", container) + "," + member("image", done->image) +
                                     ",\"user\":" + or_null(order.user) + ",\"reason\":" + or_null(order.reason) + "," +
                                     member("updateRequestName", done->request_name) + "}");
  }

 private:
  void audit_rollback(const net::ServerRequest& request, const Target& target, const update::RollbackOrder& order,
                      const Result<update::RollbackOutcome>& done) const {
    telemetry::AuditEntry entry = audit_of(request, "rollback", order.user, !gate_.open());
    entry.kind = target.kind, entry.name_space = target.name_space, entry.name = target.name;
    entry.reason = order.reason;
    if (done) {
      entry.image = done->image;
      const auto ran = engine_.history(order.target, order.container);
      if (ran) entry.digest = update::former_digest(*ran, order.container, done->image);
      const auto written = engine_.request({target.name_space, done->request_name});
      if (written) entry.from = written->new_image;
    } else {
      entry.done = false, entry.reason = done.error().message;
    }
    telemetry::audit(entry, telemetry::AuditFlush::now);
  }

  static Target target_of(const Call& call) {
    const std::string& kind = call.asked("kind");
    return {kind.empty() ? "Deployment" : kind, call.parameter("namespace"), call.parameter("deployment")};
  }
  std::string unknown(const Target& target) const {
    return no_such_workload(engine_, target.kind, target.name_space, target.name);
  }

  static net::ServerResponse refusal(const Target& target, const update::RollbackOrder& order, const Error& error) {
    const std::string where = member("deployment", target.name) + "," + member("container", order.container);
    if (error.code == Code::not_found) {
      return former_problem(404, error.message, where + ",\"index\":" + std::to_string(order.index.value_or(1)));
    }
    const bool conflict = error.code == Code::conflict;
    const std::string message = conflict ? error.message : "Rollback failed: " + error.message;
    return former_problem(conflict ? 409 : 500, message, where);
  }

  update::Engine& engine_;
  Gate& gate_;
};

}  // namespace

void add_rollback_routes(Router& router, update::Engine& engine, Gate& gate) {
  const auto routes = std::make_shared<const RollbackRoutes>(engine, gate);
  const std::string one = "/api/v1/rollback/{namespace}/{deployment}";
  const Router::Query kind{"kind"}, filters{"kind", "container"};
  router.add("GET", one, [routes](Call call) { return routes->history(std::move(call), false); }, filters);
  router.add("POST", one, [routes](Call call) { return routes->roll_back(std::move(call), false); }, kind);
  router.add("GET", one + "/history", [routes](Call call) { return routes->history(std::move(call), true); }, filters);
  router.add(
      "POST", one + "/{container}", [routes](Call call) { return routes->roll_back(std::move(call), true); }, kind);
}

}  // namespace headwind::api
